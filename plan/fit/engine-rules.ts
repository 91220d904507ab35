import type { EngineFacts, Range } from "./types.ts";

/** How a release sizes its profile run and its cache. */
export interface ProfileRules {
  /**
   * "v0": the first engine; "native": sorting sampler of PyTorch; "fused": FlashInfer or Triton sampler; "runner2": that
   * of the second model runner.
   */
  sampler: "v0" | "native" | "fused" | "runner2";
  /** Batches that may be in flight while a sliding window is filled. */
  batchesInFlight: 1 | 2;
  /** Contexts above this many tokens are prefilled in chunks; 0 = always, Infinity = never by default. */
  chunksAbove: number;
  /** Whether layers with a window give up what has left it. */
  freesWindows: boolean;
  /** Whether recurrent states of all sequences are allocated at start, beside the cache. */
  preallocatesState: boolean;
  /** Whether fewer state blocks than `max_num_seqs` are a refusal; before, captured batches were made smaller. */
  refusesFewStates: boolean;
  /** Whether a cache of type `auto` takes the type that the checkpoint asks for. */
  readsCacheType: boolean;
  /** State blocks that a sequence holds. */
  statesPerRequest: Range;
}

/** Minor number of a 0.x release; 0 where the text is not of that form. */
export function minorOf(version: string): number {
  return Number(/^v?0\.(\d+)/.exec(version)?.[1] ?? 0);
}

/**
 * Rules of a release. The V0 engine was the default up to 0.7. Logs up to 0.14 show the native sampler, those from 0.19
 * on the fused one. 0.20 began to refuse (vllm#38270; vllm-project/recipes#551 saw none in 0.19), 0.21 put CUDA graphs
 * into the budget, 0.29 made the second model runner the default (vllm/config/vllm.py). Prefix caching of recurrent
 * states (a second block a sequence) shows in logs from 0.24 on, an fp8 cache that only the checkpoint asks for from
 * 2026-04 on (`resolve_kv_cache_dtype_string`, vllm/utils/torch_utils.py).
 */
export function profileRules(engine: Pick<EngineFacts, "version">): ProfileRules {
  const known = RULES.get(engine.version);
  if (known !== undefined) return known;
  const rules = rulesOf(engine.version);
  RULES.set(engine.version, rules);
  return rules;
}

/** Versions are few, and every fit asks several times. */
const RULES = new Map<string, ProfileRules>();

function rulesOf(version: string): ProfileRules {
  const minor = minorOf(version);
  const isFirst = minor < 8 || version.includes("V0");
  const states = minor >= 20 ? { low: 1, expected: 2, high: 2 } : { low: 1, expected: 1, high: 1 };
  return {
    sampler: isFirst ? "v0" : minor < 19 ? "native" : minor < 29 ? "fused" : "runner2",
    batchesInFlight: minor < 21 ? 1 : 2,
    chunksAbove: !isFirst ? 0 : minor < 6 ? Number.POSITIVE_INFINITY : 32768,
    freesWindows: !isFirst && minor >= 10,
    preallocatesState: isFirst,
    refusesFewStates: minor >= 20,
    readsCacheType: minor >= 19,
    statesPerRequest: states,
  };
}

/** First minor release of each month in which one is known from dated public reports. */
const MONTHS: [string, number][] = [
  ["2024-09", 6],
  ["2025-01", 7],
  ["2025-03", 8],
  ["2025-05", 9],
  ["2025-07", 10],
  ["2025-10", 11],
  ["2025-12", 12],
  ["2026-04", 19],
  ["2026-06", 22],
  ["2026-07", 25],
  ["2026-08", 27],
  ["2026-09", 29],
  ["2026-10", 31],
];

/**
 * The release that a loosely written version means: `v0.11.0`, `0.8.x (V0)`, `fork ~0.19`, `0.2x (2026-06)`,
 * `2026-04`. Exact numbers of the catalogue keep their own facts; others get the rules of their time.
 *
 * @param known releases of the catalogue.
 * @returns the facts, and whether they are the nearest known rules instead of that release's own; undefined where
 * nothing in the text looks like a version or a date.
 */
export function engineWritten(
  text: string,
  known: readonly EngineFacts[],
): { engine: EngineFacts; nearest: boolean } | undefined {
  const exact = known.find((row) => row.version === text.trim().replace(/^v/, ""));
  if (exact) return { engine: exact, nearest: false };

  const number = /(?:^|[^\d.])v?0\.(\d+)(x)?(?:\.(\d+))?/.exec(` ${text}`);
  // A year alone means its middle.
  const date = /\b(20\d\d)-(\d\d)\b/.exec(text) ?? /^\s*(20\d\d)()\s*$/.exec(text);
  let minor: number | undefined;
  if (number && !number[2]) minor = Number(number[1]);
  else if (date) minor = minorOn(`${date[1]}-${date[2] || "06"}`);
  else if (number) minor = Number(`${number[1]}1`);
  if (minor === undefined) return undefined;

  const patch = number && !number[2] ? (number[3] ?? "0") : "0";
  const version = `0.${minor}.${patch}`;
  const listed = known.find((row) => row.version === version);
  if (listed) return { engine: listed, nearest: true };
  const recent = [...known]
    .filter((row) => minorOf(row.version) <= minor)
    .sort((a, b) => minorOf(b.version) - minorOf(a.version))[0];
  const isV0 = /\bV0\b/.test(text);
  return {
    engine: {
      version: isV0 ? `${version} (V0)` : version,
      gpuMemoryUtilizationDefault: minor >= 21 ? 0.92 : 0.9,
      cudaGraphsInBudget: minor >= 21,
      computeCapabilityFloor: recent?.computeCapabilityFloor ?? 7.0,
      driverFloor: recent?.driverFloor ?? "0",
    },
    nearest: true,
  };
}

function minorOn(month: string): number {
  return MONTHS.findLast(([first]) => first <= month)?.[1] ?? 5;
}
