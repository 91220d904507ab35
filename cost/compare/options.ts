import type { LlmApiPrice } from "../../catalog/index.ts";
import { decimalString, dollars, exact, multiply } from "../decimal.ts";
import { type Decimal, divideHalfEven, formatMicro, perMillion } from "../money.ts";
import { type Allowed, regionVerdict } from "../offers/index.ts";
import { type ApiMonth, apiMonth, type HostedModel, hostedModels } from "./api.ts";
import { sustainedTokensPerSecond } from "./idle.ts";
import { blendedPrice, intelligenceOf, pricePerPoint, weightsOf } from "./intelligence.ts";
import { ownedStep } from "./owned.ts";
import { integrationOf, peopleMonth } from "./people.ts";
import { cheapestByCard, type Rented, wayName } from "./rented.ts";
import { breakEven, costAt, type StepCost, unitsFor } from "./step.ts";
import type { CompareBook, CompareRequest, ComparisonOption, Intelligence } from "./types.ts";

/** An option with what the recommendation reckons with. */
export interface Draft {
  option: ComparisonOption;
  /** Micro-dollars of a month; null = not known. */
  total: bigint | null;
  /** Price of one request, for an API. */
  perRequest: Decimal | null;
  /** Cost in whole machines with people, for what is self-hosted. */
  step: StepCost | null;
  rented: Rented | null;
}

/** Providers that run inside the caller's own cloud account. */
const OWN_ACCOUNT = new Set(["aws-bedrock", "azure"]);
const NOT_IN_TABLE = "not in the intelligence table of August 2025 under this name";
/** Rates of some hours of the day cannot carry a whole month. */
const HOURLY_RATE = /\bUTC rate\)|off-peak rate\)/;

const NONE = formatMicro(0n);

/** Tokens in and out of a month, exact. */
function tokensOf({ requestsPerMonth, inputTokens, outputTokens }: CompareRequest): Decimal {
  return multiply(exact(requestsPerMonth), exact(inputTokens + outputTokens));
}

function pointPrice(usdPerMtok: Decimal | string | null, intelligence: Intelligence | null): string | null {
  return usdPerMtok === null || intelligence === null ? null : pricePerPoint(usdPerMtok, intelligence.index);
}

/** The index that an option has to reach; null = none is known. */
export function floorOf(book: CompareBook, request: CompareRequest): number | null {
  const own = intelligenceOf(book.intelligence(), null, request.rented.shape.repo);
  return request.minIntelligence ?? own?.index ?? null;
}

function isGoodEnough(
  book: CompareBook,
  request: CompareRequest,
  intelligence: Intelligence | null,
  isSame: boolean,
): ComparisonOption["comparable"] {
  if (request.minIntelligence === null && isSame) return true;
  const floor = floorOf(book, request);
  if (floor === null || intelligence === null) return "unknown";
  return intelligence.index >= floor;
}

/** Every hosted API of the table, or the named ones and those that host the same weights. */
export function apiOptions(
  book: CompareBook,
  request: CompareRequest,
): { drafts: Draft[]; leftOut: { name: string; because: string }[] } {
  const drafts: Draft[] = [];
  const leftOut: { name: string; because: string }[] = [];
  const named = new Set(request.apis.map(({ provider, model }) => `${provider} ${model}`));
  for (const hosted of hostedModels(book.llmApis())) {
    const weights = weightsOf(book.hostedWeights(), hosted.model);
    const isNamed = named.has(hosted.name);
    if (named.size > 0 && !isNamed && weights !== request.rented.shape.repo) continue;
    const month = apiMonth(hosted, request, book.llmTerms());
    if ("because" in month) leftOut.push({ name: hosted.name, because: month.because });
    else drafts.push(apiDraft(book, request, hosted, month, weights, isNamed));
  }
  return { drafts, leftOut };
}

function apiDraft(
  book: CompareBook,
  request: CompareRequest,
  hosted: HostedModel,
  month: ApiMonth,
  weights: string | null,
  isNamed: boolean,
): Draft {
  const intelligence = intelligenceOf(book.intelligence(), hosted.model, weights);
  const isSame = isNamed || weights === request.rented.shape.repo;
  const total = formatMicro(month.total);
  const { allowed, why } = apiVerdict(hosted, request);
  const hourly = HOURLY_RATE.test(hosted.model);
  const option: ComparisonOption = {
    kind: "api",
    name: hosted.name,
    weights,
    monthlyUsd: {
      input: formatMicro(month.input),
      cachedInput: formatMicro(month.cachedInput),
      output: formatMicro(month.output),
      fees: formatMicro(month.fees),
      compute: NONE,
      people: NONE,
      total,
    },
    atLeastUsd: total,
    rangeUsd: { min: total, expected: total, max: total },
    reason: null,
    perMillionTokensUsd: formatMicro(perMillion(month.total, tokensOf(request))),
    breakEvenRequestsPerMonth: null,
    breakEvenReason: "nothing self-hosted has a known total",
    breakEvenTokensPerSecond: null,
    pricePerIntelligencePoint: pointPrice(blendedPrice(month.price), intelligence),
    intelligence,
    intelligenceReason: intelligence ? null : NOT_IN_TABLE,
    comparable: hourly ? "unknown" : isGoodEnough(book, request, intelligence, isSame),
    allowed,
    why: [...(hourly ? ["holds at some hours of the day only"] : []), ...month.notes, why].join("; "),
    integration: integrationOf("api", book.guideFigure),
    machines: null,
    source: month.price.source,
    asOf: month.price.asOf,
  };
  return { option, total: month.total, perRequest: month.perRequest, step: null, rented: null };
}

function apiVerdict({ provider }: HostedModel, request: CompareRequest): { allowed: Allowed; why: string } {
  const own = OWN_ACCOUNT.has(provider);
  if (exact(request.regulatedShare).units > 0n)
    return own
      ? { allowed: "unknown", why: "in your own cloud account; whether that is home is yours to decide" }
      : { allowed: false, why: "a share of the requests must not leave" };
  const { profiles } = request.rented.boundary;
  return profiles.length > 0
    ? {
        allowed: "unknown",
        why: `where it processes and under which agreement (${profiles.join(", ")}) is not known`,
      }
    : { allowed: true, why: "no rule was asked for" };
}

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

/** The owned machine; nothing where none is known for the model. */
export function ownedOptions(book: CompareBook, request: CompareRequest): Draft[] {
  const machine = request.owned;
  if (machine === null) return [];
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
  const capacity = count * step.requestsPerUnit;
  const idle =
    requests >= capacity ? 0n : divideHalfEven(count * step.unit * (capacity - requests), capacity);
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
      utilizationPct: (100 * request.requestsPerMonth) / Number(capacity),
      idleUsd: formatMicro(idle),
    },
    source: made.source,
    asOf: made.asOf,
  };
  return { option, total, perRequest: null, step, rented: made.rented };
}

/** Spot is shown beside the rest, but nothing is concluded from it: it may be gone tomorrow. */
export function isSpot({ rented }: Draft): boolean {
  return rented?.offer.capacity === "spot";
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
