import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folder, run, TABLE } from "./project.ts";

type Json = Record<string, unknown>;
const { published }: { published: { name: string; config: Json }[] } = JSON.parse(
  readFileSync(new URL("../fixtures/models/configs.json", import.meta.url), "utf8"),
);
const CONFIG = published.find(({ name }) => name === "Qwen/Qwen3-32B")!.config;
const FLAGS = ["--gpu", "H100-80G", "--gpus", "2", "--tp", "2", "--context", "8192", "-o", "json"];

async function fitFolder(config: unknown, index?: unknown) {
  const cwd = folder();
  mkdirSync(join(cwd, "model"));
  writeFileSync(join(cwd, "model/config.json"), typeof config === "string" ? config : JSON.stringify(config));
  if (index !== undefined)
    writeFileSync(join(cwd, "model/model.safetensors.index.json"), JSON.stringify(index));
  const found = await run(["fit", "./model", ...FLAGS], cwd);
  return { ...found, text: found.out + found.err };
}

describe("fit FOLDER", () => {
  it("judges the model of a folder, by the bytes of its index where there is one", async () => {
    const counted = await fitFolder(CONFIG);
    expect(counted.code).toBe(0);
    const shaped = JSON.parse(counted.out);
    expect(shaped).toMatchObject({ verdict: "fits", model: "./model" });
    const indexed = await fitFolder(CONFIG, { metadata: { total_size: 65524246528 }, weight_map: {} });
    // Qwen3-32B: 32,762,123,264 weights of two bytes.
    const weights = JSON.parse(indexed.out).perGpu.weightsGiB.expected;
    expect(Math.abs(weights / (65524246528 / 2 / 2 ** 30) - 1)).toBeLessThan(0.01);
    expect(Math.abs(weights / shaped.perGpu.weightsGiB.expected - 1)).toBeLessThan(0.01);
  });

  it.each([
    ["num_hidden_layers", null],
    ["hidden_size", -5120],
    ["num_attention_heads", 1e300],
    ["num_key_value_heads", "eight"],
    ["head_dim", 0.5],
    ["vocab_size", []],
    ["intermediate_size", true],
    ["max_position_embeddings", {}],
    ["quantization_config", { quant_method: "new" }],
    ["torch_dtype", "float128"],
    ["model_type", "no_such_model"],
  ])("with %s = %j names it and says nothing of fitting", async (field, value) => {
    const found = await fitFolder({ ...CONFIG, [field]: value });
    expect(found.code).toBe(0);
    const { verdict, reasons, perGpu } = JSON.parse(found.out);
    expect(verdict).toBe("unknown");
    expect(reasons[0].message).toContain(field === "model_type" ? "architecture no_such_model" : field);
    expect(Object.values(perGpu).every((value) => value === null)).toBe(true);
  });

  it("never crashes and never guesses, whatever config.json holds", async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1e300, "", "NaN", {}, []));
    const file = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.dictionary(fc.constantFrom(...Object.keys(CONFIG)), value, { minKeys: 1, maxKeys: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(file, async (content) => {
        const found = await fitFolder(typeof content === "string" ? content : { ...CONFIG, ...content });
        expect(TABLE).toContain(found.code);
        expect(found.code).not.toBe(1);
        expect(found.text).not.toMatch(/\bat .*\.ts:\d+/);
        if (found.code === 0) expect(["fits", "tight", "unknown"]).toContain(JSON.parse(found.out).verdict);
      }),
      { numRuns: 60 },
    );
  });

  it("that cannot be read at all is wrong usage", async () => {
    for (const content of ["", "[]", "{", "null"]) expect((await fitFolder(content)).code).toBe(2);
  });

  it("reads such a folder in a batch too, where what is not known is unknown", async () => {
    const cwd = folder();
    for (const [name, config] of Object.entries({ good: CONFIG, bad: { ...CONFIG, hidden_size: "wide" } })) {
      mkdirSync(join(cwd, name));
      writeFileSync(join(cwd, name, "config.json"), JSON.stringify(config));
    }
    const row = (name: string) => `./${name},H100-80G,2,2,8192`;
    writeFileSync(join(cwd, "rows.csv"), `model,gpu,gpus,tp,context\n${row("good")}\n${row("bad")}\n`);
    const found = await run(["fit", "--batch", "rows.csv", "-o", "json"], cwd);
    const { rows } = JSON.parse(found.out);
    expect(rows.map(({ verdict }: { verdict: string }) => verdict)).toEqual(["fits", "unknown"]);
    expect(rows[1].reasons[0].message).toContain("hidden_size");
  });
});
