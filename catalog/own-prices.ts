import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { CatalogError } from "./error.ts";
import type { OwnPrice } from "./price-list.ts";

/** Name of a table of own prices in the folder of a project. */
export const OWN_PRICES_FILE = "freehold-prices.json";

/** A table of own prices, as `freehold prices refresh` writes it. */
export interface OwnPriceTable {
  schema: "freehold.prices/v1";
  rows: OwnPrice[];
}

const AMOUNT = /^\d+(\.\d+)?$/;
const PIECE = 2 ** 20;

/** A text file in pieces, so that a file of any size is read in bounded memory. */
export function* piecesOf(path: string): Generator<string> {
  const handle = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(PIECE);
    const decoder = new StringDecoder("utf8");
    for (;;) {
      const length = readSync(handle, buffer, 0, PIECE, null);
      if (length === 0) break;
      yield decoder.write(buffer.subarray(0, length));
    }
    yield decoder.end();
  } finally {
    closeSync(handle);
  }
}

/**
 * The rows of a table of own prices; null where there is no such file.
 *
 * @throws CatalogError naming the first row that is not sound
 */
export function readOwnPrices(path: string): OwnPrice[] | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw damaged(path, null, `cannot be read (${code})`);
  }
  let table: Partial<OwnPriceTable> | null;
  try {
    table = JSON.parse(text) as Partial<OwnPriceTable> | null;
  } catch (cause) {
    throw damaged(path, null, `is not JSON (${(cause as Error).message})`);
  }
  if (table?.schema !== "freehold.prices/v1" || !Array.isArray(table.rows))
    throw damaged(path, null, "is no table of freehold prices refresh");
  for (const [index, row] of table.rows.entries()) {
    const field = badField(row);
    if (field) throw damaged(path, index, `${field} is missing or not of its kind`);
  }
  return table.rows;
}

function damaged(path: string, row: number | null, problem: string): CatalogError {
  return Object.assign(new CatalogError(path, row, problem), {
    fix: "write it again with freehold prices refresh --file FILE, or remove it",
  });
}

function badField(row: unknown): string | null {
  const cells = (row ?? {}) as Record<string, unknown>;
  for (const name of ["instance", "region", "source"])
    if (typeof cells[name] !== "string" || cells[name] === "") return name;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(cells["asOf"]))) return "asOf";
  const price = cells["onDemandUsdPerHour"];
  if (price !== null && !(typeof price === "string" && AMOUNT.test(price) && Number(price) > 0))
    return "onDemandUsdPerHour";
  const { reserved } = cells;
  if (!Array.isArray(reserved)) return "reserved";
  const isSound = (entry: Record<string, unknown> | null) =>
    [1, 3].includes(entry?.["years"] as number) &&
    ["standard", "convertible"].includes(String(entry?.["offeringClass"])) &&
    ["no-upfront", "partial-upfront", "all-upfront"].includes(String(entry?.["payment"])) &&
    [entry?.["upfrontUsd"], entry?.["usdPerHour"]].every((text) => AMOUNT.test(String(text)));
  return reserved.every(isSound) ? null : "reserved";
}

/** Rows of a table after new ones came: those replace every row of the regions that they are of. */
export function mergePrices(old: readonly OwnPrice[], fresh: readonly OwnPrice[]): OwnPrice[] {
  const regions = new Set(fresh.map(({ region }) => region));
  const key = ({ region, instance }: OwnPrice) => `${region} ${instance}`;
  return [...old.filter(({ region }) => !regions.has(region)), ...fresh].sort((a, b) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0,
  );
}

/** A table as it is written. */
export function ownPriceTable(rows: readonly OwnPrice[]): string {
  const table: OwnPriceTable = { schema: "freehold.prices/v1", rows: [...rows] };
  return `${JSON.stringify(table, null, 1)}\n`;
}
