import type { ModelShape } from "../../catalog/index.ts";
import { kindsOf } from "./cache-layers.ts";
import { nativeQuantization, quantization } from "./quantization.ts";
import type { Unknown } from "./types.ts";

/** Counts of weights of a whole model. */
export interface Parameters {
  total: number;
  /** Weights that one token passes through. */
  active: number;
  embedding: number;
  /** 0 where the embedding serves as lm_head. */
  lmHead: number;
  /** q, k, v and o projections of all layers; null = the shape does not tell. */
  attention: number | null;
  /** k and v projections, which TP beyond the KV heads copies; null = not known, 0 under MLA. */
  keyValue: number | null;
  /** Routed experts, 0 for a dense model. */
  experts: number;
  /** Routers and MLA down-projections: one copy on every GPU. */
  replicated: number;
  /** Vision tower; part of `total`. */
  vision: number;
  /** MLP weights of one layer; null = the shape does not tell. */
  mlpPerLayer: number | null;
  /** How `total` was found. */
  basis: "shape" | "stated" | "checkpoint";
}

/**
 * Largest share by which a count from the shape may differ from the stated one and still be taken. A stated "120B" is
 * rounded; more room is given only where no dense layer can hide between the expert layers.
 */
const SAME = { exact: 0.01, rounded: 0.05 };
const GIB = 2 ** 30;

/**
 * Counts the weights of a model from its shape: `V·H` for the embedding (twice where it is not tied), `2·H·D·(heads +
 * kvHeads)` for attention, `3·H·I` for a gated MLP, `E·3·H·Im` for experts. Where the shape does not tell all of it
 * (MLA, linear attention, dense first layers), the stated total or an unquantized checkpoint fills the rest.
 *
 * @returns the name of the missing field where neither gives a total.
 */
export function parametersOf(shape: ModelShape): Parameters | Unknown {
  const { hiddenSize: H, layers, intermediateSize } = shape;
  const vocab = shape.vocabSize;
  const embedding = vocab === null ? 0 : vocab * H;
  const lmHead = shape.tieWordEmbeddings === true ? 0 : embedding;
  const isMla = shape.kvLoraRank !== null;
  const vision = (shape.visionParamsB ?? 0) * 1e9;
  const { attention, keyValue } = attentionOf(shape);

  const isMoe = shape.moeExperts !== null;
  const expertWidth = shape.moeIntermediateSize;
  const perLayerExperts = isMoe && expertWidth !== null ? shape.moeExperts! * 3 * H * expertWidth : 0;
  const perLayerShared = isMoe && expertWidth !== null ? (shape.sharedExperts ?? 0) * 3 * H * expertWidth : 0;
  const router = isMoe ? H * shape.moeExperts! : 0;
  const mlpPerLayer = isMoe
    ? expertWidth === null
      ? null
      : perLayerExperts + perLayerShared
    : intermediateSize === null
      ? null
      : 3 * H * intermediateSize;

  const norms = (2 * layers + 1) * H;
  const counted =
    attention !== null && mlpPerLayer !== null && vocab !== null
      ? embedding + lmHead + attention + layers * (mlpPerLayer + router) + norms + vision
      : null;
  const stated = statedTotal(shape);
  if (counted === null && stated === null) return { unknown: missingField(shape) };
  // A count from the shape is exact where it agrees with the stated figure, which is rounded.
  const noDenseLayers = isMoe && (intermediateSize === null || intermediateSize === expertWidth);
  const isRounded = !isMoe && /^(name|card)/.test(shape.paramsBasis);
  const same = noDenseLayers || isRounded ? SAME.rounded : SAME.exact;
  const takeCount =
    counted !== null && (stated === null || Math.abs(counted - stated.total) <= same * stated.total);
  const total = takeCount ? counted : stated!.total;

  let experts = layers * perLayerExperts;
  if (shape.expertParamsB != null) experts = shape.expertParamsB * 1e9;
  else if (!takeCount && perLayerExperts > 0) {
    // Some families start with dense layers: the most expert layers that the stated total leaves room for.
    let expertLayers = layers;
    while (expertLayers > 1 && expertLayers * perLayerExperts + embedding + lmHead > 0.99 * total)
      expertLayers--;
    experts = expertLayers * perLayerExperts;
  }
  const latent = isMla ? layers * H * (shape.kvLoraRank! + (shape.qkRopeHeadDim ?? 0)) : 0;
  const statedActive = shape.paramsActiveB !== null ? shape.paramsActiveB * 1e9 : null;
  const touched = isMoe && shape.moeTopK !== null ? (experts * shape.moeTopK) / shape.moeExperts! : experts;
  return {
    total,
    active: isMoe ? (statedActive ?? total - experts + touched) : total,
    embedding,
    lmHead,
    attention,
    keyValue,
    experts,
    replicated: layers * router + latent + norms,
    vision,
    mlpPerLayer: isMoe ? null : mlpPerLayer,
    basis: takeCount ? "shape" : stated!.basis,
  };
}

/** Projections of all layers, as far as every layer is plain attention; layers of other shapes count with their own. */
function attentionOf(shape: ModelShape): { attention: number | null; keyValue: number | null } {
  if (shape.kvLoraRank !== null) return { attention: null, keyValue: 0 };
  const kinds = kindsOf(shape);
  if ("unknown" in kinds) return { attention: null, keyValue: null };
  let [attention, keyValue] = [0, 0];
  for (const kind of kinds) {
    if (kind.kind === "state") return { attention: null, keyValue: null };
    if (kind.kind === "latent") return { attention: null, keyValue: 0 };
    const width = kind.layers * 2 * shape.hiddenSize * kind.headDim;
    keyValue += width * kind.kvHeads;
    attention += width * (shape.attentionHeads + kind.kvHeads);
  }
  return { attention, keyValue };
}

function statedTotal(shape: ModelShape): { total: number; basis: "stated" | "checkpoint" } | null {
  const bytes = shape.checkpointGib === null ? null : shape.checkpointGib * GIB;
  // The file says more than a name such as "24B", and counts a vision tower that a name may leave out.
  if (bytes !== null && /^(bf16|fp16)$/i.test(shape.weightsDtype))
    return { total: bytes / 2, basis: "checkpoint" };
  if (shape.paramsTotalB !== null) return { total: shape.paramsTotalB * 1e9, basis: "stated" };
  const name = bytes === null ? undefined : nativeQuantization(shape);
  if (name === undefined) return null;
  return { total: (bytes! * 8) / quantization(name, shape, true).bits, basis: "checkpoint" };
}

function missingField(shape: ModelShape): string {
  if (shape.vocabSize === null) return "vocabSize";
  if (shape.moeExperts !== null && shape.moeIntermediateSize === null) return "moeIntermediateSize";
  if (shape.moeExperts === null && shape.intermediateSize === null) return "intermediateSize";
  if (shape.kvHeads === null) return "kvHeads";
  if (shape.headDim === null) return "headDim";
  return "paramsTotalB";
}
