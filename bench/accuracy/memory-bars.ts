import { median } from "./fit-memory.ts";
import { type Judged, judgeAll, NEAR } from "./judged.ts";
import { numberOf, type StartUp } from "./start-ups.ts";
import { percent } from "./tables.ts";

export interface Bar {
  measure: string;
  bar: string;
  reached: string;
  n: number;
  isMet: boolean;
}

/** The measures that must be reached, each with its number of rows. */
export function barsOf(rows: readonly StartUp[], judged: readonly Judged[]): Bar[] {
  const bytes = judged.flatMap(({ bytesPerToken }) => (bytesPerToken ? [bytesPerToken] : []));
  const weights = judged.flatMap((row) => (row.weights ? [{ row, error: Math.abs(row.weights.error) }] : []));
  const isPadded = ({ row }: { row: Judged }) => row.start.cells["quantization"] === "mxfp4";
  const plain = weights.filter((entry) => !isPadded(entry)).map(({ error }) => error);
  const padded = weights.filter(isPadded).map(({ error }) => error);
  const bar = (measure: string, limit: string, reached: string, n: number, isMet: boolean): Bar => ({
    measure,
    bar: limit,
    reached,
    n,
    isMet,
  });
  const share = (from: readonly Judged[], is: (row: Judged) => boolean) =>
    from.filter(is).length / from.length;
  const near = (from: readonly Judged[]) => {
    const logged = from.filter((row) => row.kv !== null && !isOtherCard(row.start));
    return {
      logged,
      share: share(logged, (row) => row.kv!.isNear),
      band: share(logged, (row) => row.kv!.isInBand),
    };
  };
  const [catalogue, classes, own] = [judged, judgeAll(rows, "classes"), judgeAll(rows, "logged")].map(
    near,
  ) as [ReturnType<typeof near>, ReturnType<typeof near>, ReturnType<typeof near>];
  const right = judged.filter(({ isRight }) => isRight).length;
  const tight = judged.filter(({ verdict }) => verdict === "tight").length;
  const unsafe = judged.filter(({ verdict, start }) => verdict === "fits" && start.refused).length;
  const raw = bytes.map(({ error }) => Math.abs(error));
  const kvBar = `within max(${NEAR.gib} GiB, ${100 * NEAR.ofCard} % of card) on ≥ 85 %`;
  return [
    bar(
      "KV bytes per token, full attention, median",
      "≤ 0.2 %",
      percent(median(raw)!),
      raw.length,
      median(raw)! <= 0.002,
    ),
    bar(
      "KV bytes per token, full attention, largest",
      "≤ 0.2 %",
      percent(Math.max(...raw)),
      raw.length,
      Math.max(...raw) <= 0.002,
    ),
    bar(
      "weights, median, outside MXFP4",
      "≤ 1 %",
      percent(median(plain)!),
      plain.length,
      median(plain)! <= 0.01,
    ),
    bar(
      "weights, largest, outside MXFP4",
      "≤ 3 %",
      percent(Math.max(...plain)),
      plain.length,
      Math.max(...plain) <= 0.03,
    ),
    bar(
      "weights, largest, MXFP4",
      "≤ 8 %",
      percent(Math.max(...padded)),
      padded.length,
      Math.max(...padded) <= 0.08,
    ),
    bar(
      "available KV, the catalogue's memory",
      kvBar,
      percent(catalogue.share),
      catalogue.logged.length,
      catalogue.share >= 0.85,
    ),
    bar(
      "available KV, unnamed cards by their logged memory",
      kvBar,
      percent(classes.share),
      classes.logged.length,
      classes.share >= 0.85,
    ),
    bar(
      "available KV, all cards by their logged memory",
      kvBar,
      percent(own.share),
      own.logged.length,
      own.share >= 0.85,
    ),
    bar(
      "low–high band holds the logged KV, the catalogue's memory",
      "≥ 90 %",
      percent(catalogue.band),
      catalogue.logged.length,
      catalogue.band >= 0.9,
    ),
    bar(
      "verdict right",
      "≥ 95 %",
      percent(right / judged.length),
      judged.length,
      right / judged.length >= 0.95,
    ),
    bar("`tight`", "≤ 10 %", percent(tight / judged.length), judged.length, tight / judged.length <= 0.1),
    bar(
      "`fits` where the log shows a refusal",
      "0",
      String(unsafe),
      judged.filter(({ start }) => start.refused).length,
      unsafe === 0,
    ),
  ];
}

/** The cache that was logged is that of a second card, which the columns do not name. */
export function isOtherCard(start: StartUp): boolean {
  return numberOf(start, "pp") !== 1 && /with a \d+ GB/.test(start.cells["notes"] ?? "");
}
