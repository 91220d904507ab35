import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerLengths, rateOfRun } from "../../../bench/accuracy/arrivals.ts";
import { quantile } from "../../../bench/accuracy/tables.ts";
import {
  coverage,
  FITTED,
  fittedJson,
  throughputAccuracy,
  widest,
} from "../../../bench/accuracy/throughput.ts";
import { throughputRows } from "../../../bench/accuracy/throughput-rows.ts";
import { nearGround } from "../../../bench/accuracy/validate.ts";
import { engine, gpu, model } from "../../../catalog/index.ts";
import { fitReplica } from "../../../plan/fit/index.ts";
import { fitFactors, secondsOf } from "../../../plan/fit/throughput/factors.ts";
import { fitted } from "../../../plan/fit/throughput/fitted.ts";
import { familyOf, Kriging, type Place } from "../../../plan/fit/throughput/kriging.ts";
import { physical } from "../../../plan/fit/throughput/physical.ts";
import { stepOf, TERMS, type ThroughputInput, termsOf } from "../../../plan/fit/throughput/terms.ts";

const found = throughputAccuracy();
const errors = (rows: typeof found.near) => rows.map(({ error }) => Math.abs(error));

describe("throughput against public measurements that the model has not seen", () => {
  it("judges nine in ten of the vLLM rows, and says why it leaves out the others", () => {
    const left = found.leftOut.length + found.faults.length;
    expect(found.near.length + left).toBe(222);
    expect(left / 222).toBeLessThanOrEqual(0.1);
    expect([...found.leftOut, ...found.faults].filter(({ why }) => why === "")).toEqual([]);
  });

  it("is within 15 % half of the time and within half nine times in ten, near ground", () => {
    expect(quantile(errors(found.near), 0.5)).toBeLessThanOrEqual(0.15);
    expect(quantile(errors(found.near), 0.9)).toBeLessThanOrEqual(0.5);
  });

  it("is within 12 % half of the time for one request at a time", () => {
    const single = found.near.filter(({ sample }) => sample.row.concurrency === 1);
    expect(single.length).toBeGreaterThanOrEqual(15);
    expect(quantile(errors(single), 0.5)).toBeLessThanOrEqual(0.12);
  });

  it("holds four in five rows in its bands, none wider than four times", () => {
    expect(coverage(found.near, found.bands.near)).toBeGreaterThanOrEqual(0.8);
    expect(widest(found.near, found.bands.near)).toBeLessThanOrEqual(4 + 1e-9);
    expect(coverage(found.new, found.bands.new)).toBeGreaterThanOrEqual(0.8);
  });

  it("trains no fold on a row that it judges: a run ten times as fast is predicted as before", () => {
    const samples = throughputRows().samples.slice(0, 60);
    const { run } = samples[0]!;
    const faster = samples.map((sample) => {
      const outputTokensPerSecond = sample.row.outputTokensPerSecond * 10;
      return sample.run === run ? { ...sample, row: { ...sample.row, outputTokensPerSecond } } : sample;
    });
    const predicted = (from: typeof samples) =>
      nearGround(from)
        .filter(({ sample }) => sample.run === run)
        .map((one) => one.predicted);
    expect(predicted(faster)).toEqual(predicted(samples));
    // The others do see it.
    const other = (from: typeof samples) =>
      nearGround(from).find(({ sample }) => sample.run !== run)!.predicted;
    expect(other(faster)).not.toBe(other(samples));
  });

  it("ships what a fit of the table gives", () => {
    expect(readFileSync(FITTED, "utf8")).toBe(fittedJson(found.shipped));
  });
});

describe("factors", () => {
  it("finds the ones that made the observations", () => {
    const { samples } = throughputRows();
    const planted = { ...fitted().factors, weights16: 1.5, layer: 3, kvCache: 1.6 };
    const rows = samples.map(({ input }) => {
      const step = stepOf(input);
      const { terms, fixed } = termsOf(input, step);
      const outputTokensPerSecond = (step.streams * input.data) / secondsOf(terms, fixed, planted);
      return { terms, fixed, streams: step.streams * input.data, outputTokensPerSecond };
    });
    const factors = fitFactors(rows);
    for (const row of rows) {
      const rate = row.streams / secondsOf(row.terms, row.fixed, factors);
      // Held near their priors, the factors differ a little; the rates hardly do.
      expect(Math.abs(rate / row.outputTokensPerSecond - 1)).toBeLessThan(0.1);
    }
    expect(factors.weights16).toBeCloseTo(1.5, 0);
  });
});

