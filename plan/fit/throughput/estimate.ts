import type { Gpu, ModelShape } from "../../catalog/index.ts";
import { COVERAGE_PCT, coverageOf } from "./accuracy.ts";
import type { Parameters } from "./parameters.ts";
import type { Quantization } from "./quantization.ts";
import type { Load, MeasuredThroughput, Range, ThroughputEstimate } from "./types.ts";

/** The four numbers of the fit over public vLLM measurements with a known concurrency. */
export const ROOFLINE = {
  /** Share of the peak memory bandwidth that decoding reaches. */
  bandwidth: 0.65,
  /** Share of the peak arithmetic. */
  arithmetic: { dense: 0.6, moe: 0.2 },
  /** Scheduler and Python time of a step, ms, and what each doubling of the ranks adds. */
  stepMs: 3.0,
  stepMsPerDoubling: 0.5,
};

/** How far the measured rate may lie from the estimate, either way. */
export const SPREAD = { dense: 0.25, moe: 0.5 };

/**
 * Mean wait of a request beyond the admitted ones, as a share of the time in which all of them are answered: half when
 * they come at once, all of it when each answer is followed by the next request.
 */
const FIRST_TOKEN_WAIT: Range = { low: 0.3, expected: 0.6, high: 1.2 };

export interface ThroughputInput {
  shape: ModelShape;
  parameters: Parameters;
  format: Quantization;
  gpu: Gpu;
  /** GPUs that one request passes through side by side. */
  tensor: number;
  gpus: number;
  /** All weights of the replica, bytes. */
  weightBytes: number;
  /** Bytes of cache that one request of that many tokens reads in a step, over all GPUs. */
  cacheBytes: (tokens: number) => number;
  load: Load;
  /** Requests that the cache and `max_num_seqs` let run at once. */
  admitted: Range;
}

/** One decode step of the roofline model. */
export interface Step {
  ms: number;
  outputTokensPerSecond: number;
  /** Time to read a prompt alone, ms. */
  prefillMs: number;
}

/**
 * Time of one decode step with `streams` requests running:
 *
 * ```
 * weights read   dense: all but the embedding; experts: the share that `streams` tokens touch, 1 - (1 - k/E)^streams
 * t_memory       (weights + streams · mean context · KV bytes) / (GPUs · bandwidth)
 * t_arithmetic   streams · (1 + in/out) · (2 · active + attention) / (GPUs · FLOPS)   steps carry the prefill too
 * step           t_memory / 0.65 + t_arithmetic / 0.60 (MoE 0.20) + 3 ms + 0.5 ms · log2(TP)
 * ```
 */
export function decodeStep(input: ThroughputInput, streams: number): Step {
  const { shape, parameters, format, gpu, gpus, load } = input;
  const { inputTokens, outputTokens } = load;
  const flops = peakTflops(gpu, format) * 1e12 * gpus;
  const perWeight = format.bits / 8;
  const expertBytes = parameters.experts * perWeight;
  const embeddingBytes = parameters.lmHead === 0 ? 0 : parameters.embedding * 2;
  const touched =
    shape.moeExperts !== null && shape.moeTopK !== null && parameters.experts > 0
      ? 1 - (1 - shape.moeTopK / shape.moeExperts) ** streams
      : 1;
  const weights = input.weightBytes - embeddingBytes - expertBytes * (1 - touched);
  const cache = streams * input.cacheBytes(inputTokens + outputTokens / 2);
  const memory = (weights + cache) / (gpus * gpu.bandwidthGBps * 1e9);
  const kind = shape.moeExperts === null ? "dense" : "moe";
  const reached = flops * ROOFLINE.arithmetic[kind];
  const prompt = inputTokens * (2 * parameters.active + attentionFlops(shape, inputTokens / 2));
  const answer =
    outputTokens * (2 * parameters.active + attentionFlops(shape, inputTokens + outputTokens / 2));
  const arithmetic = (streams * (prompt + answer)) / outputTokens / reached;
  const fixed = (ROOFLINE.stepMs + ROOFLINE.stepMsPerDoubling * Math.log2(input.tensor)) / 1e3;
  const seconds = memory / ROOFLINE.bandwidth + arithmetic + fixed;
  const prefill = prompt / reached + fixed;
  return { ms: seconds * 1e3, outputTokensPerSecond: streams / seconds, prefillMs: prefill * 1e3 };
}

/** Arithmetic of the full-attention layers for one token with that many before it. */
function attentionFlops(shape: ModelShape, context: number): number {
  // MLA: 192 for the scores and 128 for the values of each head.
  const width = shape.attentionHeads * (shape.headDim ?? 160);
  return 4 * (shape.fullAttentionLayers ?? shape.layers) * width * context;
}

