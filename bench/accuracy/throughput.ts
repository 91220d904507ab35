import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { spread } from "../../plan/fit/throughput/estimate.ts";
import { type Band, type Bands, bandFor, type Fitted } from "../../plan/fit/throughput/model.ts";
import { percent, quantile, table } from "./tables.ts";
import { throughputRows } from "./throughput-rows.ts";
import { family, type Judged, nearGround, newGround, train } from "./validate.ts";

/** Share of held-out rows that a band is made to hold; the next tenth of a deviation that does is taken. */
const TARGET = 0.82;
const WIDEST = { near: 4, new: 8 };

/** Everything that the measured rows say of the throughput model. */
export interface ThroughputAccuracy {
  near: Judged[];
  new: Judged[];
  bands: Bands;
  leftOut: ReturnType<typeof throughputRows>["leftOut"];
  faults: ReturnType<typeof throughputRows>["faults"];
  /** The model as it ships, fitted to all rows. */
  shipped: Fitted;
}

export function throughputAccuracy(): ThroughputAccuracy {
  const { samples, leftOut, faults } = throughputRows();
  const near = nearGround(samples);
  const ground = newGround(samples);
  const bands = { near: bandsOf(near, WIDEST.near), new: bandsOf(ground, WIDEST.new) };
  return { near, new: ground, bands, leftOut, faults, shipped: { ...train(samples), bands } };
}

function bandsOf(judged: readonly Judged[], widest: number): Bands[keyof Bands] {
  const kind = (hasExperts: boolean) =>
    bandOf(
      judged.filter(({ prediction }) => prediction.place.hasExperts === hasExperts),
      widest,
    );
  return { dense: kind(false), experts: kind(true) };
}

function bandOf(judged: readonly Judged[], widest: number): Band {
  for (let tenths = 10; ; tenths++) {
    const band = { deviations: tenths / 10, widest, coveragePct: 0, rows: judged.length };
    const share = coverage(judged, { dense: band, experts: band });
    if (share >= TARGET || tenths > 50) return { ...band, coveragePct: Math.floor(share * 100) };
  }
}

function rangeOf({ prediction, predicted }: Judged, bands: Bands[keyof Bands]) {
  return spread({ ...prediction, outputTokensPerSecond: predicted }, bandFor(bands, prediction));
}

export function coverage(judged: readonly Judged[], bands: Bands[keyof Bands]): number {
  const inside = judged.filter((one) => {
    const { low, high } = rangeOf(one, bands);
    const measured = one.sample.row.outputTokensPerSecond;
    return measured >= low && measured <= high;
  });
  return inside.length / judged.length;
}

/** Widest band of the rows, high over low. */
export function widest(judged: readonly Judged[], bands: Bands[keyof Bands]): number {
  return Math.max(
    ...judged.map((one) => {
      const { low, high } = rangeOf(one, bands);
      return high / low;
    }),
  );
}

