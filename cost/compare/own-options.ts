import type { LlmApiPrice } from "../../catalog/index.ts";
import { decimalString, dollars, exact, multiply } from "../decimal.ts";
import { divideHalfEven, formatMicro, perMillion } from "../money.ts";
import { type Allowed, regionVerdict } from "../offers/index.ts";
import { type Draft, isGoodEnough, NONE, NOT_IN_TABLE, pointPrice, tokensOf } from "./draft.ts";
import { sustainedTokensPerSecond } from "./idle.ts";
import { blendedPrice, intelligenceOf } from "./intelligence.ts";
import { ownedStep } from "./owned.ts";
import { integrationOf, peopleMonth } from "./people.ts";
import { cheapestByCard, type Rented, wayName } from "./rented.ts";
import { breakEven, costAt, type StepCost, unitsFor } from "./step.ts";
import type { CompareBook, CompareRequest, ComparisonOption } from "./types.ts";

/** The model on rented nodes, one option for each card and one on spot. */
export function rentedOptions(book: CompareBook, request: CompareRequest, ways: readonly Rented[]): Draft[] {
  return cheapestByCard(ways, request.requestsPerMonth).map((way) => rentedDraft(book, request, way));
}

function rentedDraft(book: CompareBook, request: CompareRequest, way: Rented): Draft {
  const { offer, missing } = way;
  const people = peopleMonth(request.engineers, book.guideFigure);
  const withPeople = (step: StepCost): StepCost => ({ ...step, fixed: step.fixed + people });
  const step = withPeople(way.step);
  const reason =
    missing.length > 0 ? `no price in ${offer.region} of ${missing.join(", ")} around the nodes` : null;
  return selfHosted(book, request, {
    kind: "self-host",
    name: wayName(way),
    what: `${offer.instance} ${offer.capacity}, ${offer.tensorParallel} × ${offer.gpu} a replica`,
    region: offer.region,
    step,
    range: { min: withPeople(way.band.min), max: withPeople(way.band.max) },
    people,
    reason,
    allowed: offer.allowed,
    why: [
      `${offer.requestsPerSecondPerReplica.toPrecision(3)} requests/s a replica at ${offer.concurrencyPerReplica} at once (${offer.basis})`,
      regionVerdict(book.regions().find(({ region }) => region === offer.region)!, request.rented.boundary)
        .why,
    ].join("; "),
    source: offer.source,
    asOf: offer.asOf,
    rented: way,
  });
}

/** Why no machine of one's own can be priced; null where one can. */
export function notOwned({ owned, rented, inputTokens, outputTokens }: CompareRequest): string | null {
  const { repo, maxPositionEmbeddings: limit } = rented.shape;
  if (owned === null)
    return `the guides give no figures for ${repo}; give --owned-usd and --owned-tokens-per-second`;
  const longest = inputTokens + outputTokens;
  return limit !== null && longest > limit
    ? `a request of ${longest} tokens is longer than the ${limit} of ${repo}`
    : null;
}

/** The owned machine; nothing where none is known for the model, or it cannot take the requests. */
export function ownedOptions(book: CompareBook, request: CompareRequest): Draft[] {
  const machine = request.owned;
  if (machine === null || notOwned(request) !== null) return [];
  const people = peopleMonth(request.engineers, book.guideFigure);
  const { step, electricity } = ownedStep(machine, request.outputTokens, request.rented.peakToMean);
  const whole = { ...step, fixed: step.fixed + people };
  return [
    selfHosted(book, request, {
      kind: "owned",
      name: machine.name,
      what: machine.name,
      region: null,
      step: whole,
      range: { min: whole, max: whole },
      people,
      reason: electricity === null ? "electricity: give --owned-watts and --usd-per-kwh" : null,
      allowed: true,
      why: `${machine.tokensPerSecond} tokens/s a machine as stated, not measured here, without reading the prompts`,
      source: machine.source,
      asOf: machine.asOf,
      rented: null,
    }),
  ];
}

