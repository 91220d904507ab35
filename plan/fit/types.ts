import type { EngineVersion, Gpu, ModelShape } from "../../catalog/index.ts";
import type { Estimate } from "../types.ts";

/** A figure with the honest room around it: low ≤ expected ≤ high. */
export type Range = Estimate;

export interface FitReason {
  code: string;
  message: string;
  need: number | null;
  have: number | null;
  unit: string | null;
}

/** Returned where a fact that the arithmetic needs is not known; names the fact. */
export interface Unknown {
  unknown: string;
}

/** The facts of an engine release that the fit uses. */
export type EngineFacts = Pick<
  EngineVersion,
  "version" | "gpuMemoryUtilizationDefault" | "cudaGraphsInBudget" | "computeCapabilityFloor" | "driverFloor"
>;

/** Mean lengths of a request in tokens, and how many requests one replica works on at the same time. */
export interface Load {
  inputTokens: number;
  outputTokens: number;
  concurrency: number;
}

export interface FitInput {
  shape: ModelShape;
  /** A spelling that `quantizationNamed` knows; null or absent = what the repository is. */
  quantization?: string | null;
  gpu: Gpu;
  gpusPerNode: number;
  instance?: string | null;
  /** Default: the fewest GPUs of the node on which the model fits. */
  tensorParallel?: number;
  pipelineParallel?: number;
  dataParallel?: number;
  /** Experts are spread over tensor × data parallel ranks instead of being cut. */
  expertParallel?: boolean;
  /** Longest request in tokens; default: what the model was made for. */
  maxModelLen?: number;
  kvCacheDtype?: "auto" | "fp8";
  gpuMemoryUtilization?: number;
  maxNumSeqs?: number;
  maxNumBatchedTokens?: number;
  enforceEager?: boolean;
  engine: EngineFacts;
  /** `vllm serve`; false for the LLM class, which profiles with longer batches. Default true. */
  apiServer?: boolean;
  /** NVIDIA driver of the node image, e.g. "580.95.05"; null = not judged. */
  driver?: string | null;
  hostMemoryGib?: number | null;
  /** Memory a pod may request on the node, MiB; overrules `hostMemoryGib`; null = not judged. */
  allocatableMib?: number | null;
  /** Without it there is no throughput. */
  load?: Partial<Load>;
  /** Traffic for which the ways to serve it are compared. */
  target?: LoadTarget;
}

/** One row of the measured throughput table, lengths in tokens. */
export interface MeasuredThroughput {
  model: string;
  /** Row of the catalogue with the same shapes. */
  repo: string | null;
  quantization: string;
  gpu: string;
  gpus: number;
  tensorParallel: number;
  engine: string;
  engineVersion: string | null;
  inputTokens: number;
  outputTokens: number;
  concurrency: number;
  outputTokensPerSecond: number;
  source: string;
}

export interface ThroughputEstimate {
  outputTokensPerSecond: Range;
  interTokenLatencyMs: Range;
  timeToFirstTokenMs: Range;
  requestsPerSecond: Range;
  /** Share of the measured table that lay inside such a range, per cent; null = not measured. */
  coveragePct: number | null;
  basis: "measured" | "interpolated" | "roofline";
  anchor: MeasuredThroughput | null;
}

/** Requests of given lengths that run at the same time; the rest waits. */
export interface UsersAtLoad {
  inputTokens: number;
  outputTokens: number;
  requestsAtOnce: Range;
  /** What stands in the way of one more, in the expected case. */
  limitedBy: "cache" | "max-num-seqs";
  /** Of one copy of the model. */
  maxNumSeqs: number;
}

/** Traffic to be carried, and the latencies that it may have. */
export interface LoadTarget {
  requestsPerSecond: number;
  /** Mean time to first token, milliseconds. */
  maxTtftMs?: number;
  /** Mean time between tokens, milliseconds. */
  maxItlMs?: number;
}

/** One way to carry a target load on machines of one type. */
export interface FleetOption {
  tensorParallel: number;
  dataParallel: number;
  expertParallel: boolean;
  verdict: "fits" | "tight";
  /** Copies of the engine in the expected case, and if each does no more than the low end of its band. */
  replicas: number | null;
  replicasAtLowEnd: number | null;
  gpus: number | null;
  nodes: number | null;
  /** Requests at once on one replica up to which the latencies hold and more of them help. */
  concurrency: number | null;
  /** What stops a replica there. */
  limitedBy: "cache" | "max-num-seqs" | "ttft" | "itl";
  /** Most that all replicas together produce at that concurrency. */
  outputTokensPerSecond: Range | null;
  /** Requests that run at once on all replicas at most. */
  requestsAtOnce: number | null;
  /** Under the target load. */
  timeToFirstTokenMs: Range | null;
  interTokenLatencyMs: Range | null;
  /** Decimal strings; null without a known price. */
  usdPerHour: string | null;
  /** Input and output together, at the target load. */
  perMillionTokensUsd: string | null;
  /** Why it carries no load; null otherwise. */
  reason: string | null;
}

/** The ways compared, and the cheapest. */
export interface FleetAnswer extends Required<Pick<LoadTarget, "requestsPerSecond">> {
  inputTokens: number;
  outputTokens: number;
  maxTtftMs: number | null;
  maxItlMs: number | null;
  options: FleetOption[];
  /** Position in `options`; null where none carries the load. */
  chosen: number | null;
  because: string;
  /** What becomes of the choice if its engines do no more than the low end of the band; null without a choice. */
  atLowEnd: string | null;
}

/** A change of the request that would fit. */
export interface NearestFit {
  change: string;
  instance: string | null;
  gpu: string;
  gpus: number;
  tensorParallel: number;
  quantization: string;
  maxModelLen: number;
  kvDtype: "auto" | "fp8";
}

export interface MemoryBudget {
  totalGiB: number;
  requestedGiB: number;
  weightsGiB: Range;
  activationGiB: Range;
  nonTorchGiB: Range;
  cudaGraphGiB: Range;
  /** Negative where the rest already takes more than was requested. */
  kvCacheGiB: Range;
}

export type Verdict = "fits" | "tight" | "no" | "unknown";

/** `freehold.fit/v1` of the contract. Per-GPU figures are those of the fullest GPU, in GiB of 2^30 bytes. */
export interface FitDocument extends Stamp {
  schema: "freehold.fit/v1";
  model: string;
  quantization: string;
  /** These four are null only in a row of a batch that names no known card or engine. */
  gpu: string | null;
  gpus: number | null;
  tensorParallel: number | null;
  engineVersion: string | null;
  instance: string | null;
  pipelineParallel: number;
  verdict: Verdict;
  reasons: FitReason[];
  nearestThatFits: NearestFit | null;
  /** All null where a fact is missing; `reasons` names it. */
  perGpu: { [K in keyof MemoryBudget]: MemoryBudget[K] | null };
  kvBytesPerToken: number | null;
  kvCacheTokens: Range | null;
  /** Context that was judged. */
  maxModelLen: number | null;
  /** Longest request that fits in the low case, tokens. */
  maxModelLenThatFits: number | null;
  /** Full-length requests at the same time. */
  maxConcurrency: Range | null;
  /** Requests of the lengths of the load at the same time; null without a load. */
  usersAtLoad: UsersAtLoad | null;
  throughput: ThroughputEstimate | null;
  /** Ways to carry a target load; null without one. */
  fleet: FleetAnswer | null;
}

export interface FitsDocument extends Stamp {
  schema: "freehold.fits/v1";
  rows: FitDocument[];
}

/** Version and date that every document carries. */
export interface Stamp {
  freeholdVersion: string;
  catalogAsOf: string;
}
