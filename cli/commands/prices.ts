import { statSync } from "node:fs";
import { resolve } from "node:path";
import {
  catalogAsOf,
  FREEHOLD_VERSION,
  mergePrices,
  OWN_PRICES_FILE,
  ownPriceTable,
  piecesOf,
  readOwnPrices,
  readPriceList,
} from "../../catalog/index.ts";
import { json } from "../../report/json.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";

/** contract: freehold.refresh/v1 */
export interface RefreshDocument {
  schema: "freehold.refresh/v1";
  freeholdVersion: string;
  catalogAsOf: string;
  /** Table that was written. */
  table: string;
  /** Day on which the price list was published. */
  asOf: string;
  regions: string[];
  instances: number;
  reserved: number;
}

/** `freehold prices refresh`: the instance prices of an offer file of AWS, into a table that the catalogue reads. */
export function refresh(
  flags: { file: string; table?: string; output?: string; out?: string },
  io: Io,
): number {
  const kind = format(flags.output, ["text", "json"]);
  const path = resolve(io.cwd, flags.file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw usageError("cannot-read", `there is no file ${flags.file}`, {
      path: "--file",
      value: flags.file,
      fix: "--file index.json, an offer file of AmazonEC2 as AWS publishes it",
    });
  const read = readPriceList(() => piecesOf(path));
  if ("error" in read) {
    const { message, line, fix } = read.error;
    throw usageError("price-list", message, { file: flags.file, line, path: "--file", fix });
  }
  const { prices } = read;
  if (prices.length === 0)
    throw usageError("price-list", "the price list has no Linux instance with a price in US dollars", {
      file: flags.file,
      path: "--file",
      fix: "give the file of a region of the partition aws",
    });
  const table = flags.table ?? OWN_PRICES_FILE;
  const old = readOwnPrices(resolve(io.cwd, table)) ?? [];
  emit(io, ownPriceTable(mergePrices(old, prices)), table);
  const document: RefreshDocument = {
    schema: "freehold.refresh/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: catalogAsOf(),
    table,
    asOf: prices[0]!.asOf,
    regions: [...new Set(prices.map(({ region }) => region))].sort(),
    instances: prices.length,
    reserved: prices.reduce((sum, { reserved }) => sum + reserved.length, 0),
  };
  emit(io, kind === "json" ? json(document) : text(document), flags.out);
  return EXIT.ok;
}

function text({ table, asOf, regions, instances, reserved }: RefreshDocument): string {
  return `${instances} instance prices of ${regions.join(", ")}, published ${asOf}, with ${reserved} reserved terms, are in ${table}\n`;
}
