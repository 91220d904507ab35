import type { ThroughputInput } from "../../plan/fit/throughput/terms.ts";

/** Seconds of one decode step of one copy by the two bounds, at the peaks of the data sheet. */
function bounds(input: ThroughputInput, streams: number): { memory: number; arithmetic: number } {
  const { shape, parameters, format, gpu } = input;
  const ranks = input.tensor * input.pipeline;
  const { inputTokens, outputTokens } = input.load;
  const embedding = parameters.lmHead === 0 ? 0 : parameters.embedding * 2;
  const experts = (parameters.experts * format.bits) / 8;
  const touched =
    shape.moeExperts === null || shape.moeTopK === null
      ? 1
      : 1 - (1 - shape.moeTopK / shape.moeExperts) ** streams;
  const read = input.weightBytes * ranks - embedding - experts * (1 - touched);
  const cache = streams * input.cacheBytes(inputTokens + outputTokens / 2) * ranks;
  const tokens = streams * (1 + inputTokens / outputTokens);
  return {
    memory: (read + cache) / (ranks * gpu.bandwidthGBps * 1e9),
    arithmetic: (tokens * 2 * parameters.active) / (ranks * peakOf(input)),
  };
}

/** Dense FLOPS of the arithmetic that the format uses on the card; FP4 counts as FP8, whose rate the catalogue has. */
function peakOf({ gpu, format }: ThroughputInput): number {
  const native = format.nativeComputeCapability;
  const isNative = format.bits < 15 && native !== null && gpu.computeCapability >= native;
  const rate = isNative ? (format.name === "w8a8" ? gpu.int8Tflops : gpu.fp8Tflops) : null;
  return (rate ?? gpu.fp16Tflops) * 1e12;
}

/** Output tokens per second of all copies at so many requests of one copy. */
export type Rule = (input: ThroughputInput, running: number) => number;

/** The slower of reading all weights and caches once and of the arithmetic, nothing lost. */
export const roofline: Rule = (input, running) => {
  const { memory, arithmetic } = bounds(input, running);
  return (input.data * running) / Math.max(memory, arithmetic);
};

/** Shares of the peaks that a least-squares fit gave, and milliseconds of a step: alone, and for each doubling of TP. */
const FIT = { memory: 0.65, arithmetic: 0.6, step: 3, doubling: 0.5 };

/** Both bounds in turn at 65 % and 60 % of the peaks, and 3 ms + 0.5 ms · log2(TP) a step. */
export const fourNumbers: Rule = (input, running) => {
  const { memory, arithmetic } = bounds(input, running);
  const fixed = (FIT.step + FIT.doubling * Math.log2(input.tensor)) / 1e3;
  return (input.data * running) / (memory / FIT.memory + arithmetic / FIT.arithmetic + fixed);
};