describe("kriging", () => {
  const kernel = { ...fitted().kernel, noise: 1e-6 };
  const place = (gpu: string, name: string, point: number[]): Place => ({
    gpu,
    model: name,
    family: name,
    hasExperts: false,
    point,
  });

  it("repeats a measured error at its own place, and forgets it far away", () => {
    const here = place("A", "m", [0, 0, 0, 0, 0]);
    const one = new Kriging(kernel, [here], [0.4]);
    expect(one.at(here).mean).toBeCloseTo(0.4, 3);
    expect(one.at(here).deviation).toBeLessThan(0.01);
    const far = one.at({ ...place("B", "n", [500, 0, 0, 0, 0]), hasExperts: true });
    expect(far.mean).toBe(0);
    expect(far.deviation).toBeGreaterThan(1);
  });

  it("gives the mean of two equally near rows that it trusts alike, worked by hand", () => {
    // Covariance 1 with itself and e^-0.5 with a neighbour one reach away; noise 0: weights (K^-1 y) by Cramer's rule.
    const unit = { trend: 1, modelTrend: 0, gpu: 0, model: 0, familyOnGpu: 0, noise: 0, reach: 1 };
    const at = (x: number, name: string) => place(name, name, [x]);
    const two = new Kriging(unit, [at(-1, "a"), at(1, "b")], [0.2, 0.6]);
    const [near, across] = [Math.exp(-0.5), Math.exp(-2)];
    expect(two.at(at(0, "c")).mean).toBeCloseTo((near * (0.2 + 0.6)) / (1 + across), 10);
    expect(two.at(at(0, "c")).deviation).toBeCloseTo(Math.sqrt(1 - (2 * near ** 2) / (1 + across)), 10);
  });

  it.each([
    ["deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "llama"],
    ["deepseek-ai/DeepSeek-R1-Distill-Qwen-14B", "qwen"],
    ["openai/gpt-oss-120b", "gpt-oss"],
    ["meta-llama/Meta-Llama-3-8B-Instruct", "llama"],
    ["Qwen/Qwen3-32B-FP8", "qwen3"],
  ])("names the family of %s", (repo, family) => expect(familyOf(repo)).toBe(family));
});

describe("a run of paced requests", () => {
  it("follows the pace while the engine is faster, and the engine when it is not", () => {
    const lengths = answerLengths(100, 50, false);
    // 100 requests at 1 a second, each done in half a second: the last ends half a second after it came.
    expect(rateOfRun({ perSecond: 1, requests: 100 }, lengths, (n) => 100 * n)).toBeCloseTo(5000 / 99.5, 6);
    // At most 1000 tokens a second in all, and 5000 wanted at once.
    expect(rateOfRun({ perSecond: 1e9, requests: 100 }, lengths, () => 1000)).toBeCloseTo(1000, 3);
  });

  it("spreads lengths around their mean", () => {
    const lengths = answerLengths(1000, 200, true);
    expect(lengths.reduce((sum, value) => sum + value, 0) / 1000).toBeCloseTo(200, -1);
    expect(Math.max(...lengths)).toBeGreaterThan(800);
  });
});

describe("the physical model", () => {
  const { samples } = throughputRows();
  const inputs = fc.constantFrom(...samples.map(({ input }) => input));
  const { factors } = fitted();
  const rate = (input: ThroughputInput) => physical(input, factors).outputTokensPerSecond;

  it("knows every term, none below nothing", () => {
    for (const { input } of samples) {
      const { terms, fixed } = termsOf(input, stepOf(input));
      expect(terms.length).toBe(TERMS.length);
      expect([...terms, fixed].every((value) => value >= 0)).toBe(true);
    }
  });

  it("is never faster on a card with less bandwidth, a slower link or less arithmetic", () => {
    fc.assert(
      fc.property(inputs, fc.double({ min: 0.1, max: 1, noNaN: true }), (input, share) => {
        for (const key of ["bandwidthGBps", "linkGBps", "fp16Tflops"] as const) {
          const slower = { ...input.gpu, [key]: input.gpu[key] * share };
          expect(rate({ ...input, gpu: slower })).toBeLessThanOrEqual(rate(input) * (1 + 1e-12));
        }
      }),
    );
  });

  it("answers one request no faster with a longer prompt", () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 100_000 }), (input, more) => {
        const load = { ...input.load, concurrency: 1 };
        const longer = { ...load, inputTokens: load.inputTokens + more };
        expect(rate({ ...input, load: longer })).toBeLessThanOrEqual(rate({ ...input, load }) * (1 + 1e-12));
      }),
    );
  });

  it("never decodes faster than the weights can be read", () => {
    for (const { input } of samples.filter(({ input }) => input.shape.moeExperts === null)) {
      const passes = (input.gpu.bandwidthGBps * 1e9) / (input.weightBytes / 1.02);
      const { step, outputTokensPerSecond } = physical(input, {
        ...factors,
        weights4: 1,
        weights8: 1,
        weights16: 1,
      });
      const embedding = input.parameters.lmHead === 0 ? 0 : (input.parameters.embedding * 2) / input.tensor;
      const share = 1 - embedding / input.weightBytes;
      expect(outputTokensPerSecond / step.streams / input.data).toBeLessThanOrEqual(passes / share);
    }
  });
});

describe("what a fit says of its speed", () => {
  const base = { engine: engine("0.11.0") ?? engine()!, gpusPerNode: 1, tensorParallel: 1 };
  const speed = (
    repo: string,
    card: string,
    load: { inputTokens: number; outputTokens: number; concurrency: number },
  ) => fitReplica({ ...base, shape: model(repo)!, gpu: gpu(card)!, maxModelLen: 8192, load }).throughput!;

  it("names the measured row that it rests on", () => {
    const row = fitted().rows.find(
      ({ row }) => row.repo === "Qwen/Qwen2.5-7B-Instruct" && row.gpus === 1,
    )!.row;
    const estimate = speed(row.repo!, row.gpu, row);
    expect(estimate.basis).toBe("measured");
    expect(estimate.anchor?.source).toBe(row.source);
    expect(estimate.outputTokensPerSecond.expected / row.outputTokensPerSecond).toBeCloseTo(1, 0);
    const other = speed(row.repo!, row.gpu, { inputTokens: 300, outputTokens: 300, concurrency: 40 });
    expect(other.basis).toBe("interpolated");
    expect(other.anchor).not.toBeNull();
  });

  it("has a wider band where no row of the model on the card is known", () => {
    const load = { inputTokens: 500, outputTokens: 200, concurrency: 16 };
    const estimate = speed("Qwen/Qwen2.5-7B-Instruct", "L40S-48G", load);
    expect(estimate.basis).toBe("roofline");
    expect(estimate.anchor).toBeNull();
    const { low, expected, high } = estimate.outputTokensPerSecond;
    expect(low).toBeLessThan(expected);
    expect(high).toBeGreaterThan(expected);
    expect(estimate.coveragePct).toBeGreaterThanOrEqual(80);
  });
});
