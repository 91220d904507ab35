import { exact, multiply } from "../decimal.ts";
import { type Decimal, formatMicro, parseMicro, perMillion } from "../money.ts";
import { apiMonth, hostedModels } from "./api.ts";
import { type Draft, isSpot } from "./draft.ts";
import { pricePerPoint } from "./intelligence.ts";
import { ownedOptions, rentedOptions } from "./own-options.ts";
import type { Rented } from "./rented.ts";
import { breakEven } from "./step.ts";
import type { CompareBook, CompareRequest } from "./types.ts";

/** How many APIs are tried beside what stays at home. */
const PARTNERS = 3;

/** Requests that stay at home, rounded up: a request is regulated or it is not. */
export function homeRequests({ requestsPerMonth, regulatedShare }: CompareRequest): number {
  const { units, scale } = multiply(exact(requestsPerMonth), exact(regulatedShare));
  const one = 10n ** BigInt(scale);
  return Number((units + one - 1n) / one);
}

/**
 * The regulated share on machines of one's own, the rest at an API: for the cheapest way to run that share at home,
 * with each of the cheapest comparable APIs. Nothing where all or none of the requests are regulated.
 */
export function hybridOptions(
  book: CompareBook,
  request: CompareRequest,
  rented: readonly Rented[],
  apis: readonly Draft[],
): Draft[] {
  const home = homeRequests(request);
  const away = request.requestsPerMonth - home;
  if (home === 0 || away === 0) return [];
  const atHome = { ...request, requestsPerMonth: home };
  const ways = [...rentedOptions(book, atHome, rented), ...ownedOptions(book, atHome)]
    // What has to stay at home needs a home that stays.
    .filter((draft) => draft.total !== null && draft.option.allowed !== false && !isSpot(draft))
    .sort((a, b) => Number(a.total! - b.total!));
  const own = ways[0];
  if (!own) return [];
  return apis.slice(0, PARTNERS).flatMap((api) => {
    const hosted = hostedModels(book.llmApis()).find(({ name }) => name === api.option.name)!;
    const month = apiMonth(hosted, { ...request, requestsPerMonth: away }, book.llmTerms());
    return "because" in month ? [] : [hybridDraft(request, own, api, month)];
  });
}

function hybridDraft(
  request: CompareRequest,
  own: Draft,
  api: Draft,
  month: Exclude<ReturnType<typeof apiMonth>, { because: string }>,
): Draft {
  const total = own.total! + month.total;
  const tokens = multiply(exact(request.requestsPerMonth), exact(request.inputTokens + request.outputTokens));
  const perMtok = formatMicro(perMillion(total, tokens));
  // The weaker of the two answers some of the requests, so the pair counts as the weaker.
  const known = [own.option.intelligence, api.option.intelligence];
  const weaker = known.some((row) => row === null)
    ? null
    : known.reduce((low, row) => (row!.index < low!.index ? row : low))!;
  const shared = api.option.monthlyUsd;
  const { range, people } = { range: own.option.rangeUsd!, people: own.option.monthlyUsd.people! };
  const plus = (text: string) => formatMicro(parseMicro(text) + month.total);
  const allowed =
    own.option.allowed === true &&
    (request.rented.boundary.profiles.length === 0 || api.option.allowed === true)
      ? true
      : "unknown";
  return {
    total,
    perRequest: null,
    step: null,
    rented: null,
    option: {
      ...own.option,
      kind: "hybrid",
      name: `${own.option.name} + ${api.option.name}`,
      weights: null,
      monthlyUsd: {
        input: formatMicro(month.input),
        cachedInput: formatMicro(month.cachedInput),
        output: formatMicro(month.output),
        fees: formatMicro(month.fees),
        compute: own.option.monthlyUsd.compute,
        people,
        total: formatMicro(total),
      },
      atLeastUsd: formatMicro(total),
      rangeUsd: { min: plus(range.min), expected: formatMicro(total), max: plus(range.max) },
      perMillionTokensUsd: perMtok,
      ...rootOf(request, own, api),
      breakEvenTokensPerSecond: null,
      pricePerIntelligencePoint: weaker ? pricePerPoint(perMtok, weaker.index) : null,
      intelligence: weaker,
      intelligenceReason: weaker ? null : "one of the two is not in the intelligence table of August 2025",
      comparable: api.option.comparable,
      allowed,
      why: [
        `${request.regulatedShare} of the requests at home, the rest at ${api.option.name}`,
        own.option.why,
        ...(shared.fees === formatMicro(0n) ? [] : ["fee on credits for the API's part"]),
        ...(allowed === true ? [] : ["whether the API may have the rest is not known"]),
      ].join("; "),
      source: `${own.option.source} ; ${api.option.source}`,
      asOf:
        own.option.asOf === null || own.option.asOf > api.option.asOf! ? api.option.asOf : own.option.asOf,
    },
  };
}

/** Home costs what its share would cost at the API: at that many requests the pair equals the API alone. */
function rootOf({ regulatedShare }: CompareRequest, own: Draft, api: Draft) {
  const share: Decimal = exact(regulatedShare);
  const root = breakEven(own.step!, api.perRequest!);
  if (root === null)
    return {
      breakEvenRequestsPerMonth: null,
      breakEvenReason: `at full load a machine costs more a request than ${api.option.name}`,
    };
  const whole = (root * 10n ** BigInt(share.scale) + share.units - 1n) / share.units;
  return {
    breakEvenRequestsPerMonth: { against: api.option.name, value: Number(whole) },
    breakEvenReason: null,
  };
}