interface SelfHosted {
  kind: "self-host" | "owned";
  name: string;
  what: string;
  region: string | null;
  /** With people. */
  step: StepCost;
  range: { min: StepCost; max: StepCost };
  people: bigint;
  reason: string | null;
  allowed: Allowed;
  why: string;
  source: string;
  asOf: string | null;
  rented: Rented | null;
}

function selfHosted(book: CompareBook, request: CompareRequest, made: SelfHosted): Draft {
  const requests = BigInt(request.requestsPerMonth);
  const { step, people, reason } = made;
  const count = unitsFor(step, requests);
  const cost = costAt(step, requests);
  const total = reason === null ? cost : null;
  const range = { min: costAt(made.range.min, requests), max: costAt(made.range.max, requests) };
  const intelligence = intelligenceOf(book.intelligence(), null, request.rented.shape.repo);
  const perMtok = total === null ? null : formatMicro(perMillion(total, tokensOf(request)));
  const option: ComparisonOption = {
    kind: made.kind,
    name: made.name,
    weights: request.rented.shape.repo,
    monthlyUsd: {
      input: NONE,
      cachedInput: NONE,
      output: NONE,
      fees: NONE,
      compute: reason === null ? formatMicro(cost - people) : null,
      people: formatMicro(people),
      total: total === null ? null : formatMicro(total),
    },
    atLeastUsd: formatMicro(cost),
    rangeUsd:
      total === null
        ? null
        : { min: formatMicro(range.min), expected: formatMicro(total), max: formatMicro(range.max) },
    reason,
    perMillionTokensUsd: perMtok,
    breakEvenRequestsPerMonth: null,
    breakEvenReason: "no API is comparable",
    breakEvenTokensPerSecond: null,
    pricePerIntelligencePoint: pointPrice(perMtok, intelligence),
    intelligence,
    intelligenceReason: intelligence ? null : NOT_IN_TABLE,
    comparable: isGoodEnough(book, request, intelligence, true),
    allowed: made.allowed,
    why: made.why,
    integration: integrationOf("self-host", book.guideFigure),
    machines: {
      what: made.what,
      region: made.region,
      count: Number(count),
      ...useOf(step, requests, request.rented.peakToMean),
    },
    source: made.source,
    asOf: made.asOf,
  };
  return { option, total, perRequest: null, step, rented: made.rented };
}

/** Machines are bought for the busiest hour; over the month they could do that many times more. */
function useOf(step: StepCost, requests: bigint, peakToMean: number) {
  const count = unitsFor(step, requests);
  const able = multiply(exact(String(count * step.requestsPerUnit)), exact(peakToMean));
  const asked = requests * 10n ** BigInt(able.scale);
  const idle =
    asked >= able.units ? 0n : divideHalfEven(count * step.unit * (able.units - asked), able.units);
  return { utilizationPct: (100 * Number(asked)) / Number(able.units), idleUsd: formatMicro(idle) };
}

/** Fills in where self-hosting and an API cost the same. */
export function withBreakEven(self: Draft, api: Draft, price: LlmApiPrice): void {
  const { option, step } = self;
  const against = api.option.name;
  const nodes = step!.unit * unitsFor(step!, 0n);
  const blended = blendedPrice(price);
  if (blended !== null && blended.units > 0n && self.rented !== null)
    option.breakEvenTokensPerSecond = {
      against,
      value: sustainedTokensPerSecond(decimalString(dollars(nodes)), decimalString(blended)),
    };
  if (option.reason !== null) {
    option.breakEvenReason = option.reason;
    return;
  }
  const root = breakEven(step!, api.perRequest!);
  option.breakEvenRequestsPerMonth = root === null ? null : { against, value: Number(root) };
  option.breakEvenReason =
    root === null ? `at full load a machine costs more a request than ${against}` : null;
}
