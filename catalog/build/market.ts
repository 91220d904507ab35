import type {
  GuideFigure,
  HostedWeights,
  IntelligenceRow,
  LlmApiPrice,
  LlmTerm,
  SpotInterruption,
} from "../types.ts";
import { price, readSource, sourced } from "./read.ts";

/** What others sell, and what guides say of it: hosted APIs, their terms, the intelligence table, spot markets. */

export function buildLlmApis(): LlmApiPrice[] {
  return readSource("llm-api-prices.csv").map((row) => ({
    provider: row.text("provider"),
    model: row.text("model"),
    inputUsdPerMtok: price(row, "input_usd_per_mtok"),
    outputUsdPerMtok: price(row, "output_usd_per_mtok"),
    cachedInputUsdPerMtok: price(row, "cached_input_usd_per_mtok"),
    contextWindow: row.optionalNumber("context_window"),
    ...sourced(row),
  }));
}

export function buildHostedWeights(): HostedWeights[] {
  const sold = new Set(buildLlmApis().map(({ model }) => model));
  return readSource("llm-open-weights.csv").map((row) => {
    const apiModel = row.text("api_model");
    if (!sold.has(apiModel)) row.fail(`no price row of ${apiModel}`);
    return { apiModel, repo: row.text("hf_repo"), ...sourced(row) };
  });
}

export function buildLlmTerms(): LlmTerm[] {
  const providers = new Set(buildLlmApis().map(({ provider }) => provider));
  return readSource("llm-terms.csv").map((row) => {
    const term = row.text("term");
    if (term !== "batch-discount-pct" && term !== "credit-fee-pct") row.fail(`no such term: ${term}`);
    if (!providers.has(row.text("provider"))) row.fail(`no price row of ${row.text("provider")}`);
    return {
      provider: row.text("provider"),
      term: term as LlmTerm["term"],
      value: price(row, "value") ?? row.fail("value is empty"),
      note: row.optional("note"),
      ...sourced(row),
    };
  });
}

export function buildIntelligence(): IntelligenceRow[] {
  const sold = new Set(buildLlmApis().map(({ model }) => model));
  return readSource("intelligence-index.csv").map((row) => {
    const apiModels = row.list("api_models");
    const stray = apiModels.find((name) => !sold.has(name));
    if (stray) row.fail(`no price row of ${stray}`);
    return {
      model: row.text("model"),
      index: row.number("index"),
      blendedUsdPerMtok: price(row, "blended_usd_per_mtok"),
      usdPerPoint: price(row, "usd_per_point"),
      apiModels,
      repo: row.optional("hf_repo"),
      ...sourced(row),
    };
  });
}

export function buildGuides(): GuideFigure[] {
  return readSource("guide-figures.csv").map((row) => ({
    key: row.text("key"),
    value: price(row, "value") ?? row.fail("value is empty"),
    unit: row.text("unit"),
    note: row.optional("note"),
    ...sourced(row),
  }));
}

export function buildSpotInterruptions(): SpotInterruption[] {
  return readSource("spot-interruptions.csv").map((row) => ({
    instance: row.text("instance_type"),
    region: row.text("region"),
    band: row.text("band"),
    ...sourced(row),
  }));
}
