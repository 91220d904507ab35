import type { CacheLayers, ModelShape } from "../../catalog/index.ts";
import { headsOf } from "./config-attention.ts";
import { type Family, familyOf } from "./config-families.ts";
import { Fields } from "./config-fields.ts";
import { indexBytes, latentWidth, layersOf } from "./config-layers.ts";
import type { Layer, Mixer } from "./config-mixers.ts";
import { type Counted, countWeights, denseWidth, type Experts, expertsOf } from "./config-parameters.ts";
import { contextLength } from "./config-positions.ts";
import { weightsFormat } from "./config-quantization.ts";
import { visionWeights } from "./config-vision.ts";
import { isObject, type Json } from "./json-value.ts";
import type { Unknown } from "./types.ts";

export interface ConfigOptions {
  /** Name that documents and messages use. */
  repo: string;
  /** Bytes of all tensors (`total_size` of the safetensors index); null = not known. */
  totalBytes: number | null;
  /** Day of the file, ISO; a folder on disk carries none. */
  asOf?: string;
}

const GIB = 2 ** 30;
/** Where multimodal files keep the language model. */
const INNER = ["text_config", "llm_config", "language_config"];

/**
 * The shape of a model from its Hugging Face `config.json`. Multimodal files are read through their inner language
 * model.
 *
 * @returns the name of the first field that is missing or holds nonsense, or `architecture …` for a family that is
 * not known. Never throws.
 */
export function shapeFromConfig(file: Json, options: ConfigOptions): ModelShape | Unknown {
  const inner = INNER.map((name) => file[name]).find(isObject) ?? null;
  // Outer fields (quantization, tying) hold unless the inner part has its own.
  const config: Json = inner ? { ...file, ...inner } : file;
  const type = [inner?.["model_type"], file["model_type"]].find(
    (name): name is string => typeof name === "string" && name !== "",
  );
  const family = type === undefined ? undefined : familyOf(type);
  if (family === undefined) return { unknown: `architecture ${(type ?? "(no model_type)").slice(0, 60)}` };

  const fields = new Fields(config, family.defaults);
  const layers = layersOf(fields, family);
  const hiddenSize = fields.needed("hidden_size");
  const attentionHeads = fields.needed("num_attention_heads");
  const vocabSize = fields.needed("vocab_size");
  const maxPositionEmbeddings = contextLength(fields);
  const experts = expertsOf(fields, family);
  const intermediateSize = denseWidth(fields, family, layers);
  const tied = fields.flag("tie_word_embeddings");
  if (fields.problem !== null) return { unknown: fields.problem };
  const format = weightsFormat(config, { layers, experts: experts !== null });
  if ("unknown" in format) return format;
  const body =
    family.uncounted || hasLayerInputs(fields) ? null : countWeights(fields, family, layers, experts, tied);
  const attention = attentionFields(fields, family, layers);
  if (fields.problem !== null) return { unknown: fields.problem };
  const weights = weightsOf(file, hiddenSize, body, options.totalBytes);
  if ("unknown" in weights) return weights;
  const { stored, mixed, ...words } = format;
  if (mixed && options.totalBytes === null)
    return {
      unknown: "quantization_config: several formats (model.safetensors.index.json would tell their bytes)",
    };
  return {
    repo: options.repo,
    revision: null,
    modelType: type!,
    ...weights,
    paramsBasis: "computed from shape",
    layers: layers.length,
    hiddenSize,
    intermediateSize,
    moeIntermediateSize: experts?.width ?? null,
    attentionHeads,
    vocabSize,
    maxPositionEmbeddings,
    ...attention,
    moeExperts: experts?.count ?? null,
    moeTopK: experts?.perToken ?? null,
    sharedExperts: experts === null ? null : sharedUnits(experts),
    tieWordEmbeddings: tied,
    ...words,
    license: null,
    // 32-bit files are loaded at 16 bits.
    checkpointGib: options.totalBytes === null ? null : options.totalBytes / (stored / 2) / GIB,
    checkpointNote: noteOf(file, options, stored),
    kvBytesPerTokenBf16Tp1: null,
    source: `${options.repo}/config.json`,
    asOf: options.asOf ?? "",
  };
}

/** Gemma's small models add an embedding for every layer, whose size follows from more than its config. */
function hasLayerInputs(fields: Fields): boolean {
  return (fields.optional("hidden_size_per_layer_input") ?? 0) > 0;
}

/** Shared experts in units of one routed expert; null = none. */
function sharedUnits({ sharedWidth, width }: Experts): number | null {
  return sharedWidth === 0 ? null : sharedWidth / width;
}

function noteOf(file: Json, options: ConfigOptions, stored: 2 | 4): string | null {
  if (isObject(file["vision_config"])) return "with a vision tower";
  if (options.totalBytes === null) return null;
  return stored === 4 ? "sum of the tensors, half of it: stored at 32 bits" : "sum of the tensors";
}

type Weights = Pick<ModelShape, "paramsTotalB" | "paramsActiveB" | "visionParamsB" | "expertParamsB">;

