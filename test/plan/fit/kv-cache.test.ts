import { describe, expect, it } from "vitest";
import { engine, gpu, model } from "../../../catalog/index.ts";
import { fitReplica, kvCost } from "../../../plan/fit/index.ts";

const KIB = 1024;
const GIB = 2 ** 30;

function cost(repo: string, settings: Partial<Parameters<typeof kvCost>[1]> = {}) {
  const found = kvCost(model(repo)!, {
    tensor: 1,
    pipeline: 1,
    dtype: "auto",
    inFlightTokens: 2048,
    ...settings,
  });
  if ("unknown" in found) throw new Error(found.unknown);
  return found;
}

describe("KV cache per GPU", () => {
  it("is shared by the ranks until each has one head, then copied", () => {
    const at = (tensor: number) => cost("Qwen/Qwen3-235B-A22B", { tensor }).bytesPerToken / KIB;
    expect([1, 2, 4, 8].map(at)).toEqual([188, 94, 47, 47]);
  });

  it("is the same on every rank under MLA", () => {
    const at = (tensor: number) => cost("deepseek-ai/DeepSeek-R1", { tensor }).bytesPerToken;
    expect([at(1), at(8)]).toEqual([70272, 70272]);
  });

  it("takes half with fp8, and the stage's layers under pipeline parallelism", () => {
    // vllm#25350: 10.55 GiB hold 230528 tokens of a 48-layer, 4-head model with an fp8 cache.
    const half = cost("Qwen/Qwen3-30B-A3B-FP8", { dtype: "fp8" }).bytesPerToken;
    expect((10.55 * GIB) / 230528 / half).toBeCloseTo(1, 2);
    // vllm#34076: 24.0 GiB needed for 262144 tokens of a model of this shape.
    const whole = cost("Qwen/Qwen3-30B-A3B-FP8").perRequest(262144).expected / GIB;
    expect(whole).toBeCloseTo(24.0, 1);
    expect(cost("Qwen/Qwen3-30B-A3B-FP8", { pipeline: 2 }).perRequest(262144).expected / GIB).toBeCloseTo(
      12.0,
      1,
    );
  });

  it("stops growing in the window of a sliding layer", () => {
    const { perRequest, bytesPerToken } = cost("openai/gpt-oss-120b", { inFlightTokens: 1024 });
    const [short, long] = [perRequest(16384).expected, perRequest(131072).expected];
    expect(long - short).toBe((131072 - 16384) * bytesPerToken);
  });

  it("is unknown where the global layers have a shape of their own", () => {
    const row = model("google/gemma-4-26B-A4B")!;
    expect(kvCost(row, { tensor: 1, pipeline: 1, dtype: "auto", inFlightTokens: 2048 })).toHaveProperty(
      "unknown",
    );
  });
});

describe("recurrent state", () => {
  it("has about the logged number of blocks", () => {
    // A start of a 27B model of this shape with 8.82 GiB of cache: "max_num_seqs 256 > 184 mamba blocks".
    const cache = { low: 8.82 * GIB, expected: 8.82 * GIB, high: 8.82 * GIB };
    const found = cost("Qwen/Qwen3.5-27B").stateBlocks!(cache);
    expect(Math.abs(found.expected - 184)).toBeLessThanOrEqual(4);
    expect(found.low).toBeLessThan(184);
    expect(found.high).toBeGreaterThan(184);
  });

  it("refuses more sequences than there are blocks", () => {
    const at = (maxNumSeqs: number) =>
      fitReplica({
        shape: model("nvidia/Qwen3.6-27B-NVFP4")!,
        gpu: gpu("RTX5090-32G")!,
        gpusPerNode: 1,
        tensorParallel: 1,
        maxModelLen: 8192,
        kvCacheDtype: "fp8",
        maxNumSeqs,
        engine: engine("0.30.0")!,
      });
    expect(at(1024)).toMatchObject({ verdict: "no" });
    expect(at(1024).reasons.map((reason) => reason.code)).toContain("state-blocks");
    expect(at(8).verdict).not.toBe("no");
  });
});

describe("the engine's default settings", () => {
  it("give an H100 four times the sequences of an A100, and so less cache", () => {
    const cacheOf = (card: string) =>
      fitReplica({
        shape: model("Qwen/Qwen3-8B")!,
        gpu: { ...gpu(card)!, visibleGib: [79, 79] },
        gpusPerNode: 1,
        tensorParallel: 1,
        engine: engine("0.30.0")!,
      }).perGpu.kvCacheGiB!.expected;
    expect(cacheOf("H100-80G")).toBeLessThan(cacheOf("A100-80G") - 1);
  });
});
