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

/** What makes the fields of Llama 3.1 those of a Llama 4. */
const LLAMA4 = { model_type: "llama4_text", num_local_experts: 16, num_experts_per_tok: 1 };

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

  /** Layers that see everything, and those that see a window. */
  const windows = (config: Record<string, unknown>) => {
    const shape = read({ ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], ...config });
    return [shape.fullAttentionLayers, shape.slidingOrLinearLayers, shape.slidingWindow];
  };
  const sliding = "sliding_attention";
  const full = "full_attention";

  it.each<[string, Record<string, unknown>, unknown[]]>([
    ["a window for all layers", { model_type: "mistral", sliding_window: 4096 }, [0, 32, 4096]],
    ["no window", { model_type: "mistral", sliding_window: null }, [null, null, null]],
    ["a window of 0, which means none", { model_type: "mistral", sliding_window: 0 }, [null, null, null]],
    [
      "a window as long as the longest request",
      { model_type: "phi3", sliding_window: 131072 },
      [null, null, null],
    ],
    [
      "a window that is switched off",
      { model_type: "qwen2", sliding_window: 4096, use_sliding_window: false },
      [null, null, null],
    ],
    [
      "a window that is switched on for all layers",
      { model_type: "qwen2", sliding_window: 4096, use_sliding_window: true, max_window_layers: 0 },
      [0, 32, 4096],
    ],
    [
      "a window that starts behind the last layer",
      { model_type: "qwen2", sliding_window: 4096, use_sliding_window: true, max_window_layers: 32 },
      [null, null, null],
    ],
    ["every sixth layer full", { model_type: "gemma3_text", sliding_window: 512 }, [5, 27, 512]],
    [
      "a pattern of its own",
      { model_type: "gemma3_text", sliding_window: 512, sliding_window_pattern: 4 },
      [8, 24, 512],
    ],
    [
      "a pattern in letters",
      { model_type: "exaone4", sliding_window: 4096, sliding_window_pattern: "LLLG" },
      [8, 24, 4096],
    ],
    [
      "layers one by one, which overrule a pattern",
      { model_type: "olmo3", sliding_window: 4096, layer_types: [...Array(30).fill(sliding), full, full] },
      [2, 30, 4096],
    ],
    ["chunks, every fourth layer full", { ...LLAMA4, attention_chunk_size: 8192 }, [8, 24, 8192]],
    ["no chunks", { ...LLAMA4, attention_chunk_size: null }, [null, null, null]],
    [
      "chunks by layers without rotary embedding",
      { ...LLAMA4, no_rope_layers: [...Array(31).fill(1), 0] },
      [1, 31, 8192],
    ],
  ])("with %s", (_, config, expected) => {
    expect(windows(config)).toEqual(expected);
  });

  it("whose last layers share the cache of earlier ones keeps none for them", () => {
    const types = Array.from({ length: 30 }, (_, layer) => ((layer + 1) % 5 === 0 ? full : sliding));
    const shape = shapeFromConfig(
      {
        model_type: "gemma3n_text",
        hidden_size: 2048,
        intermediate_size: 8192,
        num_hidden_layers: 30,
        num_attention_heads: 8,
        num_key_value_heads: 2,
        vocab_size: 262400,
        sliding_window: 512,
        num_kv_shared_layers: 10,
        max_position_embeddings: 32768,
        layer_types: types,
      },
      { repo: "local", totalBytes: 10e9 },
    );
    expect(shape).toMatchObject({
      layers: 30,
      cacheLayers: [
        { kind: "window", layers: 16, window: 512, kvHeads: 2, headDim: 256 },
        { kind: "full", layers: 4, kvHeads: 2, headDim: 256 },
      ],
    });
  });

  it.each<[string, Record<string, unknown>, number]>([
    ["none", {}, 131072],
    ["linear", { type: "linear", factor: 4 }, 524288],
    ["llama3, which is stated already", { rope_type: "llama3", factor: 8 }, 131072],
    [
      "YaRN, which is stated already",
      { rope_type: "yarn", factor: 4, original_max_position_embeddings: 32768 },
      131072,
    ],
  ])("has the context that its scaling (%s) gives", (_, rope_scaling, context) => {
    const config = { ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], rope_scaling };
    expect(read(config).maxPositionEmbeddings).toBe(context);
  });

  it.each([
    [{}, "architecture (no model_type)"],
    [{ model_type: "rwkv7" }, "architecture rwkv7"],
    [{ model_type: "llama", hidden_size: 1, num_attention_heads: 1, vocab_size: 1 }, "num_hidden_layers"],
    [{ ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], vocab_size: "many" }, "vocab_size"],
    [
      {
        ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"],
        model_type: "qwen2",
        sliding_window: 4096,
        use_sliding_window: true,
        max_window_layers: 16,
      },
      "max_window_layers",
    ],
    [{ ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], layer_types: ["full_attention"] }, "layer_types"],
    [
      { ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], layer_types: Array(32).fill("new_attention") },
      "layer_types",
    ],
    [
      { ...PUBLISHED["meta-llama/Llama-3.1-8B-Instruct"], quantization_config: { quant_method: "new" } },
      "quantization_config.quant_method new",
    ],
  ])("that lacks something names it (%#)", (config, unknown) => {
    expect(shapeFromConfig(config, { repo: "local", totalBytes: null })).toEqual({ unknown });
  });
});
