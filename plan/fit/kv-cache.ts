import type { ModelShape } from "../../catalog/index.ts";
import type { Range, Unknown } from "./types.ts";

/** What the KV cache costs on one GPU. Bytes. */
export interface KvCost {
  /** Of layers whose cache grows with every token; the fullest pipeline stage. */
  bytesPerToken: number;
  /** Of one request of that many tokens, fixed parts (windows, states) included. */
  perRequest(tokens: number): Range;
  /** Blocks of recurrent state that a cache of that size has; null for a model without such layers. */
  stateBlocks: ((cacheBytes: Range) => Range) | null;
}

export interface KvSettings {
  tensor: number;
  pipeline: number;
  dtype: "auto" | "fp8";
  /** Tokens that may be written before the window moves: batches in flight times their length. */
  inFlightTokens: number;
}

const BLOCK = 16;
/** Recurrent state of one gated-delta or mamba layer and sequence, bytes: pages seen in logs and 32 to 64 heads. */
const STATE_PAGE: Range = { low: 2.1e6, expected: 3.2e6, high: 4.2e6 };

/**
 * Bytes of KV cache of a model, per GPU. Sources: vLLM `v1/kv_cache_interface.py`.
 *
 * - MHA, GQA: `2 · max(1, kvHeads / TP) · headDim · b` per layer; heads are copied when there are more ranks than heads.
 * - MLA: `(kvLoraRank + qkRopeHeadDim) · b` per layer, the same on every rank.
 * - Sliding-window layers stop growing at the window; recurrent layers hold a fixed state per sequence.
 *
 * `b` is 2, or 1 with an fp8 cache; it does not follow the quantization of the weights.
 *
 * @returns the name of the missing field where the shape does not tell.
 */
export function kvCost(shape: ModelShape, settings: KvSettings): KvCost | Unknown {
  const { tensor, pipeline, dtype } = settings;
  const bytes = dtype === "fp8" ? 1 : 2;
  const type = shape.attentionType.toLowerCase();
  const onStage = (layers: number) => Math.ceil(layers / pipeline);

  if (shape.kvLoraRank !== null) {
    if (shape.qkRopeHeadDim === null) return { unknown: "qkRopeHeadDim" };
    const bytesPerToken = onStage(shape.layers) * (shape.kvLoraRank + shape.qkRopeHeadDim) * bytes;
    return {
      bytesPerToken,
      perRequest: (tokens) => same(bytesPerToken * blocks(tokens)),
      stateBlocks: null,
    };
  }
  const mixed = /sliding|local|swa|hybrid|mamba|delta|linear/.test(type);
  if (mixed && shape.fullAttentionLayers === null) return { unknown: "fullAttentionLayers" };
  // Global layers of another shape than the row's: only a stated figure can be trusted.
  if (type.includes("global layers")) return { unknown: "shape of the global attention layers" };
  if (shape.kvHeads === null) return { unknown: "kvHeads" };
  if (shape.headDim === null) return { unknown: "headDim" };

  const heads = Math.max(1, Math.floor(shape.kvHeads / tensor));
  const perLayer = 2 * heads * shape.headDim * bytes;
  const growing = mixed ? shape.fullAttentionLayers! : shape.layers;
  const other = mixed ? (shape.slidingOrLinearLayers ?? 0) : 0;
  const bytesPerToken = onStage(growing) * perLayer;

  if (other === 0 || shape.slidingWindow !== null) {
    const window = shape.slidingWindow ?? 0;
    return {
      bytesPerToken,
      perRequest(tokens) {
        const held = blocks(Math.min(window - 1 + settings.inFlightTokens, tokens)) + BLOCK;
        return same(bytesPerToken * blocks(tokens) + onStage(other) * perLayer * held);
      },
      stateBlocks: null,
    };
  }
  // Recurrent layers: a page of state per layer, two with prefix caching; attention pages are as large.
  const page = scaleBy(STATE_PAGE, 1 / tensor);
  const stateLayers = onStage(other);
  const groupLayers = onStage(Math.min(growing, other));
  return {
    bytesPerToken,
    perRequest(tokens) {
      const grown = bytesPerToken * blocks(tokens);
      return {
        low: grown + stateLayers * page.low,
        expected: grown + 2 * stateLayers * page.expected,
        high: grown + 2 * stateLayers * page.high,
      };
    },
    stateBlocks: (cache) => ({
      low: Math.max(0, Math.floor(cache.low / (page.high * groupLayers))),
      expected: Math.max(0, Math.floor(cache.expected / (page.expected * groupLayers))),
      high: Math.max(0, Math.floor(cache.high / (page.low * groupLayers))),
    }),
  };
}

/** Tokens rounded up to whole cache blocks. */
function blocks(tokens: number): number {
  return Math.ceil(Math.max(0, tokens) / BLOCK) * BLOCK;
}

function same(value: number): Range {
  return { low: value, expected: value, high: value };
}

function scaleBy(range: Range, factor: number): Range {
  return { low: range.low * factor, expected: range.expected * factor, high: range.high * factor };
}
