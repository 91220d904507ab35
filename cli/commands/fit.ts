import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as catalog from "../../catalog/index.ts";
import {
  type CatalogLike,
  type FitDocument,
  type FitsDocument,
  fitBatch,
  fitFromFlags,
  shapeFromConfig,
} from "../../plan/fit/index.ts";
import { fitText, json, styleOf } from "../../report/index.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";

type FitFlags = Record<string, string | boolean | undefined> & {
  batch?: string;
  output?: string;
  out?: string;
};

/** Cheapest known on-demand price of a type over all regions, US dollars an hour. */
function cheapestPrice(type: string): number | null {
  const prices = catalog
    .regionsWithPrice(type)
    .map((region) => Number(catalog.instancePrice(type, region).onDemandUsdPerHour));
  return prices.length > 0 ? Math.min(...prices) : null;
}

/** The catalogue as the fit reads it; a folder with a config.json counts as a model. */
function book(io: Io): CatalogLike {
  return {
    ...catalog,
    cheapestPrice,
    model: (name: string) => {
      if (!/^[./~]/.test(name)) return catalog.model(name);
      const folder = catalog.modelFolder(resolve(io.cwd, name));
      if ("error" in folder)
        throw usageError("model-folder", folder.error, {
          value: name,
          fix: "give a folder that holds config.json",
        });
      return shapeFromConfig(folder.config, { repo: name, totalBytes: folder.totalBytes });
    },
  } as CatalogLike;
}

/** `freehold fit`: one model on one machine, its three best machines, or a file of such questions. */
export function fit(model: string | undefined, flags: FitFlags, io: Io): number {
  const kind = format(flags.output, ["text", "json"]);
  if (flags.batch !== undefined) {
    let csv: string;
    try {
      csv = readFileSync(resolve(io.cwd, flags.batch), "utf8");
    } catch (cause) {
      throw usageError("cannot-read", `cannot read ${flags.batch}: ${(cause as Error).message}`, {
        value: flags.batch,
      });
    }
    const rows = fitBatch(csv, book(io));
    emit(io, kind === "json" ? json(rows) : fitsText(rows, io), flags.out);
    return EXIT.ok;
  }
  if (model === undefined)
    throw usageError("model-missing", "name a model, or a file with --batch", {
      fix: "freehold fit Qwen/Qwen3-8B-AWQ",
    });
  const result = fitFromFlags({ model, ...kebab(flags) } as never, book(io));
  if ("error" in result) {
    const close = result.error.code.includes("model") ? catalog.similarModels(model, 3) : [];
    throw usageError(result.error.code, result.error.message, {
      value: result.error.value ?? null,
      allowed: close.length > 0 ? close : null,
      fix: close[0] ? `did you mean ${close[0]}? Or give a folder that holds config.json` : null,
    });
  }
  if (result.schema === "freehold.fits/v1") {
    emit(io, kind === "json" ? json(result) : fitsText(result, io), flags.out);
    return EXIT.ok;
  }
  emit(
    io,
    kind === "json" ? json(result) : fitText(result as FitDocument, styleOf(io.color && !flags.out)),
    flags.out,
  );
  return (result as FitDocument).verdict === "no" ? EXIT.doesNotFit : EXIT.ok;
}

function fitsText(document: FitsDocument, io: Io): string {
  return document.rows.map((row) => fitText(row, styleOf(io.color))).join("\n\n");
}

/** Flags under the names of the contract: maxNumSeqs -> max-num-seqs. */
function kebab(flags: FitFlags): Record<string, string> {
  const entries = Object.entries(flags).filter(
    ([key, value]) => value !== undefined && !["output", "out", "batch"].includes(key),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      String(value),
    ]),
  );
}
