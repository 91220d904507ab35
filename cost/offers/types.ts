import type {
  Gpu,
  Instance,
  InstancePrice,
  ModelShape,
  Region,
  SpotInterruption,
} from "../../catalog/index.ts";
import type { FitInput, Stamp } from "../../plan/fit/index.ts";
import type { Range3 } from "../types.ts";

/** What a service has to answer, and how fast. */
export interface Workload {
  /** Longest request, tokens. */
  context: number;
  /** Mean lengths of a request, tokens. */
  inputTokens: number;
  outputTokens: number;
  /** One of the two is given: requests of a month, or requests at the same time. */
  requestsPerMonth: number | null;
  concurrency: number | null;
  /** Rate of the busiest hour over that of the mean one; counts with `requestsPerMonth`. */
  peakToMean: number;
  /** Targets for the expected latencies; null = none. */
  maxTtftMs: number | null;
  maxItlMs: number | null;
}

/** Where offers may be. */
export interface Boundary {
  profiles: readonly ("gdpr" | "hipaa")[];
  /** Regions that were named as allowed; null = none were named. */
  regions: readonly string[] | null;
}

export type Allowed = true | false | "unknown";

/** The part of the catalogue that offers are made of. */
export interface Market {
  instances(): readonly Instance[];
  gpu(name: string): Gpu | undefined;
  regions(): readonly Region[];
  instancePrice(type: string, region: string): InstancePrice;
  spotInterruption(type: string, region: string): SpotInterruption | null;
}

export interface OffersRequest {
  shape: ModelShape;
  engine: FitInput["engine"];
  /** NVIDIA driver of the node image; null = not judged. */
  driver: string | null;
  quantization: string | null;
  workload: Workload;
  boundary: Boundary;
}

export interface Offer {
  /** By the month: allowed ones first, then those not known to be, then the rest; cheapest first. */
  rank: number;
  /** In the same order by the million tokens. */
  rankPerMillionTokens: number;
  /** No offer that may be allowed is at least as good in cost, latency and permanence, and better in one. */
  pareto: boolean;
  instance: string;
  gpu: string;
  gpusPerNode: number;
  region: string;
  capacity: "on-demand" | "spot";
  interruptionBand: string | null;
  interruptionReason: string | null;
  /** For the expected throughput. */
  replicas: number;
  nodes: number;
  tensorParallel: number;
  fit: "fits" | "tight";
  usdPerHour: string;
  /** On spot the On-Demand price, where it is known: what a node costs when there is no spot. */
  worstUsdPerHour: string;
  /** The nodes alone. min and max from the band of the throughput; on spot, max is the On-Demand price. */
  monthlyUsd: Range3;
  perMillionTokensUsd: string;
  allowed: Allowed;
  why: string;
  /** Requests that a replica works on at the same time, and what that gives. */
  concurrencyPerReplica: number;
  requestsPerSecondPerReplica: number;
  requestsPerSecondBand: { low: number; high: number };
  timeToFirstTokenMs: number;
  interTokenLatencyMs: number;
  /** Mean load over what the replicas can do, per cent. */
  utilizationPct: number;
  basis: "measured" | "interpolated" | "roofline";
  source: string;
  asOf: string;
}

/** A way to run the model that is no offer, wherever it is. */
export interface NoOffer {
  gpu: string;
  tensorParallel: number;
  because: string;
}

export interface OffersDocument extends Stamp {
  schema: "freehold.offers/v1";
  model: string;
  quantization: string;
  workload: Workload;
  /** Regions that were named as allowed; null = none were. */
  regions: string[] | null;
  profiles: string[];
  offers: Offer[];
  /** Rank of the cheapest On-Demand offer that is allowed and fits in the low case; null with the reason. */
  chosen: number | null;
  chosenReason: string;
  /** Cheaper offers that were not chosen, and why. */
  passedOver: { rank: number; because: string[] }[];
  rejected: NoOffer[];
  notes: string[];
}
