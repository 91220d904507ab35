import type { Gpu, ModelShape } from "../../catalog/index.ts";
import { minorOf, profileRules } from "./engine-rules.ts";
import type { EngineFacts, MemoryBudget, Range } from "./types.ts";

export const GIB = 2 ** 30;

/** Settings of the engine that decide the profile run. */
export interface ProfileSettings {
  maxNumSeqs: number;
  maxNumBatchedTokens: number;
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
    };
  const memory = gpu.visibleGib[0];
  // 0.28 gave the largest cards a row of their own.
  if (gpu.nameplateGib >= 160 && minorOf(engine.version) >= 28)
    return { maxNumSeqs: 1024, maxNumBatchedTokens: 16384 };
  if (memory >= 70 && !gpu.name.startsWith("A100"))
    return { maxNumSeqs: 1024, maxNumBatchedTokens: apiServer ? 8192 : 16384 };
  return { maxNumSeqs: 256, maxNumBatchedTokens: apiServer ? 2048 : 8192 };
}

/** Vocabularies of known models lie between these. */
const VOCABULARY: Range = { low: 32000, expected: 131072, high: 262144 };
/** float32 logits, sort, softmax and cumulative sums of PyTorch's sampler; bytes per logit. */
const NATIVE_SAMPLER = 38.6;
const FUSED_SAMPLER = 9;

/**
 * Peak of the profile run beyond the weights, bytes: a forward pass over the longest batch, `2·(3·I/TP + 3·H)` per
 * token, and a sampler pass over `min(seqs, tokens)` rows of logits, whichever is larger; a vision tower comes on top.
 * With the fused sampler the high case is that it cannot be built and the native one runs.
 */
export function activationBytes(
  shape: ModelShape,
  engine: EngineFacts,
  settings: ProfileSettings,
  tensor: number,
): Range {
  const { sampler } = profileRules(engine);
  const H = shape.hiddenSize;
  const isMoe = shape.moeExperts !== null;
  const copies = isMoe ? (shape.moeTopK ?? 1) + (shape.sharedExperts ?? 0) : 1;
  const width = (isMoe ? shape.moeIntermediateSize : null) ?? shape.intermediateSize ?? 4 * H;
  const perToken = 2 * ((3 * copies * width) / tensor + (2 + copies) * H);
  const forward = settings.maxNumBatchedTokens * perToken;
  const rows = Math.min(settings.maxNumSeqs, settings.maxNumBatchedTokens);
  const vocabulary =
    shape.vocabSize === null
      ? VOCABULARY
      : { low: shape.vocabSize, expected: shape.vocabSize, high: shape.vocabSize };
  const logits = (bytes: number, size: number) => rows * size * bytes;
  const vision = hasVision(shape)
    ? { low: 0, expected: GIB, high: 2.5 * GIB }
    : { low: 0, expected: 0, high: 0 };
  const native = logits(NATIVE_SAMPLER, vocabulary.high);
  if (sampler === "fused") {
    return {
      low: Math.max(forward, logits(7, vocabulary.low)) * 0.9 + vision.low,
      expected: forward + logits(FUSED_SAMPLER, vocabulary.expected) + vision.expected,
      high:
        Math.max(native, forward + logits(FUSED_SAMPLER, vocabulary.high)) * 1.05 + 0.2 * GIB + vision.high,
    };
  }
  const expected = Math.max(forward, logits(NATIVE_SAMPLER, vocabulary.expected));
  return {
    // The first engine profiled chunked runs without full batches of logits.
    low:
      Math.max(forward, logits(NATIVE_SAMPLER, vocabulary.low) * (sampler === "v0" ? 0.15 : 0.95)) +
      vision.low,
    expected: expected + vision.expected,
    high: Math.max(forward * 1.1, native * 1.04) + 0.1 * GIB + vision.high,
  };
}

/** Whether the repository holds a vision tower, as its catalogue row says. */
export function hasVision(shape: ModelShape): boolean {
  const said = `${shape.checkpointNote ?? ""} ${shape.paramsBasis}`;
  return /vision|text backbone|multimodal/i.test(said) || /-(VL|Omni)-|vision/i.test(shape.repo);
}

/** CUDA context libraries, cuBLAS workspaces, NCCL buffers: logged 0.02 to 0.3 GiB on one GPU, up to 1.8 on eight. */
export function nonTorchGib(gpus: number): Range {
  if (gpus === 1) return { low: 0.02, expected: 0.15, high: 0.35 };
  if (gpus === 2) return { low: 0.2, expected: 0.5, high: 0.7 };
  return { low: 0.2, expected: 0.6, high: 1.8 };
}

/** CUDA graphs; 0 with `--enforce-eager`. Since 0.21 vLLM takes its estimate of them out of the KV cache. */
export function cudaGraphGib(enforceEager: boolean): Range {
  return enforceEager ? { low: 0, expected: 0, high: 0 } : { low: 0.1, expected: 0.5, high: 1.2 };
}

/**
 * The start-up budget of vLLM on one GPU: `requested = visible · utilization`, and what weights, profile run and the
 * rest leave of it is the KV cache. The low case of the cache takes the high case of everything else.
 */
export function memoryBudget(
  gpu: Gpu,
  utilization: number,
  weightBytes: Range,
  activation: Range,
  gpusOfReplica: number,
  engine: EngineFacts,
  enforceEager: boolean,
): MemoryBudget {
  const totalGiB = gpu.visibleGib[0];
  const requestedGiB = Math.ceil(totalGiB * GIB * utilization) / GIB;
  const weightsGiB = map(weightBytes, (bytes) => bytes / GIB);
  const activationGiB = map(activation, (bytes) => bytes / GIB);
  const nonTorchGiB = nonTorchGib(gpusOfReplica);
  const cudaGraphGiB = cudaGraphGib(enforceEager);
  const left = (key: keyof Range) =>
    requestedGiB -
    weightsGiB[key] -
    activationGiB[key] -
    nonTorchGiB[key] -
    (engine.cudaGraphsInBudget ? cudaGraphGiB[key] : 0);
  return {
    totalGiB,
    requestedGiB,
    weightsGiB,
    activationGiB,
    nonTorchGiB,
    cudaGraphGiB,
    kvCacheGiB: { low: left("high"), expected: left("expected"), high: left("low") },
  };
}

export function map(range: Range, change: (value: number) => number): Range {
  return { low: change(range.low), expected: change(range.expected), high: change(range.high) };
}
