import { exact } from "../decimal.ts";
import { formatMicro, perMillion } from "../money.ts";
import type { Allowed } from "../offers/index.ts";
import { type ApiMonth, apiMonth, type HostedModel, hostedModels } from "./api.ts";
import { type Draft, isGoodEnough, NONE, NOT_IN_TABLE, pointPrice, tokensOf } from "./draft.ts";
import { blendedPrice, intelligenceOf, weightsOf } from "./intelligence.ts";
import { integrationOf } from "./people.ts";
import type { CompareBook, CompareRequest, ComparisonOption } from "./types.ts";

/** Providers that run inside the caller's own cloud account. */
const OWN_ACCOUNT = new Set(["aws-bedrock", "azure"]);
/** Rates of some hours of the day cannot carry a whole month. */
const HOURLY_RATE = /\bUTC rate\)|off-peak rate\)/;

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
    const month = tooLong(book, hosted, weights, request) ?? apiMonth(hosted, request, book.llmTerms());
    if ("because" in month) leftOut.push({ name: hosted.name, because: month.because });
    else drafts.push(apiDraft(book, request, hosted, month, weights, isNamed));
  }
  return { drafts, leftOut };
}

/** A host that lists no window has at most that of the weights. */
function tooLong(
  book: CompareBook,
  { base }: HostedModel,
  weights: string | null,
  { inputTokens, outputTokens }: CompareRequest,
): { because: string } | null {
  const limit = weights === null ? null : (book.model(weights)?.maxPositionEmbeddings ?? null);
  const longest = inputTokens + outputTokens;
  return base.contextWindow === null && limit !== null && longest > limit
    ? { because: `a request of ${longest} tokens is longer than the ${limit} of ${weights}` }
    : null;
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
