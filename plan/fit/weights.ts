import type { ModelShape } from "../../catalog/index.ts";
import type { Parameters } from "./parameters.ts";
import type { Quantization } from "./quantization.ts";
import type { Range } from "./types.ts";

const GIB = 2 ** 30;

/** How one replica is spread over GPUs. */
export interface Parallel {
  tensor: number;
  pipeline: number;
  data: number;
  expert: boolean;
}

export const SINGLE: Parallel = { tensor: 1, pipeline: 1, data: 1, expert: false };

/**
 * Bytes of the weights on the fullest GPU.
 *
 * Linear layers are cut over the tensor-parallel ranks; k and v projections are copied where there are more ranks
 * than KV heads; routers, norms and MLA down-projections are copied always; embedding and lm_head stay at 16 bits,
 * are cut along the vocabulary (padded to 64) and sit on the first and last pipeline stage.
 *
 * Room: 0.2 % (16 bit) to 0.6 % above the closed form is what start-ups log; a total that is only a name or a card
 * figure is 3 % either way; NVFP4 checkpoints leave some layers at 16 bits (logged 7 to 20 % above 4.5 bits).
 */
export function weightBytesPerGpu(
  shape: ModelShape,
  parameters: Parameters,
  format: Quantization,
  native: boolean,
  parallel: Parallel = SINGLE,
): Range {
  const { tensor, pipeline, data, expert } = parallel;
  const perWeight = format.bits / 8;
  const { total, embedding, lmHead, experts, vision, replicated } = parameters;
  const rest = total - embedding - lmHead - experts - vision;
  const full = fullPrecision(shape, parameters, format);
  // The repository's own mix holds for itself only; attention is what its other parts leave.
  const attentionBytes = native && shape.attentionBits ? shape.attentionBits / 8 : null;
  const apart = attentionBytes === null ? 0 : attentionWeights(shape, parameters, rest);
  const restBytes = format.expertsOnly
    ? rest * 2
    : (rest - replicated - full - apart) * perWeight +
      (replicated + full) * 2 +
      apart * (attentionBytes ?? 0);
  const replicatedBytes = replicated * 2;
  const bytesPerKeyValue = format.expertsOnly || format.mlpOnly ? 2 : (attentionBytes ?? perWeight);
  // More ranks than KV heads: a rank holds one whole head instead of its share.
  const copies = shape.kvHeads !== null && tensor > shape.kvHeads ? 1 / shape.kvHeads - 1 / tensor : 0;

  const stage = Math.ceil(shape.layers / pipeline) / shape.layers;
  const expertRanks = expert ? tensor * data : tensor;
  const vocabShard = (padTo64(parameters.embedding, shape) * 2) / tensor;
  const headBits = native ? (shape.lmHeadBits ?? 16) : 16;
  const headShard = lmHead === 0 ? 0 : (vocabShard * headBits) / 16;
  const tower = (vision * 2) / tensor;
  const vocabulary =
    pipeline === 1 ? vocabShard + headShard + tower : Math.max(vocabShard + tower, headShard);

  const padding = expertPadding(shape, format, expert ? 1 : tensor);
  const perGpu = (expertFactor: number) =>
    stage *
      ((restBytes - replicatedBytes) / tensor +
        replicatedBytes +
        (parameters.keyValue ?? 0) * bytesPerKeyValue * copies +
        (experts * perWeight * expertFactor) / expertRanks) +
    vocabulary;

  const scale = checkpointScale(shape, format, native, parameters, restBytes, perWeight);
  const [down, expected, up] = room(shape, parameters, format, native);
  return {
    low: perGpu(padding.low) * scale * down,
    expected: perGpu(padding.expected) * scale * expected,
    high: perGpu(padding.high) * scale * up,
  };
}

/** Weights that a mostly quantized format leaves at 16 bits. */
function fullPrecision(shape: ModelShape, parameters: Parameters, format: Quantization): number {
  if (!format.mlpOnly) return 0;
  return (parameters.attention ?? 0) + Math.min(2, shape.layers) * (parameters.mlpPerLayer ?? 0);
}

/** Attention projections and whatever else is neither MLP nor vocabulary, recurrent mixers included. */
function attentionWeights(shape: ModelShape, parameters: Parameters, rest: number): number {
  if (parameters.attention !== null) return parameters.attention;
  const shared = (shape.sharedExperts ?? 0) * 3 * shape.hiddenSize * (shape.moeIntermediateSize ?? 0);
  const mlp = shape.moeExperts === null ? (parameters.mlpPerLayer ?? 0) : shared;
  return Math.max(0, rest - parameters.replicated - shape.layers * mlp);
}

function padTo64(embedding: number, shape: ModelShape): number {
  return shape.vocabSize === null ? embedding : Math.ceil(shape.vocabSize / 64) * 64 * shape.hiddenSize;
}

/**
 * MXFP4 kernels pad the experts: hidden to 256 (all but the first Triton kernel of 0.10.1), intermediate to 128
 * under Marlin and TRT-LLM (vllm model_executor/layers/fused_moe/oracle/mxfp4.py).
 */
function expertPadding(shape: ModelShape, format: Quantization, tensor: number): Range {
  const width = shape.moeIntermediateSize;
  if (format.name !== "mxfp4" || width === null) return { low: 1, expected: 1, high: 1 };
  const up = (value: number, to: number) => (Math.ceil(value / to) * to) / value;
  const hidden = up(shape.hiddenSize, 256);
  return { low: hidden, expected: hidden, high: hidden * up(width / tensor, 128) };
}

/** The checkpoint itself overrules the closed form where they are more than 4 % apart. */
function checkpointScale(
  shape: ModelShape,
  format: Quantization,
  native: boolean,
  parameters: Parameters,
  restBytes: number,
  perWeight: number,
): number {
  if (!native || shape.checkpointGib === null || format.name === "mxfp4") return 1;
  const { experts, embedding, lmHead, vision } = parameters;
  const closed = restBytes + experts * perWeight + (embedding + lmHead + vision) * 2;
  const file = shape.checkpointGib * GIB;
  return Math.abs(closed - file) > 0.04 * file ? file / closed : 1;
}

function room(
  shape: ModelShape,
  parameters: Parameters,
  format: Quantization,
  native: boolean,
): [number, number, number] {
  const typical = format.bits === 16 ? 1.001 : 1.004;
  if (format.name === "mxfp4") return [0.995, 1, 1.002];
  // A count from the shape is exact; a file may hold a second copy or layers that are not loaded.
  if (format.bits === 16 && parameters.basis === "shape") return [0.997, typical, 1.004];
  if (native && shape.checkpointGib !== null) return [0.99, typical, 1.02];
  if (format.name === "nvfp4")
    return native && (shape.attentionBits || format.expertsOnly) ? [0.97, 1.01, 1.04] : [1, 1.07, 1.2];
  // A sibling may have finer groups than the usual 128: 4.5 instead of 4.15 bits with 32.
  if (!native && format.bits < 5) return [0.99, typical, 1.06];
  const vague = parameters.basis === "stated" && /^(name|card)/.test(shape.paramsBasis);
  if (vague) return [0.97, typical, 1.05];
  return [0.995, typical, format.bits === 16 ? 1.01 : 1.02];
}
