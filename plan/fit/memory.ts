import type { Gpu } from "../../catalog/index.ts";
import { minorOf, profileRules } from "./engine-rules.ts";
import { FITTED_MEMORY, type MemoryFactors } from "./memory-factors.ts";
import type { EngineFacts, MemoryBudget, Range } from "./types.ts";

export const GIB = 2 ** 30;

/** Settings of the engine that decide the profile run. */
export interface ProfileSettings {
  maxNumSeqs: number;
  maxNumBatchedTokens: number;
  /** The first engine prefills in chunks: the batch is shorter than the context. */
  chunked?: boolean;
}

/**
 * Defaults of vLLM for a card (`get_batch_defaults`, vllm/engine/arg_utils.py): by the memory of the device, with
 * every A100 among the small ones. Before the V1 engine: 256 sequences and the prefill rule of that time.
 */
export function profileDefaults(
  gpu: Gpu,
  engine: EngineFacts,
  apiServer: boolean,
  maxModelLen: number,
): ProfileSettings {
  const { sampler, chunksAbove } = profileRules(engine);
  if (sampler === "v0")
    return {
      maxNumSeqs: 256,
      maxNumBatchedTokens: maxModelLen > chunksAbove ? 2048 : Math.max(2048, maxModelLen),
      chunked: maxModelLen > chunksAbove,
    };
  const memory = gpu.visibleGib[0];
  // 0.28 gave the largest cards a row of their own.
  if (memory >= 160 && minorOf(engine.version) >= 28) return { maxNumSeqs: 1024, maxNumBatchedTokens: 16384 };
  if (memory >= 70 && !gpu.name.startsWith("A100"))
    return { maxNumSeqs: 1024, maxNumBatchedTokens: apiServer ? 8192 : 16384 };
  return { maxNumSeqs: 256, maxNumBatchedTokens: apiServer ? 2048 : 8192 };
}

/**
 * CUDA context libraries, cuBLAS workspaces, buffers of the custom all-reduce. NCCL itself starts before the engine
 * takes its first reading (vllm/v1/worker/gpu_worker.py) and so is not in this term; the custom all-reduce needs NVLink.
 * Logged: 0.02 to 0.6 GiB apart, 0.4 to 1.8 on linked cards.
 */
export function nonTorchGib(gpu: Gpu, gpus: number, factors: MemoryFactors = FITTED_MEMORY): Range {
  const { apart, linked } = factors.nonTorchGib;
  if (gpus === 1) return { low: 0.02, expected: apart, high: 0.35 };
  if (gpu.link !== "nvlink") return { low: 0.02, expected: apart, high: 0.6 };
  return { low: 0.2, expected: linked, high: gpus === 2 ? 1.4 : 1.9 };
}

/** CUDA graphs; 0 with `--enforce-eager`. Since 0.21 vLLM takes its estimate of them out of the KV cache. */
export function cudaGraphGib(enforceEager: boolean, factors: MemoryFactors = FITTED_MEMORY): Range {
  return enforceEager
    ? { low: 0, expected: 0, high: 0 }
    : { low: 0.1, expected: factors.cudaGraphGib, high: 1.2 };
}

/**
 * The start-up budget of vLLM on one GPU: `requested = visible · utilization`, and what weights, profile run and the
 * rest leave of it is the KV cache. The low case of the cache takes the high case of everything else, and the least
 * memory that torch has been seen to find on such a card.
 */
export function memoryBudget(
  gpu: Gpu,
  utilization: number,
  weightBytes: Range,
  activation: Range,
  gpusOfReplica: number,
  engine: EngineFacts,
  enforceEager: boolean,
  factors: MemoryFactors = FITTED_MEMORY,
): MemoryBudget {
  const [least, most] = gpu.visibleGib;
  const total: Range = { low: least, expected: (least + most) / 2, high: most };
  const requested = map(total, (gib) => Math.ceil(gib * GIB * utilization) / GIB);
  const weightsGiB = map(weightBytes, (bytes) => bytes / GIB);
  const activationGiB = map(activation, (bytes) => bytes / GIB);
  const nonTorchGiB = nonTorchGib(gpu, gpusOfReplica, factors);
  const cudaGraphGiB = cudaGraphGib(enforceEager, factors);
  const left = (asked: number, key: keyof Range) =>
    asked -
    weightsGiB[key] -
    activationGiB[key] -
    nonTorchGiB[key] -
    (engine.cudaGraphsInBudget ? cudaGraphGiB[key] : 0);
  return {
    totalGiB: total.expected,
    requestedGiB: requested.expected,
    weightsGiB,
    activationGiB,
    nonTorchGiB,
    cudaGraphGiB,
    kvCacheGiB: {
      low: left(requested.low, "high"),
      expected: left(requested.expected, "expected"),
      high: left(requested.high, "low"),
    },
  };
}

export function map(range: Range, change: (value: number) => number): Range {
  return { low: change(range.low), expected: change(range.expected), high: change(range.high) };
}
