import type { ModelShape } from "../../catalog/index.ts";
import { countedParameters } from "./config-parameters.ts";
import { weightsFormat } from "./config-quantization.ts";
import { isObject, type Json, number } from "./json-value.ts";
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
/** `model_type` of dense decoders with a gated MLP. */
const DENSE = new Set([
  "llama",
  "mistral",
  "qwen2",
  "qwen3",
  "phi3",
  "gemma",
  "gemma2",
  "gemma3",
  "gemma3_text",
  "mistral3",
  "ministral3",
  "qwen2_vl",
  "qwen2_5_vl",
  "qwen3_vl",
  "qwen2_5_vl_text",
  "qwen3_vl_text",
  "qwen3_5",
  "qwen3_5_text",
  "glm4",
]);
const EXPERTS = new Set([
  "mixtral",
  "qwen2_moe",
  "qwen3_moe",
  "qwen3_next",
  "qwen3_5_moe",
  "qwen3_5_moe_text",
  "qwen3_vl_moe",
  "qwen3_vl_moe_text",
  "gpt_oss",
  "phimoe",
  "glm4_moe",
  "minimax_m2",
  "deepseek_v2",
  "deepseek_v3",
  "deepseek_v32",
  "kimi_k2",
]);
/** Families whose Hugging Face class shares embedding and lm_head where the file does not say. */
const TIED_BY_DEFAULT = /^gemma/;

/**
 * The shape of a model from its Hugging Face `config.json`. Multimodal files are read through their `text_config`.
 *
 * @returns the name of the first field that is missing, or `architecture …` for a family that is not known.
 */
