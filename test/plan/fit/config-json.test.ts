import { describe, expect, it } from "vitest";
import { model } from "../../../catalog/index.ts";
import { kvCost, parametersOf, shapeFromConfig } from "../../../plan/fit/index.ts";

const read = (config: Record<string, unknown>) => {
  const shape = shapeFromConfig(config, { repo: "local", totalBytes: null });
  if ("unknown" in shape) throw new Error(shape.unknown);
  return shape;
};
const total = (config: Record<string, unknown>) => {
  const parameters = parametersOf(read(config));
  if ("unknown" in parameters) throw new Error(parameters.unknown);
  // Rows count the language model.
  return parameters.total - (read(config).visionParamsB ?? 0) * 1e9;
};
const kvBytes = (config: Record<string, unknown>) => {
  const cost = kvCost(read(config), { tensor: 1, pipeline: 1, dtype: "auto", inFlightTokens: 2048 });
  if ("unknown" in cost) throw new Error(cost.unknown);
  return cost.bytesPerToken;
};

/** config.json as published, less what the fit does not read. */
const PUBLISHED = {
  "meta-llama/Llama-3.1-8B-Instruct": {
    model_type: "llama",
    hidden_size: 4096,
    intermediate_size: 14336,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    vocab_size: 128256,
    max_position_embeddings: 131072,
    tie_word_embeddings: false,
    torch_dtype: "bfloat16",
  },
  "Qwen/Qwen3-30B-A3B": {
    model_type: "qwen3_moe",
    hidden_size: 2048,
    intermediate_size: 6144,
    moe_intermediate_size: 768,
    num_hidden_layers: 48,
    num_attention_heads: 32,
    num_key_value_heads: 4,
    head_dim: 128,
    num_experts: 128,
    num_experts_per_tok: 8,
    vocab_size: 151936,
    tie_word_embeddings: false,
    sliding_window: null,
  },
  "mistralai/Mixtral-8x7B-Instruct-v0.1": {
    model_type: "mixtral",
    hidden_size: 4096,
    intermediate_size: 14336,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    num_local_experts: 8,
    num_experts_per_tok: 2,
    vocab_size: 32000,
    tie_word_embeddings: false,
  },
  "google/gemma-3-12b-it": {
    model_type: "gemma3",
    vision_config: { hidden_size: 1152, intermediate_size: 4304, num_hidden_layers: 27, patch_size: 14 },
    text_config: {
      model_type: "gemma3_text",
      hidden_size: 3840,
      intermediate_size: 15360,
      num_hidden_layers: 48,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 256,
      vocab_size: 262144,
      sliding_window: 1024,
    },
  },
  "openai/gpt-oss-20b": {
    model_type: "gpt_oss",
    hidden_size: 2880,
    intermediate_size: 2880,
    num_hidden_layers: 24,
    num_attention_heads: 64,
    num_key_value_heads: 8,
    head_dim: 64,
    num_local_experts: 32,
    num_experts_per_tok: 4,
    sliding_window: 128,
    vocab_size: 201088,
    tie_word_embeddings: false,
    quantization_config: { quant_method: "mxfp4" },
  },
  "deepseek-ai/DeepSeek-R1": {
    model_type: "deepseek_v3",
    hidden_size: 7168,
    intermediate_size: 18432,
    moe_intermediate_size: 2048,
    num_hidden_layers: 61,
    num_attention_heads: 128,
    num_key_value_heads: 128,
    q_lora_rank: 1536,
    kv_lora_rank: 512,
    qk_nope_head_dim: 128,
    qk_rope_head_dim: 64,
    v_head_dim: 128,
    first_k_dense_replace: 3,
    n_routed_experts: 256,
    n_shared_experts: 1,
    num_experts_per_tok: 8,
    vocab_size: 129280,
    tie_word_embeddings: false,
    quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] },
  },
  "microsoft/Phi-3.5-mini-instruct": {
    model_type: "phi3",
    hidden_size: 3072,
    intermediate_size: 8192,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 32,
    vocab_size: 32064,
    max_position_embeddings: 131072,
    sliding_window: 262144,
    tie_word_embeddings: false,
  },
};

describe("a config.json", () => {
  it.each(Object.entries(PUBLISHED))("of %s gives the KV bytes of its catalogue row", (repo, config) => {
    expect(kvBytes(config)).toBe(model(repo)!.kvBytesPerTokenBf16Tp1);
  });

  it.each(Object.entries(PUBLISHED))("of %s gives the stated number of weights", (repo, config) => {
    const stated = model(repo)!.paramsTotalB! * 1e9;
    // A gpt-oss card rounds 20.9 up to 21.
    expect(Math.abs(total(config) / stated - 1)).toBeLessThan(repo.startsWith("openai") ? 0.015 : 0.005);
  });

  it("of a 4-bit build keeps its group size", () => {
    const awq = { quant_method: "awq", bits: 4, group_size: 64 };
    const shape = read({ ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], quantization_config: awq });
    expect(shape).toMatchObject({ weightsDtype: "int4", quantMethod: "awq", quantGroupSize: 64 });
  });

  it.each([
    [{}, "architecture (no model_type)"],
    [{ model_type: "rwkv7" }, "architecture rwkv7"],
    [{ model_type: "llama", hidden_size: 1, num_attention_heads: 1, vocab_size: 1 }, "num_hidden_layers"],
    [{ ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], vocab_size: "many" }, "vocab_size"],
    [
      { ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], quantization_config: { quant_method: "new" } },
      "quantization_config.quant_method new",
    ],
  ])("that lacks something names it (%#)", (config, unknown) => {
    expect(shapeFromConfig(config, { repo: "local", totalBytes: null })).toEqual({ unknown });
  });
});
