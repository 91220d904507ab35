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
  const rest = parameters.total - parameters.embedding - parameters.lmHead - parameters.experts;
  const full = fullPrecision(shape, parameters, format);
  const restBytes = format.expertsOnly
    ? rest * 2
    : (rest - parameters.replicated - full) * perWeight + (parameters.replicated + full) * 2;
  const replicatedBytes = parameters.replicated * 2;
  const bytesPerKeyValue = format.expertsOnly || format.mlpOnly ? 2 : perWeight;
  // More ranks than KV heads: a rank holds one whole head instead of its share.
  const copies = shape.kvHeads !== null && tensor > shape.kvHeads ? 1 / shape.kvHeads - 1 / tensor : 0;

  const stage = Math.ceil(shape.layers / pipeline) / shape.layers;
  const expertRanks = expert ? tensor * data : tensor;
  const vocabShard = (padTo64(parameters.embedding, shape) * 2) / tensor;
  const headShard = parameters.lmHead === 0 ? 0 : vocabShard;
  const vocabulary = pipeline === 1 ? vocabShard + headShard : Math.max(vocabShard, headShard);

  const padding = expertPadding(shape, format, expert ? 1 : tensor);
  const perGpu = (expertFactor: number) =>
    stage *
      ((restBytes - replicatedBytes) / tensor +
        replicatedBytes +
        (parameters.keyValue ?? 0) * bytesPerKeyValue * copies +
        (parameters.experts * perWeight * expertFactor) / expertRanks) +
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
  const closed = restBytes + parameters.experts * perWeight + (parameters.embedding + parameters.lmHead) * 2;
  const file = shape.checkpointGib * GIB;
  return Math.abs(closed - file) > 0.04 * file ? file / closed : 1;
}

function room(
  shape: ModelShape,
  parameters: Parameters,
  format: Quantization,
  native: boolean,
): [number, number, number] {
  const typical = format.bits === 16 ? 1.002 : 1.006;
  if (native && shape.checkpointGib !== null && format.name !== "mxfp4") return [0.99, typical, 1.02];
  if (format.name === "nvfp4") return [1, 1.07, 1.2];
  const vague = parameters.basis === "stated" && /^(name|card)/.test(shape.paramsBasis);
  if (vague) return [0.97, typical, 1.05];
  return format.bits === 16 && parameters.basis === "shape"
    ? [0.997, typical, 1.008]
    : [0.995, typical, 1.02];
}
