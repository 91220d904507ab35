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

  it("counts global layers of another shape with their own heads", () => {
    // Gemma 4 26B: 5 global layers of 2 heads x 512 grow; 25 local ones of 8 x 256 stop at the window of 1024.
    const { bytesPerToken, perRequest } = cost("google/gemma-4-26B-A4B");
    expect(bytesPerToken).toBe(5 * 2 * 2 * 512 * 2);
    expect(perRequest(131072).expected - perRequest(65536).expected).toBe(65536 * bytesPerToken);
  });

  it("keeps every token of a window where the engine does not free it", () => {
    const kept = cost("openai/gpt-oss-20b", { freesWindows: false });
    expect(kept.bytesPerToken).toBe(2 * cost("openai/gpt-oss-20b").bytesPerToken);
  });

  it("is constant beyond the window for windowed layers alone, and linear for growing ones", () => {
    const shape = model("openai/gpt-oss-20b")!;
    const windows = { ...shape, fullAttentionLayers: 0, slidingOrLinearLayers: 24 };
    const alone = kvCost(windows, { tensor: 1, pipeline: 1, dtype: "auto", inFlightTokens: 2048 });
    if ("unknown" in alone) throw new Error(alone.unknown);
    expect(alone.bytesPerToken).toBe(0);
    expect(alone.perRequest(8192)).toEqual(alone.perRequest(131072));
    const { perRequest, bytesPerToken } = cost("Qwen/Qwen3-8B");
    for (const tokens of [16, 1600, 40960]) expect(perRequest(tokens).expected).toBe(tokens * bytesPerToken);
  });
});

describe("recurrent state", () => {
  it("has the logged number of blocks", () => {
    // A start of a 27B model with 8.82 GiB of cache: "max_num_seqs 256 > 184 mamba blocks".
    const cache = { low: 8.82 * GIB, expected: 8.82 * GIB, high: 8.82 * GIB };
    expect(cost("Qwen/Qwen3.8-27B").stateBlocks!(cache)).toEqual({ low: 184, expected: 184, high: 184 });
  });

  // "Setting attention block size to … tokens" of public start-up logs.
  it.each([
    ["Qwen/Qwen3.5-4B", 1, "auto", 528],
    ["nvidia/Qwen3.6-35B-A3B-NVFP4", 1, "fp8", 2096],
    ["Qwen/Qwen3.8-27B", 1, "fp8", 1568],
    ["zai-org/GLM-5.3-Flash", 8, "auto", 640],
  ] as const)(
    "%s at tensor parallel %d with a cache of type %s has blocks of %d tokens",
    (repo, tensor, dtype, tokens) => {
      expect(cost(repo, { tensor, dtype }).layout.blockTokens).toBe(tokens);
    },
  );

  // Printed "Maximum concurrency" beside the cache: model, TP, type, GiB, context, states of a sequence, times.
  it.each([
    ["Qwen/Qwen3.5-4B", 1, "auto", 9.1, 32768, 2, 8.17],
    ["nvidia/Qwen3.6-35B-A3B-NVFP4", 1, "fp8", 6.01, 131072, 2, 4.35],
    ["Qwen/Qwen3-Next-80B-A3B-Instruct", 2, "auto", 44.59, 262144, 1, 14.77],
    ["Qwen/Qwen3.8-27B-FP8", 1, "auto", 8.82, 131072, 1, 1.08],
    ["zai-org/GLM-5.3-Flash", 8, "auto", 81.79, 131072, 2, 55.15],
    // vllm-project/recipes#906, which is not in the measured table.
    ["zai-org/GLM-5.3-Flash", 4, "auto", 38.43, 1048576, 2, 3.35],
  ] as const)(
    "%s holds the printed number of requests",
    (repo, tensor, dtype, gib, context, states, times) => {
      const statesPerRequest = { low: states, expected: states, high: states };
      const each = cost(repo, { tensor, dtype, statesPerRequest }).perRequest(context).expected;
      expect(Math.abs((gib * GIB) / each / times - 1)).toBeLessThan(0.006);
    },
  );

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
