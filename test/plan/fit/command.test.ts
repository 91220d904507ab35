import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRows } from "../../../plan/fit/csv-rows.ts";
import { readFlags } from "../../../plan/fit/flags.ts";
import { fitBatch, fitFromFlags } from "../../../plan/fit/index.ts";
import { facts } from "./tables.ts";

const single = (flags: Parameters<typeof fitFromFlags>[0]) => {
  const found = fitFromFlags(flags, facts);
  if ("error" in found || found.schema !== "freehold.fit/v1") throw new Error(JSON.stringify(found));
  return found;
};

describe("fit of a model on a named machine", () => {
  it("explains a refusal and names the nearest thing that fits", () => {
    // vllm#27508: refused, one sequence of 131072 tokens needs 4.54 GiB and 1.71 are there.
    const found = single({
      model: "openai/gpt-oss-120b",
      gpu: "H100-80G",
      gpus: "1",
      context: "131072",
      "gpu-memory-utilization": "0.95",
      "max-num-batched-tokens": "1024",
      "engine-version": "0.11.0",
    });
    expect(found.verdict).toBe("no");
    expect(found.reasons[0]).toMatchObject({ code: "cache-short", unit: "GiB" });
    expect(found.reasons[0]!.need).toBeCloseTo(4.54, 2);
    expect(found.reasons.some((reason) => reason.code === "engine-nearest")).toBe(true);
  });

  it.each([
    ["awq-int4", "awq"],
    ["gptq", "gptq-int4"],
    ["w4a16", "w4a16"],
    ["int8-w8a8", "w8a8"],
    ["half", "fp16"],
  ])("reads quantization %s as %s", (spelling, name) => {
    const found = single({ model: "Qwen/Qwen3-8B", gpu: "L4-24G", quantization: spelling, context: 4096 });
    expect(found.quantization).toBe(name);
    expect(found.verdict).not.toBe("unknown");
  });

  it("refuses bfloat16 on a T4 and proposes float16", () => {
    const found = single({ model: "Qwen/Qwen2.5-1.5B-Instruct", gpu: "T4-16G", context: 4096 });
    expect(found.verdict).toBe("no");
    expect(found.reasons[0]!.code).toBe("format-compute-capability");
    expect(found.nearestThatFits).toMatchObject({ change: "--quantization fp16", quantization: "fp16" });
  });

  it("refuses a 4-bit build whose shard cuts a scale group (QwenLM/Qwen3#986)", () => {
    const at = (tp: number, model: string) =>
      single({ model, quantization: "gptq", gpu: "L40S-48G", gpus: 8, tp, context: 4096 }).reasons.map(
        (r) => r.code,
      );
    expect(at(4, "Qwen/Qwen2.5-72B-Instruct")).toContain("quantization-group");
    // The publisher padded its own quantized repositories so that this works.
    expect(at(4, "Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4")).not.toContain("quantization-group");
  });

  it("refuses heads that do not divide", () => {
    const found = single({ model: "Qwen/Qwen2.5-7B-Instruct", gpu: "L4-24G", gpus: 8, tp: 8, context: 4096 });
    expect(found.verdict).toBe("no");
    expect(found.reasons[0]).toMatchObject({ code: "heads", need: 8, have: 28 });
  });

  it("takes the fewest GPUs of an instance, and counts latency only under a load", () => {
    const found = single({
      model: "meta-llama/Llama-3.3-70B-Instruct",
      instance: "p5.48xlarge",
      context: 8192,
    });
    expect(found).toMatchObject({ verdict: "fits", tensorParallel: 4, gpus: 8, throughput: null });
    const loaded = single({
      model: "Qwen/Qwen3-32B",
      instance: "p5.48xlarge",
      context: 8192,
      concurrency: 8,
    });
    expect(loaded.throughput).toMatchObject({
      basis: "interpolated",
      anchor: { repo: "Qwen/Qwen3-32B", gpu: "H100-80G" },
    });
  });
});

describe("a model alone", () => {
  it("gets three machines of different kinds that fit, cheapest first", () => {
    const price: Record<string, number> = {
      "g6.xlarge": 2,
      "g6.2xlarge": 3,
      "g6e.xlarge": 1.5,
      "p5.48xlarge": 50,
    };
    const found = fitFromFlags(
      { model: "Qwen/Qwen3-8B", context: 8192 },
      { ...facts, cheapestPrice: (type) => price[type] ?? null },
    );
    if ("error" in found || found.schema !== "freehold.fits/v1") throw new Error("not a list");
    expect(found.rows.map((row) => row.verdict)).toEqual(["fits", "fits", "fits"]);
    expect(found.rows[0]!.instance).toBe("g6e.xlarge");
    expect(new Set(found.rows.map((row) => `${row.gpu} ${row.gpus}`)).size).toBe(3);
  });
});

