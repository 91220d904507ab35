import { type CoverageKind, coverageOf } from "./accuracy.ts";
import type { CatalogLike } from "./command.ts";
import { csvRows } from "./csv-rows.ts";
import { engineWritten } from "./engine-rules.ts";
import { ownStamp } from "./fit.ts";
import { judge } from "./judge.ts";
import { nativeQuantization, quantizationNamed } from "./quantization.ts";
import type { MeasuredThroughput, ThroughputEstimate } from "./types.ts";

/** One measured row beside its estimate, in output tokens per second. */
export interface Compared {
  row: MeasuredThroughput;
  kind: CoverageKind;
  estimate: ThroughputEstimate;
  /** estimate / measured - 1. */
  error: number;
  isInside: boolean;
}

export interface Accuracy {
  group: string;
  rows: number;
  medianAbsErrorPct: number;
  p90AbsErrorPct: number;
  medianErrorPct: number;
  insidePct: number;
}

/**
 * Rows of the measured throughput table (its CSV text) that name a model, a card, lengths and a number of streams.
 * `all at once (N)` and the like mean N streams.
 */
export function measuredRows(csvText: string, catalog: Pick<CatalogLike, "model">): MeasuredThroughput[] {
  return csvRows(csvText).flatMap((cells) => {
    const concurrency = Number(/^(?:all at once \()?([\d.]+)\)?$/.exec(cells["concurrency"] ?? "")?.[1]);
    const numbers = [cells["input_len"], cells["output_len"], cells["output_tok_s"]].map(Number);
    const [inputTokens, outputTokens, outputTokensPerSecond] = numbers as [number, number, number];
    const tensorParallel = Number(cells["tp"]);
    const repo = cells["models_csv_repo"] || cells["model"]!;
    const shape = catalog.model(repo);
    const quantization =
      quantizationNamed(cells["quantization"] ?? "") ??
      (shape && !("unknown" in shape) ? nativeQuantization(shape) : undefined);
    if (!(concurrency > 0 && inputTokens > 0 && outputTokens > 0 && outputTokensPerSecond > 0)) return [];
    if (!(tensorParallel > 0) || quantization === undefined) return [];
    // A rate-limited run shows the clients' pace, not the engine's.
    if (/rate-limited/.test(cells["value_basis"] ?? "")) return [];
    return {
      model: cells["model"]!,
      repo,
      quantization,
      gpu: cells["gpu"]!,
      gpus: Number(cells["gpu_count"]) || tensorParallel,
      tensorParallel,
      engine: cells["engine"]!,
      engineVersion: cells["engine_version"] || null,
      inputTokens,
      outputTokens,
      concurrency,
      outputTokensPerSecond,
      source: cells["url"]!,
    };
  });
}

/**
 * Estimates every vLLM row that the catalogue can judge.
 *
 * @param anchored true: each row may lean on every other row, never on itself (leave-one-out); false: roofline only.
 */
export function compare(
  rows: readonly MeasuredThroughput[],
  catalog: CatalogLike,
  anchored: boolean,
): Compared[] {
  const stamp = ownStamp();
  return rows.flatMap((row) => {
    const shape = catalog.model(row.repo ?? row.model);
    const gpu = catalog.gpu(row.gpu);
    if (!shape || "unknown" in shape || !gpu || row.engine !== "vllm") return [];
    const engine =
      (row.engineVersion ? engineWritten(row.engineVersion, catalog.engines())?.engine : undefined) ??
      engineWritten("0.11", catalog.engines())!.engine;
    const document = judge(
      {
        shape,
        quantization: row.quantization,
        gpu,
        gpusPerNode: row.gpus,
        tensorParallel: row.tensorParallel,
        dataParallel: Math.max(1, Math.floor(row.gpus / row.tensorParallel)),
        maxModelLen: Math.ceil(row.inputTokens + row.outputTokens),
        engine,
        load: row,
        measured: anchored ? rows.filter((other) => other !== row) : [],
      },
      row.tensorParallel,
      stamp,
    );
    const estimate = document.throughput;
    if (estimate === null) return [];
    const { low, expected, high } = estimate.outputTokensPerSecond;
    const measured = row.outputTokensPerSecond;
    return {
      row,
      kind: coverageOf(shape, estimate.basis),
      estimate,
      error: expected / measured - 1,
      isInside: measured >= low && measured <= high,
    };
  });
}

/** Errors of a set of rows: quantiles of |estimate / measured - 1| and of its sign. */
export function accuracyOf(group: string, compared: readonly Compared[]): Accuracy {
  const absolute = compared.map(({ error }) => Math.abs(error)).sort((a, b) => a - b);
  const signed = compared.map(({ error }) => error).sort((a, b) => a - b);
  const at = (sorted: number[], share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return {
    group,
    rows: compared.length,
    medianAbsErrorPct: 100 * at(absolute, 0.5),
    p90AbsErrorPct: 100 * at(absolute, 0.9),
    medianErrorPct: 100 * at(signed, 0.5),
    insidePct: (100 * compared.filter(({ isInside }) => isInside).length) / compared.length,
  };
}

/** Accuracy of the throughput model on the measured table: by the roofline alone, and leaning on the other rows. */
export function calibration(
  csvText: string,
  catalog: CatalogLike,
): { roofline: Compared[]; anchored: Compared[] } {
  const rows = measuredRows(csvText, catalog);
  return { roofline: compare(rows, catalog, false), anchored: compare(rows, catalog, true) };
}

/** All rows, then by kind, then by model and card. */
export function accuracyTable(compared: readonly Compared[]): Accuracy[] {
  const groups = new Map<string, Compared[]>([["all", [...compared]]]);
  const add = (name: string, entry: Compared) => groups.set(name, [...(groups.get(name) ?? []), entry]);
  for (const entry of compared) add(entry.kind, entry);
  for (const entry of compared) add(`${entry.row.repo} ${entry.row.gpu}`, entry);
  return [...groups].map(([name, entries]) => accuracyOf(name, entries));
}

/** The table as text, for `npm run calibrate`. */
export function accuracyText(title: string, table: readonly Accuracy[]): string {
  const lines = table.map(
    (row) =>
      `${row.group.slice(0, 62).padEnd(63)}${String(row.rows).padStart(4)}${row.medianAbsErrorPct.toFixed(0).padStart(9)}${row.p90AbsErrorPct.toFixed(0).padStart(7)}${row.medianErrorPct.toFixed(0).padStart(9)}${row.insidePct.toFixed(0).padStart(9)}`,
  );
  const head = `${"rows of the measured table".padEnd(63)}   n  |error|    p90   signed   inside`;
  return [`${title} (per cent)`, head, ...lines].join("\n");
}