/** Counted weights, towers included. Without a count the bytes of the checkpoint must be known. */
function weightsOf(
  file: Json,
  hiddenSize: number,
  body: Counted | null,
  totalBytes: number | null,
): Weights | Unknown {
  const vision = isObject(file["vision_config"]) ? visionWeights(file["vision_config"], hiddenSize) : 0;
  const unsized = ["audio_config", "sound_config", "speech_config"].find((name) => isObject(file[name]));
  const isKnown = body !== null && typeof vision === "number" && unsized === undefined;
  const visionParamsB = typeof vision === "number" && vision > 0 ? vision / 1e9 : null;
  const parts = {
    paramsActiveB: body === null ? null : body.active / 1e9,
    expertParamsB: body === null || body.experts === 0 ? null : body.experts / 1e9,
    visionParamsB,
  };
  if (isKnown) return { paramsTotalB: (body.total + vision) / 1e9, ...parts };
  if (totalBytes !== null) return { paramsTotalB: null, ...parts };
  if (typeof vision !== "number") return vision;
  return { unknown: `${unsized ?? "the number of weights"} (model.safetensors.index.json would tell)` };
}

type Attention = Pick<
  ModelShape,
  | "kvHeads"
  | "headDim"
  | "attentionType"
  | "slidingWindow"
  | "fullAttentionLayers"
  | "slidingOrLinearLayers"
  | "kvLoraRank"
  | "qkRopeHeadDim"
  | "cacheLayers"
>;

function attentionFields(fields: Fields, family: Family, layers: readonly Layer[]): Attention {
  const groups = cacheGroups(fields, layers);
  const isLatent = family.pattern === "latent" || family.pattern === "kimi delta";
  const heads = isLatent ? null : headsOf(fields);
  const count = (...kinds: string[]) =>
    groups.filter(({ kind }) => kinds.includes(kind)).reduce((sum, group) => sum + group.layers, 0);
  const [full, local, state] = [count("full", "latent"), count("window", "chunk"), count("state")];
  const base = {
    kvHeads: heads?.kvHeads ?? fields.needed("num_attention_heads"),
    headDim: heads?.keyDim ?? null,
    kvLoraRank: isLatent ? fields.needed("kv_lora_rank") : null,
    qkRopeHeadDim: isLatent ? fields.needed("qk_rope_head_dim") : null,
  };
  const isUniform =
    groups.length === 1 &&
    full === layers.length &&
    !groups.some((group) => "indexBytes" in group && group.indexBytes > 0);
  if (isUniform || (isLatent && state === 0)) {
    const name = isLatent ? "mla" : base.kvHeads === fields.needed("num_attention_heads") ? "mha" : "gqa";
    return {
      ...base,
      attentionType: name,
      slidingWindow: null,
      fullAttentionLayers: null,
      slidingOrLinearLayers: null,
      cacheLayers: isUniform ? null : groups,
    };
  }
  return {
    ...base,
    attentionType: mixedName(groups, state > 0, full > 0),
    slidingWindow: groups.find((group) => "window" in group)?.window ?? null,
    fullAttentionLayers: full,
    slidingOrLinearLayers: local + state,
    cacheLayers: groups,
  };
}

function mixedName(groups: readonly CacheLayers[], hasState: boolean, hasFull: boolean): string {
  if (hasState)
    return groups.some(({ kind }) => kind === "latent") ? "mla + recurrent hybrid" : "gqa + recurrent hybrid";
  const local = groups.some(({ kind }) => kind === "chunk") ? "chunked-local" : "sliding";
  return hasFull ? `gqa, ${local} + full` : `gqa, ${local}`;
}

/** Layers that keep something, grouped by what that is. */
function cacheGroups(fields: Fields, layers: readonly Layer[]): CacheLayers[] {
  const groups = new Map<string, CacheLayers>();
  const add = (group: CacheLayers) => {
    const key = JSON.stringify({ ...group, layers: 0 });
    const known = groups.get(key);
    groups.set(key, known ? { ...known, layers: known.layers + group.layers } : group);
  };
  const index = indexBytes(fields, layers.length);
  for (const [position, layer] of layers.entries())
    if (!layer.shared) for (const mixer of layer.mixers) add(cacheOf(fields, mixer, index(position)));
  return [...groups.values()];
}

function cacheOf(fields: Fields, mixer: Mixer, index: number): CacheLayers {
  if (mixer.kind === "latent")
    return { layers: 1, kind: "latent", width: latentWidth(fields), indexBytes: index };
  if (mixer.kind === "state") return { layers: 1, kind: "state", state: mixer.state };
  // Keys and values of different size take as much as two of their mean.
  const common = { layers: 1, kvHeads: mixer.kvHeads, headDim: (mixer.keyDim + mixer.valueDim) / 2 };
  return mixer.kind === "full"
    ? { ...common, kind: "full" }
    : { ...common, kind: mixer.kind, window: mixer.window };
}
