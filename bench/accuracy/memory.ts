import { FITTED_MEMORY } from "../../plan/fit/memory-factors.ts";
import { memorySamples } from "./fit-memory.ts";
import { dataFaults, type Judged, judgeAll, NEAR } from "./judged.ts";
import { type Bar, barsOf, isOtherCard } from "./memory-bars.ts";
import { SIMPLE_RULES } from "./simple-rules.ts";
import { numberOf, type StartUp, startUps } from "./start-ups.ts";
import { percent, quantile, table } from "./tables.ts";

export interface MemoryAccuracy {
  rows: readonly StartUp[];
  judged: readonly Judged[];
  bars: readonly Bar[];
}

/** Judges all start-ups out of sample. */
export function memoryAccuracy(): MemoryAccuracy {
  const rows = startUps();
  const judged = judgeAll(rows);
  return { rows, judged, bars: barsOf(rows, judged) };
}

/** All memory tables as Markdown. */
export function memoryReport({ rows, judged, bars }: MemoryAccuracy): string {
  return [
    "## Memory: logged start-ups\n",
    `${judged.length} start-ups; each judged with factors fitted without its own source, and with no size that was read from a log.\n`,
    table(
      ["measure", "bar", "reached", "n", ""],
      bars.map((bar) => [bar.measure, bar.bar, bar.reached, String(bar.n), bar.isMet ? "yes" : "no"]),
    ),
    "### By format and by card\n",
    groups(judged),
    "### Simple rules of other tools, same weights and cards\n",
    rules(judged),
    "### Fitted numbers\n",
    factors(rows),
    "### Left out\n",
    leftOut(judged),
    "### Data faults by rule\n",
    faults(judged),
    "### Every verdict that is wrong, and the ten largest misses of the cache\n",
    misses(judged),
  ].join("\n");
}

function groups(judged: readonly Judged[]): string {
  const by = new Map<string, Judged[]>();
  const add = (name: string, row: Judged) => by.set(name, [...(by.get(name) ?? []), row]);
  for (const row of judged) add(row.start.cells["quantization"]!, row);
  for (const row of judged) add(row.start.cells["gpu"]!, row);
  const lines = [...by]
    .filter(([, rows]) => rows.length > 1)
    .map(([name, rows]) => {
      const weights = rows.flatMap((row) => (row.weights ? [Math.abs(row.weights.error)] : []));
      const kv = rows.flatMap((row) => (row.kv ? [row.kv] : []));
      const off = kv.map(({ logged, estimate }) => Math.abs(logged - estimate));
      return [
        name,
        `${rows.filter(({ isRight }) => isRight).length} of ${rows.length}`,
        weights.length > 0 ? `${percent(quantile(weights, 0.5))} (${weights.length})` : "–",
        kv.length > 0 ? `${quantile(off, 0.5).toFixed(2)} / ${quantile(off, 0.9).toFixed(2)}` : "–",
        kv.length > 0 ? `${kv.filter(({ isInBand }) => isInBand).length} of ${kv.length}` : "–",
      ];
    });
  return table(
    ["rows", "verdict right", "weights, median error (n)", "KV error GiB, median / p90", "in band"],
    lines,
  );
}

function rules(judged: readonly Judged[]): string {
  const ours = judged.map((row) => ({
    row,
    fits: row.verdict === "unknown" ? null : row.verdict === "fits",
    isRight: row.isRight,
    kv: row.kv?.isNear ?? null,
  }));
  const theirs = SIMPLE_RULES.map(({ name, answer }) => ({
    name,
    answers: judged.map((row) => {
      const found = answer(row);
      const logged = row.kv?.logged;
      const room = row.memory ? Math.max(NEAR.gib, NEAR.ofCard * row.memory.budget.totalGiB) : 0;
      return {
        row,
        fits: found?.fits ?? null,
        isRight: found !== null && found.fits === !row.start.refused,
        kv:
          logged === undefined || found === null || Number.isNaN(found.kvGib)
            ? null
            : Math.abs(found.kvGib - logged) <= room,
      };
    }),
  }));
  const lines = [{ name: "Freehold", answers: ours }, ...theirs].map(({ name, answers }) => {
    const kv = answers.filter(({ kv }) => kv !== null);
    const of = (refused: boolean) => {
      const rows = answers.filter(({ row }) => row.start.refused === refused);
      return rows.filter(({ isRight }) => isRight).length / rows.length;
    };
    const unsafe = answers.filter(({ row, fits }) => fits === true && row.start.refused).length;
    return [
      name,
      percent(answers.filter(({ isRight }) => isRight).length / answers.length),
      percent((of(true) + of(false)) / 2),
      String(unsafe),
      kv.length > 0 ? `${percent(kv.filter(({ kv }) => kv).length / kv.length)} (${kv.length})` : "–",
    ];
  });
  return table(["rule", "verdict right", "balanced", "`fits` on a refusal", "KV within the bar (n)"], lines);
}

