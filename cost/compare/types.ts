import type {
  GuideFigure,
  HostedWeights,
  IntelligenceRow,
  LlmApiPrice,
  LlmTerm,
  ModelShape,
  ServicePrice,
} from "../../catalog/index.ts";
import type { Stamp } from "../../plan/fit/index.ts";
import type { Allowed, Market, OffersRequest } from "../offers/index.ts";
import type { Range3 } from "../types.ts";

/** The part of the catalogue that a comparison reads. */
export interface CompareBook extends Market {
  model(repo: string): ModelShape | undefined;
  llmApis(): readonly LlmApiPrice[];
  llmTerms(): readonly LlmTerm[];
  hostedWeights(): readonly HostedWeights[];
  intelligence(): readonly IntelligenceRow[];
  guideFigure(key: string): GuideFigure;
  servicePrice(key: string, region: string): ServicePrice | null;
}

/** What a month asks for. Shares are decimal texts from 0 to 1. */
export interface Demand {
  requestsPerMonth: number;
  /** Whole tokens of a request, on average. */
  inputTokens: number;
  outputTokens: number;
  /** Share of the input that a provider has cached. */
  cachedShare: string;
  /** Share of the requests that may wait a day. */
  batchShare: string;
  /** Share of the requests that must not leave. */
  regulatedShare: string;
}

/** A machine that is bought. Money as decimal texts. */
export interface OwnedMachine {
  name: string;
  purchaseUsd: string;
  /** Answer tokens a second, all requests together. */
  tokensPerSecond: number;
  /** Draw under load and price of electricity; null = not known, and then the total is not either. */
  watts: number | null;
  usdPerKwh: string | null;
  source: string;
  asOf: string | null;
}

export interface CompareRequest extends Demand {
  rented: Omit<OffersRequest, "workload"> & { context: number; peakToMean: number };
  /** Named APIs, as `apiNamed` found them; empty = all. */
  apis: readonly LlmApiPrice[];
  owned: OwnedMachine | null;
  /** Engineers that self-hosting takes beside those that there are, a decimal text. */
  engineers: string;
  /** Working days until it has to run; null = no deadline. */
  deadlineDays: number | null;
  /** Lowest index of the intelligence table that will do; null = that of the model. */
  minIntelligence: number | null;
}

export type OptionKind = "api" | "self-host" | "owned" | "hybrid";

export interface Parts {
  input: string | null;
  cachedInput: string | null;
  output: string | null;
  fees: string | null;
  compute: string | null;
  people: string | null;
  total: string | null;
}

export interface Intelligence {
  /** Row of the published table. */
  model: string;
  index: number;
  asOf: string;
}

export interface ComparisonOption {
  kind: OptionKind;
  name: string;
  /** Open weights that it serves, by their Hugging Face name; null = none, or not known to be. */
  weights: string | null;
  /** US dollars of the month. A part that an option does not have is zero; one that is not known is null. */
  monthlyUsd: Parts;
  /** Sum of the parts that are known. */
  atLeastUsd: string;
  /** The total over the band of the throughput; null where there is no total. */
  rangeUsd: Range3 | null;
  /** Why the total is not known; null where it is. */
  reason: string | null;
  perMillionTokensUsd: string | null;
  /** Requests of a month at which the two cost the same; from there on self-hosting is not dearer. */
  breakEvenRequestsPerMonth: { against: string; value: number } | null;
  breakEvenReason: string | null;
  /** Tokens a second, over every second of the month, at which one node alone equals the other's blended price. */
  breakEvenTokensPerSecond: { against: string; value: number } | null;
  pricePerIntelligencePoint: string | null;
  intelligence: Intelligence | null;
  intelligenceReason: string | null;
  /** Whether the quality will do: the same weights, a named API, or an index that reaches the floor. */
  comparable: true | false | "unknown";
  allowed: Allowed;
  why: string;
  /** Working days until it runs, and what they cost once. */
  integration: { minDays: number; maxDays: number; onceUsd: { min: string; max: string } };
  machines: {
    what: string;
    region: string | null;
    count: number;
    utilizationPct: number;
    /** Paid for while nothing is asked. */
    idleUsd: string;
  } | null;
  source: string;
  /** Day of the price; null = not stated, as for a machine of one's own. */
  asOf: string | null;
}

export interface Flip {
  variable: string;
  /** Where the answer changes; null = no value changes it. */
  value: number | string | null;
  /** The option that it then is; null where there is none. */
  to: string | null;
  why: string;
}

export interface ComparisonDocument extends Stamp {
  schema: "freehold.comparison/v1";
  demand: Demand & { peakToMean: number; context: number };
  model: string;
  /** Hosted APIs that were named; empty = all. */
  apis: string[];
  engineers: string;
  options: ComparisonOption[];
  recommendation: { option: string | null; because: string[]; flipsIf: Flip[] };
  /** What was looked at and is no option, and why. */
  leftOut: { name: string; because: string }[];
  assumptions: { what: string; value: string; source: string; asOf: string | null }[];
}