/** `fitted.json` as it should be: numbers cut to what a rate can be known to. */
export function fittedJson({ factors, kernel, bands, rows }: Fitted): string {
  const cut = (value: number) => Number(value.toPrecision(7));
  const lines = rows.map(({ row, place, error }) =>
    JSON.stringify({ ...row, point: place.point.map(cut), hasExperts: place.hasExperts, error: cut(error) }),
  );
  const head = {
    source: "catalog/sources/measured-throughput.csv by npm run accuracy -- --write",
    factors: Object.fromEntries(Object.entries(factors).map(([name, value]) => [name, cut(value)])),
    kernel,
    bands,
  };
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "rows": [\n${lines.join(",\n")}\n ]\n}\n`;
}

export const FITTED = join(import.meta.dirname, "..", "..", "plan", "fit", "throughput", "fitted.json");

export function writeFitted(fitted: Fitted): void {
  writeFileSync(FITTED, fittedJson(fitted));
}

export function throughputReport(found: ThroughputAccuracy): string {
  const { near, bands, leftOut, faults } = found;
  const worst = near.toSorted((a, b) => size(b) - size(a)).slice(0, 10);
  const total = near.length + leftOut.length + faults.length;
  return [
    "## Output tokens per second\n",
    `${total} vLLM rows; ${near.length} judged, each by factors and corrections fitted without its run.\n`,
    "### Near ground: one benchmark run left out at a time\n",
    groups(near, bands.near),
    "### New ground: one source left out at a time, and with it every row of its models on its cards\n",
    groups(found.new, bands.new),
    `Widest band, high over low: ${widest(near, bands.near).toFixed(1)} near, ${widest(found.new, bands.new).toFixed(1)} on new ground.\n`,
    "### Worst ten, near ground\n",
    table(
      ["row", "measured", "predicted", "error", "why, as far as the row tells"],
      worst.map((one) => [
        name(one),
        rate(one.sample.row.outputTokensPerSecond),
        rate(one.predicted),
        signed(one.error),
        excuse(one),
      ]),
    ),
    "### Latencies of the same rows, near ground\n",
    latencies(near),
    "### Rows that are not judged\n",
    table(
      ["model", "card", "why", "source"],
      [...faults, ...leftOut].map(({ model, gpu, why, source }) => [model, gpu, why, source]),
    ),
  ].join("\n");
}

const size = ({ error }: Judged) => Math.abs(error);
const rate = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const signed = (share: number) => `${share > 0 ? "+" : ""}${(100 * share).toFixed(0)} %`;

function name({ sample: { row } }: Judged): string {
  const load = `${Math.round(row.inputTokens)}/${Math.round(row.outputTokens)} × ${row.concurrency}`;
  return `${row.model}, ${row.quantization}, ${row.gpus} × ${row.gpu}, ${row.engineVersion ?? "version not stated"}, ${load}`;
}

/** What sets a row apart from those that the model learned from. */
function excuse({ sample, prediction }: Judged): string {
  const { row, notes } = sample;
  const said: string[] = [];
  if (!prediction.isNear) said.push(`no other row of ${row.model.split("/").at(-1)} on this card`);
  if (sample.input.firstEngine) said.push("first engine, whose long prompts stall the batch");
  if (/different nodes/.test(notes)) said.push("ranks on different nodes");
  if (row.outputTokens < 10) said.push("a handful of tokens an answer: prompts only");
  if (sample.arrivals !== null) said.push("paced by the clients; lengths of answers assumed");
  if (/performance-mode/.test(notes)) said.push("performance mode and prefix caching");
  return said.join("; ") || "disagrees with other runs of the same model and card";
}

function groups(judged: readonly Judged[], bands: Bands[keyof Bands]): string {
  const rows: [string, readonly Judged[]][] = [["all", judged]];
  const by = (label: string, key: (one: Judged) => string) => {
    const names = [...new Set(judged.map(key))];
    const found = names.map((value): [string, Judged[]] => [
      `${label} ${value}`,
      judged.filter((one) => key(one) === value),
    ]);
    rows.push(...found.toSorted((a, b) => b[1].length - a[1].length));
  };
  const four = judged.filter(({ sample }) => sample.input.format.bits < 7);
  rows.push(["one request at a time", judged.filter(({ sample }) => sample.row.concurrency === 1)]);
  rows.push(["more than 128 at a time", judged.filter(({ sample }) => sample.row.concurrency > 128)]);
  rows.push(["4-bit formats", four]);
  rows.push(["dense", judged.filter(({ sample }) => sample.input.shape.moeExperts === null)]);
  rows.push(["mixture of experts", judged.filter(({ sample }) => sample.input.shape.moeExperts !== null)]);
  by("card", ({ sample }) => sample.row.gpu);
  by("format", ({ sample }) => sample.row.quantization);
  by("family", ({ sample }) => family(sample));
  return table(
    ["rows", "n", "median", "90th percentile", "bias", "in the band"],
    rows
      .filter(([, of]) => of.length > 0)
      .map(([label, of]) => [
        label,
        String(of.length),
        percent(quantile(of.map(size), 0.5)),
        percent(quantile(of.map(size), 0.9)),
        signed(
          quantile(
            of.map(({ error }) => error),
            0.5,
          ),
        ),
        percent(coverage(of, bands)),
      ]),
  );
}

function latencies(judged: readonly Judged[]): string {
  const errors = judged.flatMap(({ sample, prediction, predicted }) => {
    const measured = sample.measuredTpotMs;
    if (measured === null || sample.arrivals !== null) return [];
    const streams = Math.min(
      sample.row.concurrency,
      sample.input.admitted * sample.input.data,
      prediction.physical.step.streams * sample.input.data,
    );
    return [Math.abs(((streams / predicted) * 1e3) / measured - 1)];
  });
  return table(
    ["figure", "n", "median", "90th percentile"],
    [
      [
        "inter-token latency",
        String(errors.length),
        percent(quantile(errors, 0.5)),
        percent(quantile(errors, 0.9)),
      ],
    ],
  );
}
