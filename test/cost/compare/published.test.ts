import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as catalog from "../../../catalog/index.ts";
import {
  apiMonth,
  apiNamed,
  blendChecks,
  blendedPrice,
  eachOf,
  hostedModels,
  impliedHours,
  platformMonth,
  pricePerPoint,
  sustainedTokensPerSecond,
} from "../../../cost/compare/index.ts";
import { decimalString } from "../../../cost/decimal.ts";
import { amount, formatMicro } from "../../../cost/index.ts";

const demand = {
  requestsPerMonth: 1_000_000,
  inputTokens: 625,
  outputTokens: 1250,
  cachedShare: "0",
  batchShare: "0",
  regulatedShare: "0",
};

function month(name: string, changes: Partial<typeof demand> = {}) {
  const [row] = apiNamed(catalog.llmApis(), name);
  const model = hostedModels(catalog.llmApis()).find(
    (hosted) => hosted.provider === row!.provider && hosted.model === row!.model,
  )!;
  const result = apiMonth(model, { ...demand, ...changes }, catalog.llmTerms());
  if ("because" in result) throw new Error(result.because);
  return result;
}

describe("the first guide's example", () => {
  it("is GPT-4.1 at a million requests: 1,250 dollars in, 10,000 out", () => {
    const { input, output, total } = month("openai/gpt-4.1");
    expect(formatMicro(input)).toBe(`${catalog.guideFigure("example.api.input").value}.000000`);
    expect(formatMicro(output)).toBe(`${catalog.guideFigure("example.api.output").value}.000000`);
    expect(formatMicro(total)).toBe("11250.000000");
  });

  it("contradicts itself at a quarter of the requests: 2,812.50 dollars, not 1,200", () => {
    const requestsPerMonth = Number(catalog.guideFigure("example.api.quarter.requests").value);
    expect(formatMicro(month("openai/gpt-4.1", { requestsPerMonth }).total)).toBe("2812.500000");
    expect(catalog.guideFigure("example.api.quarter.total").value).toBe("1200");
  });
});

describe("the published table of intelligence and price", () => {
  const priced = catalog.intelligence().filter(({ usdPerPoint }) => usdPerPoint !== null);

  it("has 81 priced rows and 12 without a price", () => {
    expect(priced).toHaveLength(81);
    const rest = catalog.intelligence().filter((row) => !priced.includes(row));
    expect(rest).toHaveLength(12);
    for (const row of rest) expect(row.blendedUsdPerMtok).toBeNull();
  });

  it.each(priced.map((row) => [row.model, row] as const))("%s to four decimals", (_, row) => {
    expect(pricePerPoint(row.blendedUsdPerMtok!, row.index, 4)).toBe(row.usdPerPoint);
  });

  it("is weighed three of input to one of output: every proprietary model, by its provider's list price", () => {
    const open = new Set(catalog.hostedWeights().map(({ apiModel }) => apiModel));
    const checks = blendChecks(catalog.intelligence(), catalog.llmApis(), catalog.hostedWeights());
    const own = checks.filter(({ apiModel }) => !open.has(apiModel));
    expect(own.length).toBeGreaterThan(30);
    for (const { publishedUsdPerMtok, listedUsdPerMtok, differenceUsd, apiModel } of own) {
      // 0.175 was printed as 0.17 and 1.925 as 1.93: a half cent goes either way.
      const half = listedUsdPerMtok.endsWith("50");
      if (half) expect(Math.abs(Number(differenceUsd)), apiModel).toBeLessThanOrEqual(0.01);
      else expect(Number(listedUsdPerMtok).toFixed(2), apiModel).toBe(publishedUsdPerMtok);
    }
  });

  it("differs from list prices of the same month where one host is not the median of all", () => {
    const checks = blendChecks(catalog.intelligence(), catalog.llmApis(), catalog.hostedWeights());
    const august = checks
      .filter(({ asOf }) => asOf === "2025-08-31")
      .map((row) => [
        row.provider,
        row.model,
        row.publishedUsdPerMtok,
        row.listedUsdPerMtok,
        row.differenceUsd,
      ]);
    // Worked by hand from llm-api-prices.csv: (3 × input + output) / 4.
    expect(august).toEqual([
      ["deepinfra", "Llama 3.3 70B", "0.58", "0.2725", "-0.31"],
      ["deepinfra", "Mistral Small 3.2", "0.15", "0.0625", "-0.09"],
      ["deepinfra", "gpt-oss-120B (high)", "0.26", "0.1800", "-0.08"],
      ["deepinfra", "Qwen3 235B 2507 (Reasoning)", "2.63", "0.2475", "-2.38"],
      ["deepinfra", "DeepSeek R1 0528", "0.96", "0.9125", "-0.05"],
      ["deepinfra", "Qwen3 235B 2507 (Non-reasoning)", "1.23", "0.2475", "-0.98"],
      ["deepinfra", "gpt-oss-20B (high)", "0.09", "0.0700", "-0.02"],
      ["together", "gpt-oss-120B (high)", "0.26", "0.2625", "0.00"],
      ["together", "gpt-oss-20B (high)", "0.09", "0.0875", "0.00"],
      ["cerebras", "gpt-oss-20B (high)", "0.09", "0.1275", "0.04"],
    ]);
  });
});

