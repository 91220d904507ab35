import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ModelShape, model } from "../../../catalog/index.ts";
import { kvCost, parametersOf, shapeFromConfig } from "../../../plan/fit/index.ts";

interface Row {
  name: string;
  /** Parameters of the Hugging Face class, counted by torch. */
  weights: number;
  experts: number;
  config: Record<string, unknown>;
}
const { published, families }: { published: Row[]; families: Row[] } = JSON.parse(
  readFileSync(new URL("../../fixtures/models/configs.json", import.meta.url), "utf8"),
);

function read(config: Record<string, unknown>): ModelShape {
  const shape = shapeFromConfig(config, { repo: "local", totalBytes: null });
  if ("unknown" in shape) throw new Error(shape.unknown);
  return shape;
}

const kvBytes = (shape: ModelShape) => {
  const cost = kvCost(shape, { tensor: 1, pipeline: 1, dtype: "auto", inFlightTokens: 2048 });
  if ("unknown" in cost) throw new Error(cost.unknown);
  return cost.bytesPerToken;
};

/** Bytes a token that the index of sparse attention adds; rows without `cacheLayers` leave it out. */
const indexBytes = (shape: ModelShape) =>
  (shape.cacheLayers ?? []).reduce(
    (sum, group) => sum + (group.kind === "latent" ? group.layers * group.indexBytes : 0),
    0,
  );

/** Catalogue rows of the same architecture, entered by hand from other sources. */
const ROWS: Record<string, string> = {
  "meta-llama/Meta-Llama-3.1-8B": "meta-llama/Llama-3.1-8B-Instruct",
  "meta-llama/Meta-Llama-3.1-405B": "meta-llama/Llama-3.1-405B-Instruct",
  "mistralai/Mixtral-8x22B-v0.1": "mistralai/Mixtral-8x22B-Instruct-v0.1",
};
const inCatalogue = published.filter(({ name }) => model(ROWS[name] ?? name) !== undefined);

describe("the weights of a config.json", () => {
  it.each([...published, ...families])("of $name are those that torch counts in its class", (row) => {
    const shape = read(row.config);
    const counted = shape.paramsTotalB! * 1e9;
    // Towers are counted without their norms, biases and odd layers.
    const room = shape.visionParamsB == null ? 0.001 : 0.007;
    expect(Math.abs(counted / row.weights - 1)).toBeLessThan(room);
    if (row.experts > 0)
      expect(Math.abs(shape.expertParamsB! * 1e9 - row.experts)).toBeLessThan(0.003 * row.experts);
    else expect(shape.expertParamsB).toBeNull();
  });

  it.each([...published, ...families])("of $name reach the fit", (row) => {
    const parameters = parametersOf(read(row.config));
    if ("unknown" in parameters) throw new Error(parameters.unknown);
    // A count from the shape alone may leave out a tower of up to 1 %.
    expect(Math.abs(parameters.total / row.weights - 1)).toBeLessThan(0.011);
    expect(Math.abs(parameters.experts - row.experts)).toBeLessThanOrEqual(0.003 * row.experts);
    expect(parameters.active).toBeLessThanOrEqual(parameters.total);
  });
});

describe("a published config.json", () => {
  it("is read for every architecture of the catalogue that it stands for", () => {
    expect(inCatalogue.length).toBeGreaterThanOrEqual(18);
  });

  it.each(inCatalogue)("of $name says what the catalogue row says", ({ name, config }) => {
    const row = model(ROWS[name] ?? name)!;
    const shape = read(config);
    for (const key of [
      "layers",
      "hiddenSize",
      "attentionHeads",
      "vocabSize",
      "kvLoraRank",
      "qkRopeHeadDim",
      "moeExperts",
      "moeTopK",
      "moeIntermediateSize",
      "fullAttentionLayers",
    ] as const)
      if (row[key] !== null) expect(shape[key], key).toBe(row[key]);
    if (row.kvLoraRank === null) {
      expect(shape.kvHeads).toBe(row.kvHeads);
      expect(shape.headDim).toBe(row.headDim);
    }
    if (row.tieWordEmbeddings !== null) expect(shape.tieWordEmbeddings).toBe(row.tieWordEmbeddings);
    const order = (groups: ModelShape["cacheLayers"]) =>
      [...(groups ?? [])].sort((a, b) => a.kind.localeCompare(b.kind));
    if (row.cacheLayers) expect(order(shape.cacheLayers)).toEqual(order(row.cacheLayers));
    else if (row.kvBytesPerTokenBf16Tp1 !== null)
      expect(kvBytes(shape) - indexBytes(shape)).toBe(row.kvBytesPerTokenBf16Tp1);
  });
});
