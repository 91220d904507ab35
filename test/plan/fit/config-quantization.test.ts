import { describe, expect, it } from "vitest";
import { engine, gpu, type ModelShape } from "../../../catalog/index.ts";
import { fitReplica, shapeFromConfig } from "../../../plan/fit/index.ts";
import { nativeQuantization, quantization } from "../../../plan/fit/quantization.ts";

/** Qwen/Qwen3-30B-A3B and meta-llama/Llama-3.1-8B-Instruct, less what does not bear on the format. */
const DENSE = {
  model_type: "llama",
  hidden_size: 4096,
  intermediate_size: 14336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  vocab_size: 128256,
  max_position_embeddings: 131072,
  torch_dtype: "bfloat16",
};
const EXPERTS = {
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
  max_position_embeddings: 40960,
};
type Json = Record<string, unknown>;

function read(
  quantization_config: unknown,
  config: Json = DENSE,
  totalBytes: number | null = null,
): ModelShape {
  const shape = shapeFromConfig({ ...config, quantization_config }, { repo: "local", totalBytes });
  if ("unknown" in shape) throw new Error(shape.unknown);
  return shape;
}
const unknown = (quantization_config: unknown, config: Json = DENSE) => {
  const shape = shapeFromConfig({ ...config, quantization_config }, { repo: "local", totalBytes: null });
  return "unknown" in shape ? shape.unknown : "no: it was read";
};
const group = (weights: Json, input_activations: unknown = null) => ({ weights, input_activations });
const compressed = (one: Json, more: Json = {}) => ({
  quant_method: "compressed-tensors",
  config_groups: { group_0: one },
  ignore: ["lm_head"],
  ...more,
});
const INT4 = { num_bits: 4, type: "int", group_size: 128, strategy: "group", symmetric: true };
const FLOAT8 = { num_bits: 8, type: "float", strategy: "channel", symmetric: true };

