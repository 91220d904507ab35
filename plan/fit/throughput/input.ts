import { profileRules } from "../engine-rules.ts";
import type { KvCost } from "../kv-cache.ts";
import { GIB, type ProfileSettings } from "../memory.ts";
import type { Facts } from "../replica.ts";
import type { FitInput, Load } from "../types.ts";
import { weightBytesPerGpu } from "../weights.ts";
import type { ThroughputInput } from "./terms.ts";

/** Assumed where only a part of the load is given. */
export const DEFAULT_LOAD: Load = { inputTokens: 1024, outputTokens: 256, concurrency: 32 };

/** Share of a card that a cache holds at least where the arithmetic leaves none: an engine that runs has some. */
const LEAST_CACHE = 0.02;

export function loadOf(given: Partial<Load>): Load {
  const { inputTokens, outputTokens, concurrency } = given;
  return {
    inputTokens: inputTokens ?? DEFAULT_LOAD.inputTokens,
    outputTokens: outputTokens ?? DEFAULT_LOAD.outputTokens,
    concurrency: concurrency ?? DEFAULT_LOAD.concurrency,
  };
}

/** The work of an engine from the arithmetic of its start-up. */
export function throughputInput(
  input: FitInput,
  { format, native, parameters, parallel }: Facts,
  kv: KvCost,
  cacheBytes: number,
  profile: ProfileSettings,
  load: Load,
): ThroughputInput {
  const { shape, gpu, engine } = input;
  const each = kv.perRequest(load.inputTokens + load.outputTokens).expected;
  const cache = Math.max(cacheBytes, LEAST_CACHE * gpu.visibleGib[0] * GIB);
  const ranks = parallel.tensor * parallel.pipeline;
  return {
    shape,
    parameters,
    format,
    gpu,
    tensor: parallel.tensor,
    pipeline: parallel.pipeline,
    data: parallel.data,
    acrossNodes: ranks > input.gpusPerNode,
    firstEngine: profileRules(engine).sampler === "v0",
    weightBytes: weightBytesPerGpu(shape, parameters, format, native, parallel).expected,
    cacheBytes: (tokens) => kv.perRequest(tokens).expected,
    load,
    admitted: Math.max(1, Math.min(profile.maxNumSeqs, Math.floor(cache / each))),
    maxNumBatchedTokens: profile.maxNumBatchedTokens,
  };
}
