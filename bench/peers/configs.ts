import type { ModelShape } from "../../catalog/index.ts";

/** Repositories of the same shape under the name that the wheel carries. */
const SAME_SHAPE: Record<string, string> = {
  "Qwen/Qwen3-235B-A22B-Instruct-2507": "Qwen/Qwen3-235B-A22B",
  "mistralai/Mixtral-8x7B-Instruct-v0.1": "mistralai/Mixtral-8x7B-v0.1",
};

/** `architectures` of config.json, by the name of the repository; the first match holds. */
const ARCHITECTURES: readonly [RegExp, string][] = [
  [/Qwen3\.5-.*-A\d/, "Qwen3_5MoeForConditionalGeneration"],
  [/Qwen3\.5-/, "Qwen3_5ForConditionalGeneration"],
  [/Qwen3-.*-A\d/, "Qwen3MoeForCausalLM"],
  [/Qwen3-/, "Qwen3ForCausalLM"],
  [/Qwen2\.5|QwQ|Distill-Qwen/, "Qwen2ForCausalLM"],
  [/[Ll]lama/, "LlamaForCausalLM"],
  [/[Pp]hi-4/, "Phi3ForCausalLM"],
  [/GLM-4\.[56]/, "Glm4MoeForCausalLM"],
  [/Mixtral/, "MixtralForCausalLM"],
  [/gpt-oss/, "GptOssForCausalLM"],
  [/DeepSeek-V3\.2/, "DeepseekV32ForCausalLM"],
  [/DeepSeek-(R1|V3)/, "DeepseekV3ForCausalLM"],
  [/Kimi-K2\.5/, "KimiK25ForConditionalGeneration"],
];

/** Repositories whose config.json describes the model, first choice first. */
export function namesOf({ repo }: ModelShape, quantization: string): string[] {
  if (repo === "moonshotai/Kimi-K2.5" && quantization === "nvfp4") return ["nvidia/Kimi-K2.5-NVFP4"];
  return [repo, ...(SAME_SHAPE[repo] === undefined ? [] : [SAME_SHAPE[repo]])];
}

/** The fields of config.json that aiconfigurator reads, from the catalogue; weights are described by its flags instead. */
export function configOf(shape: ModelShape): Record<string, unknown> {
  const architecture = ARCHITECTURES.find(([pattern]) => pattern.test(shape.repo))?.[1] ?? "unknown";
  const text = {
    num_hidden_layers: shape.layers,
    hidden_size: shape.hiddenSize,
    intermediate_size: shape.intermediateSize,
    num_attention_heads: shape.attentionHeads,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.headDim,
    vocab_size: shape.vocabSize,
    max_position_embeddings: shape.maxPositionEmbeddings,
    tie_word_embeddings: shape.tieWordEmbeddings,
    ...(shape.moeExperts !== null && {
      num_experts: shape.moeExperts,
      num_experts_per_tok: shape.moeTopK,
      moe_intermediate_size: shape.moeIntermediateSize,
    }),
  };
  const head = { architectures: [architecture], torch_dtype: "bfloat16" };
  if (!architecture.startsWith("Qwen3_5")) return { ...head, ...text };
  return { ...head, text_config: { ...text, ...linearLayers(shape) } };
}

/** Gated delta net: query and key share the head count, so that the convolution is 2 · key + value channels wide. */
function linearLayers(shape: ModelShape): Record<string, unknown> {
  const state = shape.cacheLayers?.find((layers) => layers.kind === "state")?.state;
  if (!state || !shape.fullAttentionLayers) return {};
  const interval = shape.layers / shape.fullAttentionLayers;
  const keyChannels = (state.convChannels - state.heads * state.headDim) / 2;
  return {
    layer_types: Array.from({ length: shape.layers }, (_, i) =>
      (i + 1) % interval === 0 ? "full_attention" : "linear_attention",
    ),
    linear_num_key_heads: keyChannels / state.stateDim,
    linear_key_head_dim: state.stateDim,
    linear_num_value_heads: state.heads,
    linear_value_head_dim: state.headDim,
    linear_conv_kernel_dim: state.convTokens + 1,
  };
}
