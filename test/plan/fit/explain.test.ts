import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engine, gpu, gpus, model, models } from "../../../catalog/index.ts";
import { explainFit, fitReplica, whatIf } from "../../../plan/fit/index.ts";

const base = { gpusPerNode: 8, engine: engine("0.30.0")! };

describe("the explanation of a fit", () => {
  it("says the numbers of the document, and its differences add up", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...models()),
        fc.constantFrom(...gpus()),
        fc.constantFrom(1, 2, 8),
        (shape, on, tensorParallel) => {
          const input = { ...base, shape, gpu: on, tensorParallel };
          const document = fitReplica(input);
          const explained = explainFit(input, tensorParallel);
          if ("code" in explained) return;
          const term = (name: string) => explained.terms.find((entry) => entry.name === name);
          const { perGpu } = document;
          expect(term("weights")?.value).toEqual(perGpu.weightsGiB);
          expect(term("profile run")?.value).toEqual(perGpu.activationGiB);
          expect(term("KV cache")?.value).toEqual(perGpu.kvCacheGiB);
          expect(term("requests at once")?.value ?? null).toEqual(document.maxConcurrency);
          const parts = ["weights", "profile run", "beside torch", "CUDA graphs", "KV cache"];
          const sum = parts.reduce((total, name) => total + term(name)!.value!.expected, 0);
          expect(sum).toBeCloseTo(term("asked for")!.value!.expected, 6);
          for (const entry of explained.terms)
            for (const text of [entry.formula, entry.numbers, entry.source])
              expect(text).not.toMatch(/NaN|undefined|^$/);
        },
      ),
    );
  });

  it("writes the subtraction of a public start-up", () => {
    // Qwen3-32B on one H100 with vLLM 0.11 at 0.9: 61.03 GiB of weights, 5.64 of peak, 0.14 beside torch, 4.45 left.
    const input = {
      ...base,
      shape: model("Qwen/Qwen3-32B")!,
      gpu: gpu("H100-80G")!,
      engine: { ...engine("0.30.0")!, version: "0.11.0", cudaGraphsInBudget: false },
      gpuMemoryUtilization: 0.9,
    };
    const explained = explainFit(input, 1);
    if ("code" in explained) throw new Error(explained.message);
    expect(explained.terms.find(({ name }) => name === "KV cache")?.numbers).toBe(
      "71.28 - 61.09 - 5.59 - 0.13",
    );
  });
});

describe("what a change would do", () => {
  it("is what a fit with that change says", () => {
    const input = {
      ...base,
      shape: model("Qwen/Qwen3-32B")!,
      gpu: gpu("L40S-48G")!,
      tensorParallel: 2,
      maxModelLen: 32768,
    };
    const found = whatIf(input, 2);
    expect(found.map(({ change }) => change)).toEqual([
      "as it is",
      "--max-num-seqs 64",
      "--enforce-eager",
      "--gpu-memory-utilization 0.98",
      "--kv-dtype fp8",
      "--quantization fp8",
      "--quantization awq",
      "--tp 4",
    ]);
    const fp8 = fitReplica({ ...input, kvCacheDtype: "fp8" });
    expect(found.find(({ change }) => change === "--kv-dtype fp8")).toMatchObject({
      verdict: fp8.verdict,
      tokens: fp8.kvCacheTokens!.expected,
      longest: fp8.maxModelLenThatFits,
    });
    expect(found.every(({ users }) => users === null)).toBe(true);
  });

  it("with a load, shows users and tokens a second with all of them", () => {
    const input = { ...base, shape: model("Qwen/Qwen3-32B")!, gpu: gpu("L40S-48G")!, maxModelLen: 32768 };
    const load = { inputTokens: 1500, outputTokens: 300 };
    const [same, ...rest] = whatIf({ ...input, load }, 2);
    for (const [row, changes] of [
      [same!, {}],
      [rest.find(({ change }) => change === "--kv-dtype fp8")!, { kvCacheDtype: "fp8" as const }],
      [rest.find(({ change }) => change === "--quantization awq")!, { quantization: "awq" }],
    ] as const) {
      const users = fitReplica({ ...input, ...changes, tensorParallel: 2, load }).usersAtLoad!;
      expect(row.users).toBe(users.requestsAtOnce.expected);
      const full = { ...load, concurrency: row.users! };
      const fit = fitReplica({ ...input, ...changes, tensorParallel: 2, load: full });
      expect(row.outputTokensPerSecond).toEqual(fit.throughput!.outputTokensPerSecond);
    }
    expect(rest.find(({ change }) => change === "--kv-dtype fp8")!.users).toBeGreaterThan(1.9 * same!.users!);
  });

  it("names the term to cut where a request does not fit, and the cut is enough", () => {
    // Refused in public: gpt-oss-120b at its full length on one H100 (vllm#27508).
    const refused = {
      ...base,
      gpusPerNode: 1,
      shape: model("openai/gpt-oss-120b")!,
      gpu: gpu("H100-80G")!,
      tensorParallel: 1,
      maxModelLen: 131072,
      maxNumBatchedTokens: 1024,
      gpuMemoryUtilization: 0.95,
      engine: { ...engine("0.30.0")!, version: "0.11.0", cudaGraphsInBudget: false },
    };
    const found = fitReplica(refused);
    expect(found.verdict).toBe("no");
    const cut = found.reasons.find(({ code }) => code === "cut");
    expect(cut?.message).toMatch(/^cut the profile run: --max-num-seqs 64 /);
    expect(fitReplica({ ...refused, maxNumSeqs: 64 }).verdict).toBe("fits");
  });

  it("says nothing of memory where kernels refuse", () => {
    const found = fitReplica({
      ...base,
      shape: model("Qwen/Qwen2.5-1.5B-Instruct")!,
      gpu: gpu("T4-16G")!,
      tensorParallel: 1,
    });
    expect(found.reasons.map(({ code }) => code)).toContain("format-compute-capability");
    expect(found.reasons.map(({ code }) => code)).not.toContain("cut");
  });
});
