import { percent, quantile, table } from "../accuracy/tables.ts";
import { type Row, SETTINGS, type Seconds } from "./answers.ts";

const PREDICTORS = ["aiconfigurator", "Freehold", "roofline", "four numbers"] as const;

/** Errors of the four on rows that all of them answer. */
function errorsOf(rows: readonly Row[]): number[][] {
  return [
    rows.map(({ peer }) => peer!.error),
    rows.map(({ errors }) => errors.freehold),
    rows.map(({ errors }) => errors.roofline),
    rows.map(({ errors }) => errors.fourNumbers),
  ];
}

/** Median and 90th percentile of the size of errors. */
export function sizes(errors: readonly number[]): string {
  const size = errors.map(Math.abs);
  return size.length === 0 ? "–" : `${percent(quantile(size, 0.5))} / ${percent(quantile(size, 0.9))}`;
}

function grouped(rows: readonly Row[], key: (row: Row) => string): [string, Row[]][] {
  return [...new Set(rows.map(key))].map((name) => [name, rows.filter((row) => key(row) === name)]);
}

export function accuracyTable(rows: readonly Row[]): string {
  const isOwn = ({ sample }: Row) => sample.row.source.endsWith("silicon_sample.csv");
  const by = (key: (row: Row) => string): [string, Row[]][] =>
    grouped(rows, key).toSorted((a, b) => b[1].length - a[1].length);
  const groups: [string, Row[]][] = [
    ["all answered", [...rows]],
    ["in its own published sample", rows.filter(isOwn)],
    ["outside it", rows.filter((row) => !isOwn(row))],
    ["more than 128 at a time", rows.filter(({ sample }) => sample.row.concurrency > 128)],
    ["dense", rows.filter(({ sample }) => sample.input.shape.moeExperts === null)],
    ["mixture of experts", rows.filter(({ sample }) => sample.input.shape.moeExperts !== null)],
    ...by(({ peer }) => `answered by ${peer!.mode}`),
    ...by(({ sample }) => `card ${sample.row.gpu}`),
  ];
  return table(
    ["rows", "n", ...PREDICTORS],
    groups.map(([label, of]) => [label, String(of.length), ...errorsOf(of).map(sizes)]),
  );
}

export function reasonsTable(rows: readonly Row[]): string {
  const counts = grouped(
    rows.filter(({ reason }) => reason !== null),
    ({ reason }) => reason!,
  );
  return table(
    ["reason", "rows", "cards"],
    counts.map(([reason, of]) => [
      reason,
      String(of.length),
      [...new Set(of.map(({ sample }) => sample.row.gpu))].join(", "),
    ]),
  );
}

export function settingsTable(rows: readonly Row[]): string {
  const names = [...SETTINGS.slice(1), "rate from its TTFT and TPOT"];
  const all = names.map((name) => rows.flatMap(({ otherwise }) => otherwise.get(name) ?? []));
  const common = rows.filter(({ peer, otherwise }) => peer && names.every((name) => otherwise.has(name)));
  const answered = rows.flatMap(({ peer }) => peer ?? []);
  return table(
    ["asked", "rows answered", `the ${common.length} rows that all of them answer`],
    [
      ["as above", String(answered.length), sizes(common.map(({ peer }) => peer!.error))],
      ...names.map((name, i) => [
        name,
        String(all[i]!.length),
        sizes(common.map(({ otherwise }) => otherwise.get(name)!)),
      ]),
    ],
  );
}

export function speedTable(rows: readonly Row[], { freehold, roofline, fourNumbers }: Seconds): string {
  const peer = rows.flatMap(({ seconds }) => seconds);
  const cell = (seconds: number) => seconds.toPrecision(2);
  return table(
    ["", "estimates", "median", "90th percentile", "longest"],
    [peer, freehold, roofline, fourNumbers].map((seconds, i) => [
      PREDICTORS[i]!,
      String(seconds.length),
      cell(quantile(seconds, 0.5)),
      cell(quantile(seconds, 0.9)),
      cell(Math.max(...seconds)),
    ]),
  );
}