describe("quantization_config", () => {
  it.each<[string, unknown, string, string, number | null]>([
    ["AWQ", { quant_method: "awq", bits: 4, group_size: 128, zero_point: true }, "awq", "int4", 128],
    ["AWQ as llm-awq writes it", { quant_method: "awq", w_bit: 4, q_group_size: 64 }, "awq", "int4", 64],
    [
      "GPTQ",
      { quant_method: "gptq", bits: 4, group_size: 128, sym: true, desc_act: false },
      "gptq-int4",
      "int4",
      128,
    ],
    [
      "GPTQ with groups of 32",
      { quant_method: "gptq", bits: 4, group_size: 32, sym: true },
      "gptq-int4",
      "int4",
      32,
    ],
    [
      "GPTQ by channel",
      { quant_method: "gptq", bits: 8, group_size: -1, sym: true },
      "gptq-int8",
      "int8",
      -1,
    ],
    [
      "AutoRound",
      { quant_method: "auto-round", bits: 4, group_size: 128, sym: true },
      "gptq-int4",
      "int4",
      128,
    ],
    ["FP8 by tensor", { quant_method: "fp8", activation_scheme: "static" }, "fp8", "fp8", null],
    ["FP8 in blocks", { quant_method: "fp8", weight_block_size: [128, 128] }, "fp8", "fp8", 128],
    ["FBGEMM", { quant_method: "fbgemm_fp8" }, "fp8", "fp8", null],
    ["W4A16", compressed(group(INT4)), "w4a16", "int4", 128],
    [
      "W4A16 by channel",
      compressed(group({ ...INT4, group_size: null, strategy: "channel" })),
      "w4a16",
      "int4",
      -1,
    ],
    ["W8A8", compressed(group({ ...INT4, num_bits: 8 }, { num_bits: 8, type: "int" })), "w8a8", "int8", null],
    ["W8A16", compressed(group({ ...INT4, num_bits: 8 })), "gptq-int8", "int8", 128],
    [
      "FP8 of compressed-tensors",
      compressed(group(FLOAT8, { num_bits: 8, type: "float" })),
      "fp8",
      "fp8",
      null,
    ],
    [
      "FP8 blocks of compressed-tensors",
      compressed(group({ ...FLOAT8, strategy: "block", block_structure: [128, 128] })),
      "fp8",
      "fp8",
      128,
    ],
    [
      "NVFP4 of compressed-tensors",
      compressed(group({ num_bits: 4, type: "float", group_size: 16 })),
      "nvfp4",
      "nvfp4",
      16,
    ],
    ["NVFP4 of ModelOpt", { quant_method: "modelopt", quant_algo: "NVFP4" }, "nvfp4", "nvfp4", 16],
    ["FP8 of ModelOpt, whose older files name no method", { quant_algo: "FP8" }, "fp8", "fp8", null],
    ["bitsandbytes", { quant_method: "bitsandbytes", load_in_4bit: true }, "bnb-4bit", "bnb-4bit", null],
  ])("of %s is read", (_, config, name, weightsDtype, quantGroupSize) => {
    const shape = read(config);
    expect(shape).toMatchObject({ weightsDtype, quantGroupSize });
    expect(nativeQuantization(shape)).toBe(name);
  });

  it("says what the sizes of a group cost", () => {
    const bits = (config: unknown) => {
      const shape = read(config);
      return quantization(nativeQuantization(shape)!, shape, true).bits;
    };
    // 16-bit scale and 4-bit zero for every group; a scale for each channel weighs nothing.
    expect(bits({ quant_method: "awq", bits: 4, group_size: 128 })).toBe(4.15625);
    expect(bits({ quant_method: "awq", bits: 4, group_size: 32 })).toBe(4.625);
    expect(bits(compressed(group(INT4)))).toBe(4.125);
    expect(bits({ quant_method: "gptq", bits: 8, group_size: -1, sym: true })).toBe(8);
    expect(bits({ quant_method: "fp8", weight_block_size: [128, 128] })).toBeCloseTo(8.002, 3);
  });

  it("keeps what it leaves out at 16 bits: attention by a pattern, or layer by layer", () => {
    const ignore = ["lm_head", "re:.*self_attn.*", "re:.*shared_experts.*"];
    const pattern = read(compressed(group({ ...INT4, group_size: 32 }), { ignore }), EXPERTS);
    expect(pattern).toMatchObject({ weightsDtype: "int4 experts", attentionBits: 16 });
    const each = Array.from({ length: 48 }, (_, layer) => `model.layers.${layer}.self_attn*`);
    const listed = read({ quant_method: "modelopt", quant_algo: "NVFP4", ignore: each }, EXPERTS);
    expect(listed).toMatchObject({ weightsDtype: "nvfp4 experts", attentionBits: 16 });
    // Norms are no projections, and a few layers are not most of them.
    const norms = each.map((name) => name.replace("self_attn*", "post_attention_layernorm"));
    expect(read({ quant_method: "fp8", modules_to_not_convert: norms }, EXPERTS).attentionBits).toBeNull();
    const few = read({ quant_method: "modelopt", quant_algo: "NVFP4", ignore: each.slice(0, 6) }, EXPERTS);
    expect(few).toMatchObject({ weightsDtype: "nvfp4", attentionBits: null });
  });

  it("passes on whether GPTQ is symmetric, quantizes lm_head, and which cache the checkpoint asks for", () => {
    const base = { quant_method: "gptq", bits: 4, group_size: 128 };
    expect(read({ ...base, sym: false }).quantSymmetric).toBe(false);
    expect(read({ ...base, sym: true, lm_head: true })).toMatchObject({
      quantSymmetric: true,
      lmHeadBits: 4,
    });
    expect(read(base)).toMatchObject({ quantSymmetric: null, lmHeadBits: null, kvCacheDtype: null });
    expect(read({ quant_algo: "FP8", kv_cache_quant_algo: "FP8" }).kvCacheDtype).toBe("fp8");
    expect(read(compressed(group(INT4), { kv_cache_scheme: FLOAT8 })).kvCacheDtype).toBe("fp8");
  });

  it("of several formats needs the bytes of the checkpoint", () => {
    const layers = { a: { quant_algo: "FP8" }, b: { quant_algo: "W4A16_NVFP4", group_size: 16 } };
    const mixed = { quant_method: "modelopt", quant_algo: "MIXED_PRECISION", quantized_layers: layers };
    expect(unknown(mixed)).toContain("several formats");
    expect(read(mixed, DENSE, 6e9)).toMatchObject({ weightsDtype: "nvfp4", checkpointGib: 6e9 / 2 ** 30 });
    const two = compressed(group(INT4), { config_groups: { a: group(INT4), b: group(FLOAT8) } });
    expect(unknown(two)).toContain("several formats");
    const dynamic = {
      quant_method: "gptq",
      bits: 4,
      group_size: 128,
      sym: true,
      dynamic: { "+:.*mlp": { bits: 8 } },
    };
    expect(unknown(dynamic)).toContain("several formats");
  });

  it("counts files of 32 bits as what is loaded", () => {
    const shape = shapeFromConfig(
      { ...DENSE, torch_dtype: "float32" },
      { repo: "local", totalBytes: 32.12e9 },
    );
    expect(shape).toMatchObject({ weightsDtype: "bf16", checkpointGib: 16.06e9 / 2 ** 30 });
  });

  it.each<[unknown, string]>([
    ["awq", "quantization_config"],
    [{}, "quantization_config.quant_method"],
    [{ quant_method: "hqq" }, "quantization_config.quant_method hqq"],
    [{ quant_method: "awq", bits: 8 }, "quantization_config.bits"],
    [{ quant_method: "awq", bits: 4, group_size: 0 }, "quantization_config.group_size"],
    [{ quant_method: "gptq", bits: 3, group_size: 128 }, "quantization_config.bits"],
    [{ quant_method: "gptq", bits: 4 }, "quantization_config.group_size"],
    [{ quant_method: "gptq", bits: 4, group_size: "128" }, "quantization_config.group_size"],
    [{ quant_method: "gptq", bits: 4, group_size: 128, sym: "yes" }, "quantization_config.sym"],
    [{ quant_method: "fp8", weight_block_size: 128 }, "quantization_config.weight_block_size"],
    [{ quant_method: "bitsandbytes", load_in_8bit: true }, "quantization_config.load_in_4bit"],
    [{ quant_method: "compressed-tensors" }, "quantization_config.config_groups"],
    [compressed(group({ num_bits: 2, type: "int" })), "quantization_config.config_groups.weights.num_bits"],
    [
      compressed(group(INT4, { num_bits: 8, type: "int" })),
      "quantization_config.config_groups.weights.num_bits",
    ],
    [
      compressed(group(INT4), { sparsity_config: { format: "sparse-24-bitmask" } }),
      "quantization_config.sparsity_config",
    ],
    [{ quant_method: "modelopt", quant_algo: "W4A8_AWQ" }, "quantization_config.quant_algo"],
    [{ quant_method: "modelopt", quant_algo: "MIXED_PRECISION" }, "quantization_config.quantized_layers"],
  ])("that is not known names its field (%#)", (config, field) => {
    expect(unknown(config)).toBe(field);
  });

  it("of an asymmetric GPTQ build does not fit, whatever the card", () => {
    const shape = read({ quant_method: "gptq", bits: 4, group_size: 128, sym: false });
    const found = fitReplica({
      shape,
      gpu: gpu("H200-141G")!,
      gpusPerNode: 1,
      engine: engine("0.30.0")!,
      maxModelLen: 4096,
      tensorParallel: 1,
    });
    expect(found.verdict).toBe("no");
    expect(found.reasons[0]!.code).toBe("quantization-asymmetric");
  });
});
