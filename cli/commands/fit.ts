import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as catalog from "../../catalog/index.ts";
import {
  type CatalogLike,
  csvColumns,
  explainFromFlags,
  type FitDocument,
  type FitsDocument,
  fitBatch,
  fitFromFlags,
  readFlags,
  shapeFromConfig,
} from "../../plan/fit/index.ts";
import { explainText, fitText, json, styleOf } from "../../report/index.ts";
import { CommandError, type ErrorRecord, EXIT, errorRecord, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";

type FitFlags = Record<string, string | boolean | undefined> & {
  batch?: string;
  explain?: boolean;
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

/**
 * The catalogue as the fit reads it; a folder with a config.json counts as a model.
 *
 * @param unreadable what becomes of a folder that is no model
 */
function book(io: Io, unreadable: (name: string, why: string) => { unknown: string }): CatalogLike {
  return {
    ...catalog,
    cheapestPrice,
    model: (name: string) => {
      const row = catalog.model(name);
      const path = resolve(io.cwd, name);
      if (row || !catalog.namesFolder(name, path)) return row;
      const folder = catalog.modelFolder(path);
      if ("error" in folder) return unreadable(name, folder.error);
      return shapeFromConfig(folder.config, { repo: name, totalBytes: folder.totalBytes });
    },
  };
}

function refuse(value: string, why: string): never {
  throw usageError("model-folder", why, {
    path: "MODEL",
    value,
    fix: "give a folder that holds config.json",
  });
}

/** `freehold fit`: one model on one machine, its three best machines, or a file of such questions. */
export function fit(model: string | undefined, flags: FitFlags, io: Io): number {
  const kind = format(flags.output, ["text", "json"]);
  if (flags.batch !== undefined) return fitFile(model, flags.batch, flags, kind, io);
  if (model === undefined)
    throw usageError("model-missing", "name a model, or a file with --batch", {
      fix: "freehold fit Qwen/Qwen3-8B-AWQ",
    });
  const given = { model, ...kebab(flags) };
  const facts = book(io, refuse);
  const result = fitFromFlags(given, facts);
  if ("error" in result)
    throw new CommandError(
      EXIT.usage,
      [result.error, ...result.more].map((problem) => record(problem)),
    );
  const style = styleOf(io.color && !flags.out);
  const text = (row: FitDocument) =>
    fitText(row, style) + (flags.explain ? arithmetic(given, row, facts, style) : "");
  if (result.schema === "freehold.fits/v1") {
    const { rows } = result;
    emit(io, kind === "json" ? json(result) : rows.map(text).join("\n\n"), flags.out);
    return rows.length > 0 && rows.every((row) => row.verdict === "no") ? EXIT.doesNotFit : EXIT.ok;
  }
  emit(io, kind === "json" ? json(result) : text(result), flags.out);
  return result.verdict === "no" ? EXIT.doesNotFit : EXIT.ok;
}

/** `--explain`: the formula, the numbers and the source of every term of that document. */
function arithmetic(
  given: Record<string, string>,
  row: FitDocument,
  facts: CatalogLike,
  style: ReturnType<typeof styleOf>,
): string {
  const flags = row.instance === null ? given : { ...given, instance: row.instance };
  const explained = explainFromFlags(flags, facts, row);
  return explained === null ? "" : `\n${explainText(explained, style)}`;
}

/** `--batch`: whatever the rows say, the exit code is 0 once the file is read. */
function fitFile(model: string | undefined, file: string, flags: FitFlags, kind: string, io: Io): number {
  if (model !== undefined)
    throw usageError("model-twice", `${model} and --batch ${file} exclude each other`, {
      value: model,
      fix: `name the model in the column \`model\` of ${file}`,
    });
  const { problems } = readFlags(kebab(flags));
  if (problems.length > 0)
    throw new CommandError(
      EXIT.usage,
      problems.map((problem) => record({ ...problem, value: null })),
    );
  let csv: string;
  try {
    csv = readFileSync(resolve(io.cwd, file), "utf8");
  } catch (cause) {
    throw usageError("cannot-read", `cannot read ${file}: ${(cause as Error).message}`, {
      path: "--batch",
      value: file,
      fix: "--batch FILE.csv",
    });
  }
  if (csvColumns(csv).length === 0)
    throw usageError("no-header", `${file} is empty: the first row names the columns`, {
      file,
      path: "--batch",
      fix: "model,instance,context",
    });
  const rows = fitBatch(
    csv,
    book(io, (_, unknown) => ({ unknown })),
    undefined,
    kebab(flags),
  );
  emit(io, kind === "json" ? json(rows) : fitsText(rows, styleOf(io.color && !flags.out)), flags.out);
  return EXIT.ok;
}

/** An error of the fit with what was probably meant. */
function record({
  code,
  message,
  value,
}: {
  code: string;
  message: string;
  value: string | null;
}): ErrorRecord {
  const kind = code.split("-")[0]!;
  const close = value === null ? [] : close3(kind, value);
  const meant = close[0] === undefined ? null : `did you mean ${close[0]}?`;
  const folder = "give a folder that holds config.json";
  return errorRecord(code, message, {
    path: kind === "model" ? "MODEL" : (FLAGS[kind] ?? (/^--[a-z-]+/.exec(message)?.[0] || null)),
    value,
    allowed: close.length > 0 ? close : null,
    fix: kind === "model" ? (meant === null ? folder : `${meant} Or ${folder}`) : meant,
  });
}

const FLAGS: Record<string, string> = { gpu: "--gpu", instance: "--instance", engine: "--engine-version" };

/** The three names of the catalogue that are closest to one that it does not have. */
function close3(kind: string, value: string): string[] {
  if (kind === "model") return catalog.similarModels(value, 3);
  const names = {
    gpu: () => catalog.gpus().map(({ name }) => name),
    instance: () => catalog.instances().flatMap(({ type, gpus }) => (gpus > 0 ? [type] : [])),
    engine: () => catalog.engines().map(({ version }) => version),
  }[kind];
  return names ? catalog.nearest(value, names(), 3) : [];
}

function fitsText(document: FitsDocument, style: ReturnType<typeof styleOf>): string {
  return document.rows.map((row) => fitText(row, style)).join("\n\n");
}

/** Flags under the names of the contract: maxNumSeqs -> max-num-seqs. */
function kebab(flags: FitFlags): Record<string, string> {
  const entries = Object.entries(flags).filter(
    ([key, value]) => value !== undefined && !["output", "out", "batch", "explain"].includes(key),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      String(value),
    ]),
  );
}