export function shapeFromConfig(file: Json, options: ConfigOptions): ModelShape | Unknown {
  const text = isObject(file["text_config"]) ? file["text_config"] : null;
  // Outer fields (quantization, tying) hold unless the text part has its own.
  const config: Json = text ? { ...file, ...text } : file;
  const outer = typeof file["model_type"] === "string" ? file["model_type"] : "";
  const type = typeof config["model_type"] === "string" ? config["model_type"] : outer;
  const isMoe = EXPERTS.has(type);
  if (!isMoe && !DENSE.has(type))
    return { unknown: `architecture ${type === "" ? "(no model_type)" : type}` };

  const layers = number(config, "num_hidden_layers");
  const hiddenSize = number(config, "hidden_size");
  const attentionHeads = number(config, "num_attention_heads");
  const vocabSize = number(config, "vocab_size");
  if (layers === null) return { unknown: "num_hidden_layers" };
  if (hiddenSize === null) return { unknown: "hidden_size" };
  if (attentionHeads === null) return { unknown: "num_attention_heads" };
  if (vocabSize === null) return { unknown: "vocab_size" };
  const intermediateSize = number(config, "intermediate_size");
  const experts = isMoe ? number(config, "num_local_experts", "num_experts", "n_routed_experts") : null;
  // Families without an own width give it as intermediate_size.
  const expertWidth = isMoe ? (number(config, "moe_intermediate_size") ?? intermediateSize) : null;
  if (isMoe && experts === null) return { unknown: "num_experts" };
  if (isMoe && expertWidth === null) return { unknown: "moe_intermediate_size" };
  const topK = number(config, "num_experts_per_tok");
  if (isMoe && topK === null) return { unknown: "num_experts_per_tok" };
  if (!isMoe && intermediateSize === null) return { unknown: "intermediate_size" };

  const attention = attentionOf(config, layers, hiddenSize / attentionHeads);
  if ("unknown" in attention) return attention;
  const format = weightsFormat(config);
  if ("unknown" in format) return format;
  const tied = config["tie_word_embeddings"];
  const hasVision = isObject(file["vision_config"]);
  return {
    repo: options.repo,
    revision: null,
    ...countedParameters(config),
    paramsBasis: "computed from shape",
    layers,
    hiddenSize,
    intermediateSize,
    moeIntermediateSize: expertWidth,
    attentionHeads,
    vocabSize,
    maxPositionEmbeddings: number(config, "max_position_embeddings"),
    ...attention,
    moeExperts: experts,
    moeTopK: topK,
    sharedExperts: isMoe ? sharedExperts(config, expertWidth!) : null,
    tieWordEmbeddings: typeof tied === "boolean" ? tied : TIED_BY_DEFAULT.test(type),
    ...format,
    license: null,
    checkpointGib: options.totalBytes === null ? null : options.totalBytes / GIB,
    checkpointNote: hasVision
      ? "with a vision tower"
      : options.totalBytes === null
        ? null
        : "sum of the tensors",
    kvBytesPerTokenBf16Tp1: null,
    source: `${options.repo}/config.json`,
    asOf: options.asOf ?? "",
  };
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
>;

function attentionOf(config: Json, layers: number, evenHead: number): Attention | Unknown {
  const heads = number(config, "num_attention_heads")!;
  const none = { slidingWindow: null, fullAttentionLayers: null, slidingOrLinearLayers: null };
  const rank = number(config, "kv_lora_rank");
  if (rank !== null) {
    const rope = number(config, "qk_rope_head_dim");
    if (rope === null) return { unknown: "qk_rope_head_dim" };
    return {
      ...none,
      kvHeads: heads,
      headDim: null,
      attentionType: "mla",
      kvLoraRank: rank,
      qkRopeHeadDim: rope,
    };
  }
  const kvHeads = number(config, "num_key_value_heads") ?? heads;
  const headDim = number(config, "head_dim") ?? evenHead;
  const base = { kvHeads, headDim, kvLoraRank: null, qkRopeHeadDim: null };
  const full = fullLayers(config, layers);
  if (typeof full !== "number") return full;
  if (full === layers) return { ...base, ...none, attentionType: kvHeads === heads ? "mha" : "gqa" };
  const isLinear = isLinearHybrid(config);
  return {
    ...base,
    attentionType: isLinear ? "gqa+gated-deltanet hybrid" : "gqa, sliding/full",
    slidingWindow: isLinear ? null : number(config, "sliding_window"),
    fullAttentionLayers: full,
    slidingOrLinearLayers: layers - full,
  };
}

function isLinearHybrid(config: Json): boolean {
  const types = config["layer_types"];
  return (
    number(config, "linear_num_value_heads") !== null ||
    (Array.isArray(types) && types.includes("linear_attention"))
  );
}

/** Layers whose cache grows without bound. */
function fullLayers(config: Json, layers: number): number | Unknown {
  const types = config["layer_types"];
  if (Array.isArray(types)) return types.slice(0, layers).filter((type) => type === "full_attention").length;
  if (isLinearHybrid(config)) {
    const every = number(config, "full_attention_interval");
    return every === null ? { unknown: "full_attention_interval" } : Math.floor(layers / every);
  }
  const pattern = number(config, "sliding_window_pattern", "_sliding_window_pattern");
  const type = String(config["model_type"]);
  if (type.startsWith("gemma3")) return Math.floor(layers / (pattern ?? 6));
  if (type === "gemma2") return Math.floor(layers / 2);
  if (type === "gpt_oss") return Math.floor(layers / 2);
  // Some files carry a window that their class does not use.
  if (config["use_sliding_window"] === false || /^(qwen|phi3|phimoe|minimax|glm)/.test(type)) return layers;
  const window = number(config, "sliding_window");
  return window === null || /^(llama|deepseek|kimi)/.test(type) ? layers : 0;
}

/** Shared experts in units of one routed expert. */
function sharedExperts(config: Json, width: number): number | null {
  const shared = number(config, "n_shared_experts");
  if (shared !== null) return shared;
  const size = number(config, "shared_expert_intermediate_size");
  return size === null ? null : size / width;
}
