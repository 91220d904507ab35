import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CatalogError } from "./error.ts";
import { badField, badPriceField, FIELDS, type PriceTable } from "./tables.ts";

/**
 * The folder with the data files: beside this module in a checkout, and up to two folders above it, under
 * `catalog`, when the module is part of a bundle.
 */
export function dataFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = ["data", "../catalog/data", "../../catalog/data"].map((place) => join(here, place));
  return places.find((place) => existsSync(join(place, "meta.json"))) ?? places[0]!;
}

function readJson(folder: string, file: string): unknown {
  let text: string;
  try {
    text = readFileSync(join(folder, file), "utf8");
  } catch (cause) {
    throw new CatalogError(file, null, `cannot be read (${(cause as NodeJS.ErrnoException).code ?? cause})`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CatalogError(file, null, `is not JSON (${(cause as Error).message})`);
  }
}

function rowsOf(document: unknown, file: string): unknown[] {
  const rows = (document as { rows?: unknown } | null)?.rows;
  if (!Array.isArray(rows)) throw new CatalogError(file, null, "has no list of rows");
  return rows;
}

/** @throws CatalogError naming the first row that is not sound. */
export function readTable<Row>(folder: string, table: string): Row[] {
  const file = `${table}.json`;
  const rows = rowsOf(readJson(folder, file), file);
  for (const [index, row] of rows.entries()) {
    const bad = badField(row, FIELDS[table]!);
    if (bad) throw new CatalogError(file, index, `${bad} is missing or not of its kind`);
  }
  return rows as Row[];
}

/** @throws CatalogError naming the first row that is not sound. */
export function readPrices(folder: string): PriceTable {
  const file = "prices.json";
  const document = readJson(folder, file);
  const rows = rowsOf(document, file);
  const { sources } = document as { sources?: unknown };
  const sound =
    Array.isArray(sources) &&
    sources.every(
      (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === "string"),
    );
  if (!sound) throw new CatalogError(file, null, "has no list of sources");
  for (const [index, row] of rows.entries()) {
    const bad = badPriceField(row, sources.length);
    if (bad) throw new CatalogError(file, index, `${bad} is missing or not of its kind`);
  }
  return document as PriceTable;
}

/** @throws CatalogError */
export function readAsOf(folder: string): string {
  const asOf = (readJson(folder, "meta.json") as { asOf?: unknown } | null)?.asOf;
  if (typeof asOf !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(asOf))
    throw new CatalogError("meta.json", null, "has no date");
  return asOf;
}
