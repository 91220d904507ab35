import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { generate } from "../../catalog/build/generate.ts";
import { openCatalog } from "../../catalog/catalog.ts";
import { CatalogError, modelFolder, parseCsv } from "../../catalog/index.ts";
import { priceDocumentFrom } from "../../catalog/price.ts";

const DATA = fileURLToPath(new URL("../../catalog/data/", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "freehold-catalog-"));
afterAll(() => rmSync(scratch, { recursive: true }));

let count = 0;
/** A catalogue over a folder of its own with just these files, some of them spoilt. */
function catalogWith(files: string[], spoil: Record<string, (text: string) => string> = {}) {
  const folder = join(scratch, String(count++));
  mkdirSync(folder);
  for (const name of files) {
    const text = readFileSync(join(DATA, name), "utf8");
    writeFileSync(join(folder, name), spoil[name]?.(text) ?? text);
  }
  return openCatalog(() => folder);
}

function errorOf(run: () => unknown): CatalogError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(CatalogError);
    return error as CatalogError;
  }
  throw new Error("nothing was thrown");
}

describe("the build", () => {
  it("gives the files that are checked in, byte for byte", () => {
    const files = generate();
    for (const [name, text] of files)
      expect(readFileSync(join(DATA, name), "utf8") === text, name).toBe(true);
    expect(generate()).toEqual(files);
  });
});

describe("loading", () => {
  it("answers a price from four files only", () => {
    const catalog = catalogWith(["instances.json", "prices.json", "regions.json", "meta.json"]);
    expect(priceDocumentFrom(catalog, "g6.xlarge", "us-east-1")).toMatchObject({
      schema: "freehold.price/v1",
    });
    expect(errorOf(() => catalog.models())).toMatchObject({
      code: "catalog-corrupt",
      file: "models.json",
      row: null,
    });
  });

  it("reads nothing until it is asked", () => {
    expect(() => openCatalog(() => "/nowhere")).not.toThrow();
  });

  it("names a file that is cut off", () => {
    const catalog = catalogWith(["gpus.json"], { "gpus.json": (text) => text.slice(0, 500) });
    expect(errorOf(() => catalog.gpus())).toMatchObject({
      code: "catalog-corrupt",
      file: "gpus.json",
      row: null,
      fix: expect.stringMatching(/install/),
    });
  });

  it.each([
    ["a field is gone", (row: Record<string, unknown>) => delete row["bandwidthGBps"], "bandwidthGBps"],
    ["a number became text", (row: Record<string, unknown>) => (row["nameplateGib"] = "80"), "nameplateGib"],
    ["the source is empty", (row: Record<string, unknown>) => (row["source"] = ""), "source"],
    ["the date is none", (row: Record<string, unknown>) => (row["asOf"] = "last week"), "asOf"],
  ])("names the row and the field when %s", (_, spoil, field) => {
    const catalog = catalogWith(["gpus.json"], {
      "gpus.json": (text) => {
        const document = JSON.parse(text);
        spoil(document.rows[3]);
        return JSON.stringify(document);
      },
    });
    const error = errorOf(() => catalog.gpu("L4-24G"));
    expect(error).toMatchObject({ file: "gpus.json", row: 3 });
    expect(error.message).toContain(field);
  });

  it("names the row of a spoilt price", () => {
    for (const spoil of [(cell: unknown[]) => (cell[0] = "free"), (cell: unknown[]) => (cell[2] = 99)]) {
      const catalog = catalogWith(["prices.json"], {
        "prices.json": (text) => {
          const document = JSON.parse(text);
          spoil(Object.values(document.rows[7].prices)[0] as unknown[]);
          return JSON.stringify(document);
        },
      });
      expect(errorOf(() => catalog.instancePrices("us-east-1"))).toMatchObject({
        file: "prices.json",
        row: 7,
      });
    }
  });

  it("keeps failing on the second call", () => {
    const catalog = catalogWith([]);
    expect(errorOf(() => catalog.regions()).file).toBe("regions.json");
    expect(errorOf(() => catalog.regions()).file).toBe("regions.json");
    expect(errorOf(() => catalog.catalogAsOf()).file).toBe("meta.json");
  });

  it.each(["dist", "dist/cli"])("finds its data from a bundle in %s", async (place) => {
    const root = join(scratch, `bundle-${place.replace("/", "-")}`);
    const outfile = join(root, place, "bundle.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("../../catalog/index.ts", import.meta.url))],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "silent",
    });
    cpSync(DATA, join(root, "catalog/data"), { recursive: true });
    const bundle = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
    expect(bundle.engine().version).toBe("0.30.0");
  });
});

describe("a folder with a model", () => {
  const folder = join(scratch, "model");
  const shard = (name: string, tensors: number) => {
    const header = Buffer.from("{}");
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(join(folder, name), Buffer.concat([length, header, Buffer.alloc(tensors)]));
  };

  it("gives its config and the bytes of its tensors", () => {
    mkdirSync(folder);
    expect(modelFolder(folder)).toEqual({ error: `${folder} holds no config.json` });
    writeFileSync(join(folder, "config.json"), '{"model_type":"llama"}');
    expect(modelFolder(folder)).toEqual({ config: { model_type: "llama" }, totalBytes: null });
    shard("model-00001-of-00002.safetensors", 100);
    shard("model-00002-of-00002.safetensors", 50);
    shard("consolidated.safetensors", 150);
    expect(modelFolder(folder)).toMatchObject({ totalBytes: 150 });
    writeFileSync(
      join(folder, "model.safetensors.index.json"),
      '{"metadata":{"total_size":140},"weight_map":{}}',
    );
    expect(modelFolder(folder)).toMatchObject({ totalBytes: 140 });
  });

  it("reports what it cannot read", () => {
    writeFileSync(join(folder, "config.json"), "{");
    expect(modelFolder(folder)).toMatchObject({ error: expect.stringContaining(folder) });
    writeFileSync(join(folder, "config.json"), "[]");
    expect(modelFolder(folder)).toMatchObject({ error: expect.stringMatching(/not an object/) });
    expect(modelFolder(join(scratch, "absent"))).toMatchObject({ error: expect.stringMatching(/no config/) });
  });
});

describe("CSV", () => {
  it("reads quoted cells, comments and line numbers", () => {
    const text = '# note\na,b\n1,"x, ""y""\nz"\n# between\n2,\r\n';
    expect(parseCsv(text)).toEqual([
      { line: 3, cells: { a: "1", b: 'x, "y"\nz' } },
      { line: 6, cells: { a: "2", b: "" } },
    ]);
    expect(() => parseCsv("a,b\n1\n")).toThrow(/line 2: 1 cells/);
    expect(parseCsv("")).toEqual([]);
  });
});
