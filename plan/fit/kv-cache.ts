import type { ModelShape } from "../../catalog/index.ts";
import { type CacheKind, kindsOf, type RankLayers, tokensOnRank } from "./cache-layers.ts";
import type { Range, Unknown } from "./types.ts";

/** What the KV cache costs on one GPU. Bytes. */
export interface KvCost {
  /** Of layers whose cache grows with every token; the fullest pipeline stage. */
  bytesPerToken: number;
  /** Of one request of that many tokens, in whole blocks of all groups: windows, states and padding included. */
  perRequest(tokens: number): Range;
  /** Blocks of recurrent state that a cache of that size has; null for a model without such layers. */
  stateBlocks: ((cacheBytes: Range) => Range) | null;
  /** Recurrent state of one sequence in all layers of the fullest stage; 0 without such layers. */
  stateBytes: number;
  /** How the layers share the cache, for the explanation. */
  layout: CacheLayout;
}

export interface CacheLayout {
  /** Tokens of a block of the layers that keep every token. */
  blockTokens: number;
  /** Bytes of one layer's block. */
  pageBytes: number;
  /** Layers that share one block table. */
  groupLayers: number;
  kinds: RankLayers[];
}

export interface KvSettings {
  tensor: number;
  pipeline: number;
  dtype: "auto" | "fp8";
  /** Tokens that may be written before the window moves: batches in flight times their length. */
  inFlightTokens: number;
  /** Whether layers with a window give up what has left it; the first engines kept every token. Default true. */
  freesWindows?: boolean;
  /** State blocks that a sequence holds; a second one where prefix caching keeps a checkpoint. Default 1, 2, 2. */
  statesPerRequest?: Range;
}

/** Tokens of a block before anything enlarges it. */
const BLOCK = 16;
/** Kernels for latent attention need blocks of this many tokens beside recurrent layers. */
const LATENT_BLOCK = 128;
const STATES: Range = { low: 1, expected: 2, high: 2 };

/**
 * Bytes of KV cache of a model, per GPU. Sources: vLLM `v1/kv_cache_interface.py`, `v1/core/kv_cache_utils.py` and
 * `platforms/interface.py`.
 *
 * - MHA, GQA: `2 · max(1, kvHeads / TP) · headDim · b` per layer and token; heads are copied when there are more ranks
 *   than heads. MLA: `(kvLoraRank + qkRopeHeadDim) · b`, the same on every rank.
 * - Sliding-window and chunked layers stop growing: `ceil(min(window - 1 + in flight, L) / block) + 1` blocks.
 * - Recurrent layers hold a fixed page per sequence. The attention block grows until its page is as large, and the
 *   state is padded to it.
 * - Layers of different kinds form groups of equal size that share one page size; the last group of a kind may be
 *   padded. Group size: the fewest layers of a kind, or the most where that is less than 1.5 times as many.
 *
 * `b` is 2, or 1 with an fp8 cache; it does not follow the quantization of the weights.
 *
 * @returns the name of the missing field where the shape does not tell.
 */
export function kvCost(shape: ModelShape, settings: KvSettings): KvCost | Unknown {
  const found = kindsOf(shape);
  if ("unknown" in found) return found;
  const bytes = settings.dtype === "fp8" ? 1 : 2;
  const kinds = found.map((kind) => tokensOnRank(kind, settings.tensor, settings.pipeline, bytes));
  const freesWindows = settings.freesWindows ?? true;
  const grows = (kind: CacheKind) =>
    kind === "full" || kind === "latent" || (!freesWindows && kind !== "state");
  const bytesPerToken = kinds.reduce((sum, k) => sum + (grows(k.kind) ? k.layers * k.tokenBytes : 0), 0);
  const state = kinds.find((k) => k.kind === "state");
  const stateBytes = state ? state.layers * state.stateBytes : 0;

  // Without a window to free or a state to keep, all layers share one table, whatever their shapes.
  const isUniform = kinds.every((k) => grows(k.kind));
  const layout = isUniform ? uniform(kinds) : grouped(kinds);
  const blocksOf = (kind: RankLayers, tokens: number, states: number): number => {
    const tokensOfBlock = blockTokens(layout, kind);
    if (kind.kind === "state") return states;
    if (grows(kind.kind)) return Math.ceil(Math.max(0, tokens) / tokensOfBlock);
    const held = Math.min(kind.window - 1 + settings.inFlightTokens, Math.max(0, tokens));
    return Math.ceil(held / tokensOfBlock) + 1;
  };
  const requestBytes = (tokens: number, states: number): number =>
    isUniform
      ? bytesPerToken * Math.ceil(Math.max(0, tokens) / BLOCK) * BLOCK
      : kinds.reduce(
          (sum, kind) => sum + Math.ceil(kind.layers / layout.groupLayers) * blocksOf(kind, tokens, states),
          0,
        ) *
        layout.pageBytes *
        layout.groupLayers;
  const states = settings.statesPerRequest ?? STATES;
  return {
    bytesPerToken,
    perRequest: (tokens) => ({
      low: requestBytes(tokens, states.low),
      expected: requestBytes(tokens, states.expected),
      high: requestBytes(tokens, states.high),
    }),
    stateBlocks: state
      ? (cache) => {
          const blocks = (size: number) =>
            Math.max(0, Math.floor(size / (layout.pageBytes * layout.groupLayers)));
          return { low: blocks(cache.low), expected: blocks(cache.expected), high: blocks(cache.high) };
        }
      : null,
    stateBytes,
    layout,
  };
}

function uniform(kinds: RankLayers[]): CacheLayout {
  const layers = kinds.reduce((sum, kind) => sum + kind.layers, 0);
  const widest = Math.max(...kinds.map((kind) => kind.tokenBytes));
  return { blockTokens: BLOCK, pageBytes: BLOCK * widest, groupLayers: layers, kinds };
}

function grouped(kinds: RankLayers[]): CacheLayout {
  const counts = kinds.map((kind) => kind.layers);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const groupLayers = most < 1.5 * fewest ? most : fewest;
  const widest = kinds.reduce((a, b) => (b.tokenBytes > a.tokenBytes ? b : a));
  const stateBytes = Math.max(0, ...kinds.map((kind) => kind.stateBytes));
  const step = stateBytes > 0 && widest.kind === "latent" ? LATENT_BLOCK : BLOCK;
  const tokens = step * Math.max(1, Math.ceil(stateBytes / (step * widest.pageTokenBytes)));
  return {
    blockTokens: tokens,
    // An index beside the latent lies in the same block and adds to it.
    pageBytes: tokens * widest.tokenBytes,
    groupLayers,
    kinds,
  };
}

/** Layers with a narrower token get longer blocks where the page divides evenly, else padded ones. */
function blockTokens(layout: CacheLayout, kind: RankLayers): number {
  if (kind.tokenBytes === 0) return layout.blockTokens;
  const page = layout.pageBytes / kind.tokenBytes;
  return Number.isInteger(page) ? page : layout.blockTokens;
}