function factors(rows: readonly StartUp[]): string {
  const samples = memorySamples(rows);
  const { bytesPerLogit, nonTorchGib } = FITTED_MEMORY;
  const line = (name: string, value: number, key: keyof typeof samples) => [
    name,
    String(value),
    String(samples[key].length),
  ];
  const fitted = table(
    ["number", "shipped value", "rows"],
    [
      line("bytes per logit, PyTorch's sampler", bytesPerLogit.native, "native"),
      line("bytes per logit, fused sampler", bytesPerLogit.fused, "fused"),
      line("bytes per logit, second model runner", bytesPerLogit.runner2, "runner2"),
      line("multimodal encoder, GiB", FITTED_MEMORY.visionGib, "vision"),
      line("beside torch, alone or over PCIe, GiB", nonTorchGib.apart, "apart"),
      line("beside torch, over NVLink, GiB", nonTorchGib.linked, "linked"),
      line("CUDA graphs in the budget, GiB", FITTED_MEMORY.cudaGraphGib, "graphs"),
    ],
  );
  return `${fitted}\nMedians; each row is judged by medians without its source. In sample are the edges of the bands (the extremes of the same logs, rounded outwards by hand) and the choice of the rules by release, where vLLM's own source was not at hand: which sampler runs from when on.\n`;
}

function leftOut(judged: readonly Judged[]): string {
  const rows = judged.filter(({ verdict }) => verdict === "unknown");
  const unjudged = rows.map(({ start, memory, isRight }) => [
    String(start.line),
    start.cells["model"]!,
    start.missing ?? memory?.reasons[0]?.message ?? "a fact",
    isRight ? "verdict right: the log does not name the model" : "verdict wrong",
  ]);
  const others = judged
    .filter(({ start, kv }) => kv !== null && isOtherCard(start))
    .map(({ start }) => [
      String(start.line),
      start.cells["model"]!,
      "gpu of the second stage",
      "in the verdicts; not in the rows of the cache, which is that of the other card",
    ]);
  return table(["row", "model", "missing", "counted"], [...unjudged, ...others]);
}

function faults(judged: readonly Judged[]): string {
  const found = dataFaults(judged);
  return table(
    ["row", "model", "card", "why"],
    found.map(({ row, why }) => [
      String(row.start.line),
      row.start.cells["model"]!,
      row.start.cells["gpu"]!,
      why,
    ]),
  );
}

function misses(judged: readonly Judged[]): string {
  const wrong = judged.filter(({ isRight }) => !isRight);
  const far = judged
    .filter((row) => row.kv !== null && !row.kv.isNear)
    .toSorted((a, b) => Math.abs(b.kv!.estimate - b.kv!.logged) - Math.abs(a.kv!.estimate - a.kv!.logged))
    .slice(0, 10);
  const line = (row: Judged) => [
    String(row.start.line),
    `${row.start.cells["model"]} ${row.start.cells["gpu"]} ${row.start.cells["vllm_version"]}`,
    `${row.verdict} on a ${row.start.refused ? "refusal" : "start"}`,
    row.kv ? `${row.kv.estimate.toFixed(2)} for ${row.kv.logged.toFixed(2)}` : "–",
    whyMissed(row),
  ];
  return table(["row", "start-up", "verdict", "KV GiB", "why"], [...new Set([...wrong, ...far])].map(line));
}

/** What the row itself says about why it is off. */
function whyMissed({ start, verdict }: Judged): string {
  const notes = start.cells["notes"] ?? "";
  if (start.missing) return `no ${start.missing}`;
  if (isOtherCard(start)) return "the log is that of the smaller card of the pair";
  if ((start.cells["gpu"] ?? "").endsWith("-class") && numberOf(start, "total_gpu_gib") !== undefined)
    return `only a class of cards is named; the log prints ${start.cells["total_gpu_gib"]} GiB`;
  if (verdict === "no" && !start.refused && start.cells["max_num_seqs"] === "")
    return "max_num_seqs is not logged";
  if (start.cells["gpu_memory_utilization"] === "") return "the utilization is not logged";
  return notes;
}
