import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { llmApis, llmTerms } from "../../../catalog/index.ts";
import { apiMonth, apiNamed, type Demand, hostedModels } from "../../../cost/compare/index.ts";
import { formatMicro } from "../../../cost/index.ts";

const models = hostedModels(llmApis());
const DEMAND: Demand = {
  requestsPerMonth: 1000,
  inputTokens: 1000,
  outputTokens: 500,
  cachedShare: "0",
  batchShare: "0",
  regulatedShare: "0",
};
const named = (name: string) => models.find((model) => model.name === name)!;
const monthOf = (name: string, changes: Partial<Demand> = {}) =>
  apiMonth(named(name), { ...DEMAND, ...changes }, llmTerms());
function parts(name: string, changes: Partial<Demand> = {}): string[] {
  const month = monthOf(name, changes);
  if ("because" in month) throw new Error(month.because);
  return [month.input, month.cachedInput, month.output, month.fees, month.total].map(formatMicro);
}
function notes(name: string, changes: Partial<Demand>): string[] {
  const month = monthOf(name, changes);
  return "because" in month ? [] : month.notes;
}

describe("a month of a hosted API, worked by hand", () => {
  it("with a cache and a batch tier", () => {
    // 0.25 in, 0.025 cached, 2 out; batch half price. Of 1,000,000 tokens in: 0.75·0.6 fresh and 0.25·0.5 in batches
    // = 575,000 → 0.14375; 0.75·0.4 cached = 300,000 → 0.0075; out 500,000·(0.75 + 0.125) = 437,500 → 0.875.
    expect(parts("openai gpt-5-mini", { cachedShare: "0.4", batchShare: "0.25" })).toEqual([
      "0.143750",
      "0.007500",
      "0.875000",
      "0.000000",
      "1.026250",
    ]);
  });

  it("through an aggregator, with 5.5 % on the credits", () => {
    // 625 million tokens at 0.039 = 24.375; 1,250 million at 0.18 = 225; 5.5 % of 249.375 = 13.715625.
    const load = { requestsPerMonth: 1_000_000, inputTokens: 625, outputTokens: 1250 };
    expect(parts("openrouter (routed) openai/gpt-oss-120b", load)).toEqual([
      "24.375000",
      "0.000000",
      "225.000000",
      "13.715625",
      "263.090625",
    ]);
  });

  it("with the price of long prompts from the first token beyond the threshold", () => {
    const load = { inputTokens: 272_000, outputTokens: 100 };
    // 272 million at 2.5 = 680; 0.1 million at 15 = 1.5.
    expect(parts("openai gpt-5.4", load).slice(0, 3)).toEqual(["680.000000", "0.000000", "1.500000"]);
    // 272.001 million at 5 = 1360.005; 0.1 million at 22.5 = 2.25.
    expect(parts("openai gpt-5.4", { ...load, inputTokens: 272_001 }).slice(0, 3)).toEqual([
      "1360.005000",
      "0.000000",
      "2.250000",
    ]);
  });

  it("charges cached input in full where no price of it is listed, and says so", () => {
    // 15 in: half of a million tokens each way is 7.5.
    expect(parts("openai gpt-5-pro", { cachedShare: "0.5" }).slice(0, 2)).toEqual(["7.500000", "7.500000"]);
    expect(notes("openai gpt-5-pro", { cachedShare: "0.5" })).toContain("no price of cached input listed");
  });

  it("charges batches in full where no batch tier is known, and says so", () => {
    expect(parts("mistral mistral-medium-3", { batchShare: "1" })).toEqual(parts("mistral mistral-medium-3"));
    expect(notes("mistral mistral-medium-3", { batchShare: "1" })).toContain(
      "no batch tier known: standard price",
    );
  });

  it("has no price for a request that is longer than the model takes", () => {
    expect(
      monthOf("novita (via huggingface router) meta-llama/Llama-3.1-8B-Instruct", { inputTokens: 16_000 }),
    ).toEqual({ because: "a request of 16500 tokens is longer than its 16384" });
  });

  it("has no price where the table has none, and never zero", () => {
    const base = { ...named("openai gpt-4.1").base, outputUsdPerMtok: null };
    expect(apiMonth({ ...named("openai gpt-4.1"), base }, DEMAND, [])).toEqual({ because: "no list price" });
  });
});

describe("the price table", () => {
  it("has each model of a provider once, and each long-prompt price belongs to one", () => {
    const names = new Set(llmApis().map(({ provider, model }) => `${provider} ${model}`));
    expect(names.size).toBe(llmApis().length);
    const long = models.reduce((sum, model) => sum + model.long.length, 0);
    expect(models.length + long).toBe(llmApis().length);
    expect(long).toBe(llmApis().filter(({ model }) => model.includes("input over")).length);
  });

  it("is found by name in the ways people write it", () => {
    for (const name of ["gpt-4.1", "GPT-4.1", "openai/gpt-4.1", "openai gpt-4.1", " gpt-4.1 "])
      expect(apiNamed(llmApis(), name).map(({ model }) => model)).toEqual(["gpt-4.1"]);
    expect(apiNamed(llmApis(), "openai/gpt-oss-120b").length).toBeGreaterThan(3);
    for (const name of ["", "gpt", "gpt-5.4 (input over 272k tokens)"])
      expect(apiNamed(llmApis(), name)).toEqual([]);
  });
});

const share = fc.integer({ min: 0, max: 1000 }).map((value) => String(value / 1000));
const demand = fc.record({
  requestsPerMonth: fc.integer({ min: 1, max: 1_000_000_000 }),
  inputTokens: fc.integer({ min: 1, max: 4000 }),
  outputTokens: fc.integer({ min: 1, max: 4000 }),
  cachedShare: share,
  batchShare: share,
  regulatedShare: fc.constant("0"),
});
const api = fc.constantFrom(...models);

describe("any month", () => {
  const total = (model: (typeof models)[number], load: Demand) => {
    const month = apiMonth(model, load, llmTerms());
    return "because" in month ? null : month;
  };

  it("is the sum of its parts, and a request's price times the requests", () => {
    fc.assert(
      fc.property(api, demand, (model, load) => {
        const month = total(model, load);
        if (month === null) return;
        expect(month.input + month.cachedInput + month.output + month.fees).toBe(month.total);
        const { units, scale } = month.perRequest;
        const exact = (units * BigInt(load.requestsPerMonth)) / 10n ** BigInt(scale);
        // Four parts, each rounded once, and the remainder of this division.
        expect(Number(exact - month.total)).toBeLessThanOrEqual(3);
        expect(Number(exact - month.total)).toBeGreaterThanOrEqual(-3);
      }),
    );
  });

  it("never costs less with more requests or longer ones", () => {
    fc.assert(
      fc.property(api, demand, fc.integer({ min: 0, max: 1000 }), (model, load, more) => {
        const before = total(model, load);
        for (const key of ["requestsPerMonth", "inputTokens", "outputTokens"] as const) {
          const after = total(model, { ...load, [key]: load[key] + more });
          if (before && after) expect(after.total >= before.total).toBe(true);
        }
      }),
    );
  });

  it("never costs more with more in batches", () => {
    fc.assert(
      fc.property(api, demand, share, share, (model, load, a, b) => {
        const [less, more] = [a, b].sort((x, y) => Number(x) - Number(y)) as [string, string];
        // A cache may beat half price, and a batch is counted as not cached.
        const base = { ...load, cachedShare: "0" };
        const [first, second] = [less, more].map((batchShare) => total(model, { ...base, batchShare }));
        if (first && second) expect(second.total <= first.total + 3n).toBe(true);
      }),
    );
  });
});