/** Dense peak for the arithmetic that the format really uses on the card, TFLOPS. */
export function peakTflops(gpu: Gpu, format: Quantization): number {
  const isNative =
    format.nativeComputeCapability !== null && gpu.computeCapability >= format.nativeComputeCapability;
  if (!isNative) return gpu.fp16Tflops;
  if (format.name === "fp8" || format.name === "mxfp4" || format.name === "nvfp4")
    return gpu.fp8Tflops ?? gpu.fp16Tflops;
  if (format.name === "w8a8") return gpu.int8Tflops ?? gpu.fp16Tflops;
  return gpu.fp16Tflops;
}

/**
 * Output rate, latencies and requests per second of one replica under a load.
 *
 * A measured row of the same model on the same GPUs moves the estimate by the factor by which that row differs from
 * its own estimate (`interpolated`); of several, the one with the nearest lengths and concurrency.
 *
 */
export function throughput(
  input: ThroughputInput,
  measured: readonly MeasuredThroughput[],
): ThroughputEstimate {
  const { load } = input;
  const running = (admitted: number) => Math.max(1, Math.min(load.concurrency, admitted));
  const anchor = nearestRow(input, measured);
  const basis = anchor === null ? "roofline" : isSameLoad(anchor, load) ? "measured" : "interpolated";
  const factor = anchor ? anchor.outputTokensPerSecond / rowStep(input, anchor).outputTokensPerSecond : 1;
  const spread = input.shape.moeExperts === null ? SPREAD.dense : SPREAD.moe;
  const [low, expected, high] = (["low", "expected", "high"] as const).map((key) =>
    decodeStep(input, running(input.admitted[key])),
  ) as [Step, Step, Step];
  const output: Range = {
    low: low.outputTokensPerSecond * factor * (1 - spread),
    expected: expected.outputTokensPerSecond * factor,
    high: high.outputTokensPerSecond * factor * (1 + spread),
  };
  const streams = running(input.admitted.expected);
  const latency = (rate: number) => (streams / rate) * 1e3;
  const waiting = ((load.concurrency - streams) * load.outputTokens * 1e3) / output.expected;
  // A prompt alone at best; all prompts of the running requests before it at worst; measured means lie near the root.
  const prompts = { low: 0.8, expected: Math.sqrt(streams), high: 1 + streams };
  const first = (key: keyof Range) =>
    expected.prefillMs * prompts[key] +
    Math.max(0, waiting) * FIRST_TOKEN_WAIT[key] +
    latency(output.expected);
  return {
    outputTokensPerSecond: output,
    interTokenLatencyMs: {
      low: latency(output.high),
      expected: latency(output.expected),
      high: latency(output.low),
    },
    timeToFirstTokenMs: { low: first("low"), expected: first("expected"), high: first("high") },
    requestsPerSecond: {
      low: output.low / load.outputTokens,
      expected: output.expected / load.outputTokens,
      high: output.high / load.outputTokens,
    },
    coveragePct: COVERAGE_PCT[coverageOf(input.shape, basis)],
    basis,
    anchor,
  };
}

function rowStep(input: ThroughputInput, row: MeasuredThroughput): Step {
  const load = { inputTokens: row.inputTokens, outputTokens: row.outputTokens, concurrency: row.concurrency };
  return decodeStep({ ...input, load }, row.concurrency);
}

/** Distance of a row from the load in doublings of concurrency and lengths. */
function distance(row: MeasuredThroughput, load: Load): number {
  const doublings = (a: number, b: number) => Math.abs(Math.log2(Math.max(1, a) / Math.max(1, b)));
  return (
    2 * doublings(row.concurrency, load.concurrency) +
    doublings(row.inputTokens, load.inputTokens) +
    doublings(row.outputTokens, load.outputTokens)
  );
}

/** Farther than this many doublings a row says nothing about the load. */
const REACH = 6;

function nearestRow(
  input: ThroughputInput,
  measured: readonly MeasuredThroughput[],
): MeasuredThroughput | null {
  const same = measured.filter(
    (row) =>
      row.engine === "vllm" &&
      row.gpu === input.gpu.name &&
      row.tensorParallel === input.tensor &&
      (row.repo === input.shape.repo || row.model === input.shape.repo) &&
      row.quantization === input.format.name,
  );
  const near = same.filter((row) => distance(row, input.load) <= REACH);
  near.sort((a, b) => distance(a, input.load) - distance(b, input.load) || a.source.localeCompare(b.source));
  return near[0] ?? null;
}

function isSameLoad(row: MeasuredThroughput, load: Load): boolean {
  return distance(row, load) < 0.15;
}
