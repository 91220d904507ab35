import type { CacheLayers, ModelShape } from "../../catalog/index.ts";
import type { Unknown } from "./types.ts";

export type CacheKind = CacheLayers["kind"];

/** Layers of one kind as one GPU holds them; the fullest pipeline stage. */
export interface RankLayers {
  kind: CacheKind;
  layers: number;
  /** Bytes that one layer keeps of one token; 0 for recurrent layers. */
  tokenBytes: number;
  /** The same without an index beside the latent: what a recurrent state has to fit into. */
  pageTokenBytes: number;
  /** Tokens; Infinity where nothing is given up. */
  window: number;
  /** Recurrent state of one sequence in one layer, bytes; 0 for the other kinds. */
  stateBytes: number;
}

/**
 * Kinds of layers of a model: those that its row spells out, else what its flat fields say.
 *
 * @returns the name of the missing field where they do not tell.
 */
export function kindsOf(shape: ModelShape): readonly CacheLayers[] | Unknown {
  if (shape.cacheLayers) return shape.cacheLayers;
  const type = shape.attentionType.toLowerCase();
  if (shape.kvLoraRank !== null) {
    if (shape.qkRopeHeadDim === null) return { unknown: "qkRopeHeadDim" };
    const width = shape.kvLoraRank + shape.qkRopeHeadDim;
    return [{ kind: "latent", layers: shape.layers, width, indexBytes: 0 }];
  }
  const mixed = /sliding|local|swa|hybrid|mamba|delta|linear/.test(type);
  if (mixed && shape.fullAttentionLayers === null) return { unknown: "fullAttentionLayers" };
  // Global layers of another shape than the row's: only a row that spells them out can be trusted.
  if (type.includes("global layers")) return { unknown: "shape of the global attention layers" };
  const { kvHeads, headDim } = shape;
  if (kvHeads === null) return { unknown: "kvHeads" };
  if (headDim === null) return { unknown: "headDim" };
  if (!mixed) return [{ kind: "full", layers: shape.layers, kvHeads, headDim }];
  const other = shape.slidingOrLinearLayers ?? 0;
  const full: CacheLayers = { kind: "full", layers: shape.fullAttentionLayers!, kvHeads, headDim };
  if (other === 0) return [full];
  if (shape.slidingWindow === null) return { unknown: "shape of the recurrent state" };
  const windowed: CacheLayers = {
    kind: "window",
    layers: other,
    kvHeads,
    headDim,
    window: shape.slidingWindow,
  };
  return full.layers === 0 ? [windowed] : [full, windowed];
}

/** Bytes on one rank; a head is cut no further than one whole head. */
export function tokensOnRank(
  of: CacheLayers,
  tensor: number,
  pipeline: number,
  bytesPerValue: 1 | 2,
): RankLayers {
  const layers = Math.ceil(of.layers / pipeline);
  const none = { kind: of.kind, layers, window: Number.POSITIVE_INFINITY, stateBytes: 0 };
  if (of.kind === "state") {
    const { convChannels, convTokens, heads, headDim, stateDim, stateBytes } = of.state;
    // The convolution keeps the type of the model, whatever the cache has.
    const bytes = (convChannels * convTokens * 2 + heads * headDim * stateDim * stateBytes) / tensor;
    return { ...none, tokenBytes: 0, pageTokenBytes: 0, stateBytes: bytes };
  }
  if (of.kind === "latent") {
    const pageTokenBytes = of.width * bytesPerValue;
    return { ...none, tokenBytes: pageTokenBytes + of.indexBytes, pageTokenBytes };
  }
  const heads = Math.max(1, Math.floor(of.kvHeads / tensor));
  const tokenBytes = 2 * heads * of.headDim * bytesPerValue;
  const window = of.kind === "full" ? Number.POSITIVE_INFINITY : of.window;
  return { ...none, tokenBytes, pageTokenBytes: tokenBytes, window };
}
