import { ownStamp, type Stamp } from "../../plan/fit/index.ts";
import { hostedModels } from "./api.ts";
import { apiOptions } from "./api-options.ts";
import type { Draft } from "./draft.ts";
import { hybridOptions } from "./hybrid.ts";
import { notOwned, ownedOptions, rentedOptions, withBreakEven } from "./own-options.ts";
import { firstOf, type OwnWay } from "./own-ways.ts";
import { OWNED_TERMS } from "./owned.ts";
import { peopleMonth } from "./people.ts";
import { candidates, objections, recommend } from "./recommend.ts";
import { bestWays, type Rented, rentedWays, wayName } from "./rented.ts";
import type { CompareBook, CompareRequest, ComparisonDocument } from "./types.ts";

/**
 * What a month of the same requests costs at every hosted API, on rented nodes, on owned machines and shared between
 * home and an API; where they break even; and which to take by the guides' checklist.
 *
 * Self-hosting is counted by what is held, not by what is used: every hour of every node, the platform around it, and
 * the people.
 */
export function compare(
  book: CompareBook,
  request: CompareRequest,
  stamp: Stamp = ownStamp(),
): ComparisonDocument {
  const { drafts: apis, leftOut } = apiOptions(book, request);
  const ways = rentedWays(book, request);
  const own = [...rentedOptions(book, request, ways), ...ownedOptions(book, request)];
  const best = bestOwn(book, request, ways, own);
  if (ways.length === 0)
    leftOut.push({
      name: `${request.rented.shape.repo} on rented nodes`,
      because: "no On-Demand node that may be used holds it with this context; see freehold offers",
    });
  const missing = notOwned(request);
  if (missing !== null) leftOut.push({ name: "an owned machine", because: missing });
  const partners = partnersOf(apis, request);
  const [reference] = partners;
  if (reference) for (const draft of own) withBreakEven(draft, reference, priceOf(book, reference));
  for (const api of apis) againstOwn(api, best);
  const drafts = [...apis, ...own, ...hybridOptions(book, request, ways, partners)].sort(byCost(request));
  return {
    schema: "freehold.comparison/v1",
    ...stamp,
    demand: {
      requestsPerMonth: request.requestsPerMonth,
      inputTokens: request.inputTokens,
      outputTokens: request.outputTokens,
      cachedShare: request.cachedShare,
      batchShare: request.batchShare,
      regulatedShare: request.regulatedShare,
      peakToMean: request.rented.peakToMean,
      context: request.rented.context,
    },
    model: request.rented.shape.repo,
    apis: request.apis.map(({ provider, model }) => `${provider} ${model}`),
    engineers: request.engineers,
    options: drafts.map(({ option }) => option),
    recommendation: recommend(book, request, drafts, best),
    leftOut,
    assumptions: assumptions(book, request),
  };
}

/** Comparable APIs, cheapest first, the named ones before all: whether all of the traffic may go there or not. */
function partnersOf(apis: readonly Draft[], request: CompareRequest): Draft[] {
  const named = new Set(request.apis.map(({ provider, model }) => `${provider} ${model}`));
  const good = apis.filter(({ option }) => option.comparable === true);
  const wanted = named.size > 0 ? good.filter(({ option }) => named.has(option.name)) : good;
  return [...wanted].sort((a, b) => Number(a.total! - b.total!));
}

function priceOf(book: CompareBook, { option }: Draft) {
  return hostedModels(book.llmApis()).find(({ name }) => name === option.name)!.base;
}

/** Ways of one's own that may be the cheapest at some load, with people. */
function bestOwn(
  book: CompareBook,
  request: CompareRequest,
  ways: readonly Rented[],
  own: readonly Draft[],
): OwnWay[] {
  const people = peopleMonth(request.engineers, book.guideFigure);
  const rented = bestWays(ways).map((way) => ({
    name: wayName(way),
    step: { ...way.step, fixed: way.step.fixed + people },
  }));
  const owned = own
    .filter(({ option, total }) => option.kind === "owned" && total !== null)
    .map(({ option, step }) => ({ name: option.name, step: step! }));
  return [...rented, ...owned];
}

/** For an API, the lowest number of requests at which something self-hosted is not dearer. */
function againstOwn({ option, perRequest }: Draft, own: readonly OwnWay[]): void {
  if (own.length === 0) return;
  const first = firstOf(own, perRequest!);
  option.breakEvenRequestsPerMonth = first && { against: first.name, value: Number(first.root) };
  option.breakEvenReason = first ? null : "at full load every machine costs more a request";
}

/** What can be the answer first, then by cost; what has no total last. */
function byCost(request: CompareRequest): (a: Draft, b: Draft) => number {
  const able = (draft: Draft) => (candidates([draft], request).length > 0 ? 0 : 1);
  return (a, b) =>
    able(a) - able(b) ||
    Number(a.total === null) - Number(b.total === null) ||
    Number((a.total ?? 0n) - (b.total ?? 0n)) ||
    objections(a.option, request).length - objections(b.option, request).length ||
    a.option.name.localeCompare(b.option.name);
}

function assumptions(book: CompareBook, request: CompareRequest): ComparisonDocument["assumptions"] {
  const engineer = book.guideFigure("people.engineer");
  const { years, salvagePct, interestPct } = OWNED_TERMS;
  return [
    {
      what: "an engineer",
      value: `${engineer.value} USD a year`,
      source: engineer.source,
      asOf: engineer.asOf,
    },
    {
      what: "hours of rented nodes",
      value: `730 a month, held for a load whose busiest hour is ${request.rented.peakToMean} times the mean`,
      source: "this request (--peak-to-mean)",
      asOf: null,
    },
    {
      what: "cached and batched requests at home",
      value: "no cheaper: every prompt is read in full, none waits for a quiet hour",
      source: "Freehold",
      asOf: null,
    },
    {
      what: "owned machines",
      value: `${years} years, ${salvagePct} % left, ${interestPct} % interest, no spare`,
      source: "defaults of freehold:hardware",
      asOf: null,
    },
  ];
}
