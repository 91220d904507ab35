import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engine, gpu, type ModelShape } from "../../../catalog/index.ts";
import { fitReplica, shapeFromConfig } from "../../../plan/fit/index.ts";

type Json = Record<string, unknown>;
const { published, families }: Record<string, { name: string; config: Json }[]> = JSON.parse(
  readFileSync(new URL("../../fixtures/models/configs.json", import.meta.url), "utf8"),
);
const rows = [...published!, ...families!];
const options = { repo: "local", totalBytes: null };
const card = gpu("B200-180G")!;

/** What a broken or hostile file may hold where a count is expected. */
const nonsense = fc.constantFrom<unknown>(
  -1,
  -4096,
  0.5,
  4096.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "4096",
  "NaN",
  "",
  true,
  [],
  [4096],
  {},
  { value: 4096 },
);
const anything = fc.oneof(nonsense, fc.constant(null), fc.constant(0), fc.jsonValue(), fc.integer());

function fitted(shape: ModelShape) {
  return fitReplica({ shape, gpu: card, gpusPerNode: 8, engine: engine("0.30.0")!, maxModelLen: 4096 });
}

/** A shape that was read must be one to reckon with. */
function expectSound(shape: ModelShape) {
  for (const [key, value] of Object.entries(shape))
    if (typeof value === "number") {
      expect(Number.isFinite(value), key).toBe(true);
      // -1: one scale a channel.
      if (key === "quantGroupSize" && value === -1) continue;
      expect(value, key).toBeGreaterThanOrEqual(0);
    }
  for (const group of shape.cacheLayers ?? []) expect(group.layers).toBeGreaterThan(0);
  expect(shape.layers).toBeGreaterThan(0);
  expect(shape.layers).toBeLessThanOrEqual(2000);
  const document = fitted(shape);
  expect(["fits", "tight", "no", "unknown"]).toContain(document.verdict);
  for (const range of Object.values(document.perGpu))
    if (range !== null && typeof range !== "number")
      for (const bound of Object.values(range)) expect(Number.isFinite(bound)).toBe(true);
}

/** The names of the fields that reading a file looked at. */
function looked(config: Json): Set<string> {
  const seen = new Set<string>();
  const watched = new Proxy(config, {
    get(target, key) {
      seen.add(String(key));
      return target[key as string];
    },
  });
  shapeFromConfig(watched, options);
  return seen;
}

const flat = rows.filter(({ config }) => config["text_config"] === undefined);

describe("a config.json with one field that holds nonsense", () => {
  it.each(flat)("is unknown and names it, in $name", ({ config }) => {
    const counts = [...looked(config)].filter(
      (key) => typeof config[key] === "number" && key !== "rope_theta",
    );
    expect(counts.length).toBeGreaterThanOrEqual(5);
    for (const key of counts)
      for (const value of fc.sample(nonsense, { numRuns: 12, seed: 1 })) {
        const found = shapeFromConfig({ ...config, [key]: value }, options);
        expect(found, `${key} = ${JSON.stringify(value)}`).toHaveProperty("unknown");
      }
  });

  it.each(flat)("is unknown without what its class does not assume, in $name", ({ config }) => {
    for (const key of [
      "num_hidden_layers",
      "hidden_size",
      "num_attention_heads",
      "vocab_size",
      "model_type",
    ]) {
      if (config[key] === undefined || (key === "num_hidden_layers" && config["layers_block_type"])) continue;
      const { [key]: _gone, ...rest } = config;
      const found = shapeFromConfig(rest, options);
      const isAssumed = /^gemma/.test(String(config["model_type"])) && /heads|vocab/.test(key);
      const isCounted = config["hybrid_override_pattern"] !== undefined && key === "num_hidden_layers";
      if (!isAssumed && !isCounted) expect(found, key).toHaveProperty("unknown");
    }
  });
});

describe("any config.json", () => {
  it("that is a mixture of real and broken fields never crashes, and what is read is sound", () => {
    const broken = fc
      .constantFrom(...rows)
      .chain(({ config }) =>
        fc.tuple(
          fc.constant(config),
          fc.dictionary(fc.constantFrom(...Object.keys(config)), anything, { maxKeys: 3 }),
          fc.subarray(Object.keys(config), { maxLength: 2 }),
        ),
      );
    fc.assert(
      fc.property(broken, ([config, changes, gone]) => {
        const file: Json = { ...config, ...changes };
        for (const key of gone) delete file[key];
        const shape = shapeFromConfig(file, options);
        if (!("unknown" in shape)) expectSound(shape);
        else expect(shape.unknown.length).toBeGreaterThan(0);
      }),
      { numRuns: 1500 },
    );
  });

  it("with a broken inner part never crashes", () => {
    const nested = rows.filter(({ config }) => config["text_config"] !== undefined);
    fc.assert(
      fc.property(
        fc.constantFrom(...nested),
        fc.constantFrom(
          "text_config",
          "vision_config",
          "quantization_config",
          "rope_scaling",
          "audio_config",
        ),
        fc.oneof(anything, fc.dictionary(fc.string(), anything), fc.object({ maxDepth: 4 })),
        ({ config }, key, value) => {
          const shape = shapeFromConfig({ ...config, [key]: value }, options);
          if (!("unknown" in shape)) expectSound(shape);
        },
      ),
      { numRuns: 600 },
    );
  });

  it("with any quantization_config is read or unknown", () => {
    const methods = [
      "awq",
      "gptq",
      "fp8",
      "mxfp4",
      "bitsandbytes",
      "compressed-tensors",
      "modelopt",
      "auto-round",
      4,
    ];
    const keys = [
      "bits",
      "w_bit",
      "group_size",
      "sym",
      "weight_block_size",
      "quant_algo",
      "config_groups",
      "ignore",
    ];
    const group = fc.record({
      weights: fc.oneof(
        anything,
        fc.dictionary(fc.constantFrom("num_bits", "type", "group_size", "strategy"), anything),
      ),
      input_activations: anything,
    });
    const quant = fc
      .tuple(fc.constantFrom(...methods), fc.dictionary(fc.constantFrom(...keys), anything), group)
      .map(([quant_method, rest, one]) => ({ config_groups: { group_0: one }, ...rest, quant_method }));
    fc.assert(
      fc.property(fc.constantFrom(...rows), quant, ({ config }, quantization_config) => {
        const shape = shapeFromConfig({ ...config, quantization_config }, options);
        if ("unknown" in shape) return;
        expectSound(shape);
        expect(shape.quantMethod).not.toBeNull();
        if (shape.quantGroupSize !== null && shape.quantGroupSize !== -1)
          expect(shape.quantGroupSize).toBeGreaterThan(0);
      }),
      { numRuns: 800 },
    );
  });

  it("made of anything at all is unknown", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (file) => {
        expect(shapeFromConfig(file, options)).toHaveProperty("unknown");
      }),
    );
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "of the type %s is unknown",
    (model_type) => {
      expect(shapeFromConfig({ model_type }, options)).toEqual({ unknown: `architecture ${model_type}` });
    },
  );
});