describe("the second guide's idle GPU", () => {
  it("is an hour and eleven minutes of an H200, whatever was asked in it", () => {
    const value = (key: string) => catalog.guideFigure(`example.idle.${key}`).value;
    expect([value("spent"), value("prompts"), value("price")]).toEqual(["5.40", "12", "4.54"]);
    // 5.40 / 4.54 = 1.18942…
    expect(impliedHours(value("spent"), value("price"))).toBe("1.1894");
    expect(eachOf(value("spent"), value("prompts"))).toBe("0.4500");
  });
});

describe("the platform around the nodes", () => {
  it("is the hand-worked 287.39 dollars of us-east-1", () => {
    // 73.00 + 32.85 + 3 × 3.65 + 16.425 + 140.16 + 8.00 + 1.00 + 5.00
    expect(platformMonth(catalog, "us-east-1")).toBe(287_385_000n);
  });

  it("is not known where a price is missing", () => {
    const book = { ...catalog, servicePrice: () => null };
    expect(platformMonth(book, "us-east-1")).toMatchObject({ missing: expect.arrayContaining(["nat.hour"]) });
  });
});

/** Tokens a second by instance and API, as worked in a note from the same price lists. */
const BREAK_EVEN: [instance: string, month: number, ...rates: number[]][] = [
  ["g6.xlarge", 588, 851, 310, 325, 65, 55],
  ["g6e.xlarge", 1359, 1969, 717, 751, 150, 129],
  ["g7e.2xlarge", 2455, 3558, 1297, 1358, 271, 233],
  ["p5.4xlarge", 5022, 7280, 2654, 2779, 555, 477],
  ["p5.48xlarge", 40179, 58243, 21234, 22238, 4447, 3822],
];
const AGAINST = [
  "aws-bedrock/openai.gpt-oss-120b-1:0",
  "aws-bedrock/meta.llama3-3-70b-instruct-v1:0",
  "openai/gpt-5-mini",
  "openai/gpt-5",
  "anthropic/claude-sonnet-5",
];

describe("tokens a second at which a node equals an API", () => {
  it.each(BREAK_EVEN)("%s", (instance, dollars, ...rates) => {
    const { onDemandUsdPerHour } = catalog.instancePrice(instance, "us-east-1");
    const month = formatMicro(amount(730, onDemandUsdPerHour!));
    expect(Math.round(Number(month))).toBe(dollars);
    for (const [at, name] of AGAINST.entries()) {
      const [row] = apiNamed(catalog.llmApis(), name);
      const rate = sustainedTokensPerSecond(month, decimalString(blendedPrice(row!)!));
      expect(Math.abs(rate - rates[at]!), `${instance} against ${name}: ${rate}`).toBeLessThanOrEqual(1);
    }
  });
});

describe("the tables of others", () => {
  it("say of every row where it was read and when", () => {
    for (const file of ["intelligence", "guides", "llm-terms", "llm-weights", "spot-interruptions"]) {
      const { rows } = JSON.parse(
        readFileSync(new URL(`../../../catalog/data/${file}.json`, import.meta.url), "utf8"),
      );
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows)
        expect([row.source, row.asOf]).toEqual([
          expect.stringMatching(/\S/),
          expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        ]);
    }
  });
});
