import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { throughputRows } from "../../../bench/accuracy/throughput-rows.ts";
import { between } from "../../../bench/peers/answers.ts";
import { configOf } from "../../../bench/peers/configs.ts";
import { questionsOf, runningOf } from "../../../bench/peers/questions.ts";
import { fourNumbers, roofline } from "../../../bench/peers/rules.ts";
import { model } from "../../../catalog/index.ts";

const { samples } = throughputRows();
const find = (repo: string, gpu: string, quantization: string) =>
  samples.find(({ row }) => row.repo === repo && row.gpu === gpu && row.quantization === quantization)!;

describe("questions to aiconfigurator", () => {
  it("describes a hybrid model as its published config.json does", () => {
    const { text_config: text, architectures } = configOf(model("Qwen/Qwen3.5-35B-A3B")!) as {
      text_config: Record<string, unknown>;
      architectures: string[];
    };
    expect(architectures).toEqual(["Qwen3_5MoeForConditionalGeneration"]);
    expect(text).toMatchObject({
      hidden_size: 2048,
      num_hidden_layers: 40,
      num_experts: 256,
      num_experts_per_tok: 8,
      moe_intermediate_size: 512,
      linear_conv_kernel_dim: 4,
      linear_key_head_dim: 128,
      linear_num_key_heads: 16,
      linear_num_value_heads: 32,
      linear_value_head_dim: 128,
    });
    const kinds = text["layer_types"] as string[];
    expect(kinds.flatMap((kind, i) => (kind === "full_attention" ? [i] : []))).toEqual([
      3, 7, 11, 15, 19, 23, 27, 31, 35, 39,
    ]);
  });

  it("names the weights as the card runs them", () => {
    const flags = (repo: string, gpu: string, quantization: string) =>
      questionsOf(find(repo, gpu, quantization), "defaults")[0]!.estimate["gemm_quant_mode"];
    expect(flags("Qwen/Qwen3-32B-FP8", "A100-80G", "fp8")).toBe("int8_wo");
    expect(flags("Qwen/Qwen3-235B-A22B-FP8", "H200-141G", "fp8")).toBe("fp8_block");
    expect(flags("meta-llama/Llama-3.1-70B-Instruct", "H100-80G", "fp8")).toBe("fp8");
    expect(flags("Qwen/Qwen2.5-7B-Instruct-AWQ", "A100-80G", "awq")).toBe("int4_wo");
    expect(flags("openai/gpt-oss-120b", "H100-80G", "mxfp4")).toBeUndefined();
  });

  it("cuts or spreads the experts over all ranks, whatever the row", () => {
    for (const sample of samples.filter(({ input }) => input.shape.moeExperts !== null))
      for (const { estimate } of questionsOf(sample, "defaults"))
        expect(Number(estimate["moe_tp_size"]) * Number(estimate["moe_ep_size"])).toBe(
          sample.input.tensor * sample.input.data,
        );
  });

  it("asks for no more requests at once than a burst sends or the cache admits", () => {
    for (const sample of samples.filter(({ input, arrivals }) => input.burst && arrivals === null)) {
      expect(runningOf(sample)).toBeLessThanOrEqual(sample.row.concurrency);
      expect(runningOf(sample)).toBeLessThanOrEqual(sample.input.admitted);
    }
  });
});

describe("simple rules of throughput", () => {
  it("reads all weights but the embedding once a token: 8.03 billion on an A100, by hand", () => {
    // 8 030 261 248 weights less 128 256 × 4096 of the embedding, 2 bytes each, at 2039 GB/s: 135.8 tokens/s.
    const { input } = find("meta-llama/Llama-3.1-8B-Instruct", "A100-80G", "bf16");
    const short = { ...input, load: { inputTokens: 1, outputTokens: 1, concurrency: 1 } };
    expect(roofline(short, 1)).toBeCloseTo(135.8, 0);
    // 7.364 ms / 0.65 + 3 ms, and 0.1 ms / 0.60 of arithmetic.
    expect(1e3 / fourNumbers(short, 1)).toBeCloseTo(14.5, 0);
  });

  it("is never slower without losses than with them", () => {
    for (const sample of samples)
      expect(fourNumbers(sample.input, runningOf(sample))).toBeLessThan(
        roofline(sample.input, runningOf(sample)),
      );
  });

  it("finds a power law between any two of its points again", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 256, noNaN: true }),
        (power, at) => {
          const points = [1, 4, 16, 64, 256].map((batch): [number, number] => [batch, 30 * batch ** power]);
          expect(between(points, at)).toBeCloseTo(30 * at ** power, 6);
        },
      ),
    );
  });
});
