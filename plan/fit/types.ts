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
  throughput: ThroughputEstimate | null;
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
