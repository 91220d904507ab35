import type { StackSpec } from "../config/index.ts";
import type { Estimate, ModelPlan } from "./types.ts";

/** A public log or measurement of one part of a start. */
interface Logged {
  value: number;
  source: string;
}

/** How fast weights came from where a stack keeps them into GPU memory, GiB/s. */
const READ_GIB_PER_SECOND: Record<StackSpec["weights"]["from"], readonly Logged[]> = {
  // The streamer, as the engine's arguments ask for it.
  s3: [
    {
      value: 0.65,
      source: "github-file-index:57350739244 (7.1 GiB in 11 s, a cache in front of the bucket)",
    },
    { value: 2.5, source: "github-file-index:54018679098 (15.0 GiB in 5.92 s)" },
    {
      value: 3.51,
      source: "run-ai/runai-model-streamer@001e588121ba docs/src/benchmarks.md (S3, g5.12xlarge)",
    },
  ],
  // The engine's own loader on network disks, and the streamer on them as what a claim may reach.
  pvc: [
    {
      value: 0.31,
      source:
        "hyper.ai/en/headlines/62da06ca86a30dbdb45cccbf439905fa (gp3, 15 GiB in 47.99 s, safetensors loader)",
    },
    { value: 0.52, source: "github-file-index:69494016274 (8.68 GiB in 16.7 s, network volume)" },
    { value: 1.03, source: "run-ai/runai-model-streamer@001e588121ba docs/src/benchmarks.md (gp3)" },
    { value: 1.35, source: "github-file-index:68866868027 (305.79 GiB in 226.5 s, local disk)" },
  ],
  // Download and load.
  hub: [
    {
      value: 0.16,
      source: "tensorfuse.io/docs/blogs/reducing_gpu_cold_start (16 GB: 61 s of download, 33 s of loading)",
    },
    {
      value: 0.44,
      source: "github-file-index:71603828674 (352 GB from container start to 12 m 24 s)",
    },
  ],
};

/** `init engine (profile, create kv cache, warmup model) took …`, logs of the V1 engine, seconds. */
const ENGINE_SECONDS: readonly Logged[] = [
  { value: 40.02, source: "github-file-index:33142830167" },
  { value: 47.64, source: "github-file-index:29268111332" },
  { value: 70.62, source: "github-file-index:55471149664" },
  { value: 107.64, source: "github-file-index:67592774702" },
  { value: 184.3, source: "github-file-index:69494016274 (32 compile, 76 profile, 37 graphs, 39 other; L4)" },
  { value: 212.68, source: "github-file-index:57852185537" },
  { value: 467.68, source: "github-file-index:68866868027 (8 × H200)" },
  { value: 538.8, source: "github-file-index:67420691507 (1,261 DeepGEMM kernels)" },
];

/** What is left of a start beside weights and engine: Python, imports, workers, the server; seconds. */
const PROCESS_SECONDS: readonly Logged[] = [
  { value: 34, source: "tensorfuse.io/docs/blogs/reducing_gpu_cold_start (warm caches)" },
  { value: 94, source: "tensorfuse.io/docs/blogs/reducing_gpu_cold_start (cold)" },
  { value: 94, source: "github-file-index:69494016274 (48 s to the banner, 46 s of configuration; L4)" },
];

/** The probe waits half as long again as the slowest start that is expected: a restart in the middle costs a whole one. */
const PROBE_MARGIN = 1.5;

export interface StartUp {
  /** From the start of the container to ready; the image is pulled before. */
  seconds: Estimate;
  /** Seconds that the startup probe allows. */
  probeSeconds: number;
  why: string;
}

/**
 * How long a replica takes to start: `weights / read rate + engine (compile, profile run, CUDA graphs) + process`, each
 * low, median and high over public logs. Ranks read at the same time, over the same link.
 *
 * @param minutes the user's own budget of the probe
 */
export function startUp(
  { weightsGib }: Pick<ModelPlan, "weightsGib">,
  from: StackSpec["weights"]["from"],
  minutes?: number,
): StartUp {
  const read = spread(READ_GIB_PER_SECOND[from]);
  const [engine, process] = [spread(ENGINE_SECONDS), spread(PROCESS_SECONDS)];
  const weights = {
    low: weightsGib / read.high,
    expected: weightsGib / read.expected,
    high: weightsGib / read.low,
  };
  const sum = (key: keyof Estimate) => Math.round(weights[key] + engine[key] + process[key]);
  const seconds = { low: sum("low"), expected: sum("expected"), high: sum("high") };
  const own = Math.ceil((seconds.high * PROBE_MARGIN) / 60) * 60;
  const range = ({ low, high }: Estimate) => `${Math.round(low)} to ${Math.round(high)} s`;
  const terms = `${weightsGib.toFixed(1)} GiB of weights at ${read.low} to ${read.high} GiB/s from ${from}: ${range(weights)}; compile, profile run and graphs: ${range(engine)}; process: ${range(process)}`;
  return {
    seconds,
    probeSeconds: minutes === undefined ? own : minutes * 60,
    why:
      minutes === undefined
        ? `${terms}; ${PROBE_MARGIN} times the slowest, ${seconds.high} s`
        : `named in the stack file (${minutes} min); ${terms}`,
  };
}

/** Least, median and most. */
function spread(rows: readonly Logged[]): Estimate {
  const sorted = rows.map(({ value }) => value).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    low: sorted[0]!,
    expected: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    high: sorted.at(-1)!,
  };
}