describe("wrong usage", () => {
  it.each([
    [{ model: "nobody/nothing" }, "model-unknown"],
    [{ model: "Qwen/Qwen3-8B", gpu: "Z9-1G" }, "gpu-unknown"],
    [{ model: "Qwen/Qwen3-8B", instance: "z1.large" }, "instance-unknown"],
    [{ model: "Qwen/Qwen3-8B", gpu: "L4-24G", tp: "two" }, "flag-value"],
    [{ model: "Qwen/Qwen3-8B", gpu: "L4-24G", quantization: "q4_k_m" }, "flag-value"],
    [{ model: "Qwen/Qwen3-8B", gpu: "L4-24G", "engine-version": "newest" }, "engine-unknown"],
  ])("%j is %s", (flags, code) => {
    expect(fitFromFlags(flags, facts)).toMatchObject({ error: { code } });
  });
});

describe("a batch", () => {
  it("keeps the order, reads loose versions, and says unknown with a reason where it cannot judge", () => {
    const { rows } = fitBatch(
      [
        "model,gpu,tp,context,quantization,engine-version",
        "Qwen/Qwen3-8B,L4-24G,1,4096,,",
        "nobody/nothing,L4-24G,1,4096,,",
        'meta-llama/Llama-3.1-8B-Instruct,A10-24G,1,131072,bf16,"0.7.x (V0)"',
        "Qwen/Qwen3-8B,,1,4096,,",
        "Qwen/Qwen3-8B,L40S-48G,1,4096,,2026-04",
        "Qwen/Qwen3-8B,L40S-48G,one,4096,,",
        "Qwen/Qwen3-8B,L40S-48G",
      ].join("\r\n"),
      facts,
    );
    expect(rows.map((row) => row.verdict)).toEqual([
      "fits",
      "unknown",
      "no",
      "unknown",
      "fits",
      "unknown",
      "fits",
    ]);
    expect(rows[1]!.reasons[0]!.code).toBe("model-unknown");
    expect(rows[2]!.reasons.at(-1)!.message).toContain("0.7.0 (V0)");
    expect(rows[4]!.engineVersion).toBe("0.19.0");
    for (const row of rows.filter(({ verdict }) => verdict === "unknown"))
      expect(row.reasons).not.toEqual([]);
  });

  it("judges any text without throwing, one document a row", () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom("", "Qwen/Qwen3-8B", "L4-24G", "8", "-1", "fp8", "0.8.x (V0)"),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 7, maxLength: 7 })), (cells) => {
        const quoted = cells.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","));
        const text = ["model,gpu,gpus,tp,context,quantization,engine-version", ...quoted].join("\n");
        const { rows } = fitBatch(text, facts);
        expect(rows.length).toBe(cells.length);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => fitBatch(text, facts).schema === "freehold.fits/v1"));
  });
});

describe("CSV", () => {
  it("reads back any cells that RFC 4180 can quote", () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 2, maxLength: 5 }),
        fc.array(fc.array(fc.string(), { minLength: 5, maxLength: 5 })),
        fc.constantFrom("\n", "\r\n"),
        (names, rows, end) => {
          const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const text = [
            names.join(","),
            ...rows.map((row) => row.slice(0, names.length).map(quote).join(",")),
          ].join(end);
          const expected = rows.map((row) =>
            Object.fromEntries(names.map((key, i) => [key, row[i]!.trim()])),
          );
          expect(csvRows(text)).toEqual(expected);
        },
      ),
    );
  });
});

describe("flags", () => {
  it("reads the same flag in the three ways of writing it", () => {
    for (const name of ["max-num-seqs", "maxNumSeqs", "max_num_seqs"])
      expect(readFlags({ model: "m", [name]: 64 }).request.maxNumSeqs).toBe(64);
  });

  it("takes an empty cell as not given", () => {
    const { request, problems } = readFlags({ model: "m", tp: "", ep: "", "enforce-eager": "" });
    expect(problems).toEqual([]);
    expect(request).toMatchObject({
      tensorParallel: undefined,
      expertParallel: undefined,
      enforceEager: undefined,
    });
  });
});
