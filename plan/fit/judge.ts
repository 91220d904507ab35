import { profileRules } from "./engine-rules.ts";
import { gates } from "./gates.ts";
import { type KvCost, kvCost } from "./kv-cache.ts";
import { activationBytes, GIB, map, memoryBudget, profileDefaults } from "./memory.ts";
import { type Parameters, parametersOf } from "./parameters.ts";
import {
  nativeQuantization,
  QUANTIZATIONS,
  type Quantization,
  quantization,
  quantizationNamed,
} from "./quantization.ts";
import { budgetNotes, budgetRefusals, noRoom, shortOfCache, tooFewGpus, unknownField } from "./reasons.ts";
import { throughput } from "./throughput.ts";
import type {
  FitDocument,
  FitInput,
  FitReason,
  MemoryBudget,
  Range,
  Stamp,
  ThroughputEstimate,
  Verdict,
} from "./types.ts";
import { type Parallel, weightBytesPerGpu } from "./weights.ts";

/** Assumed where only a part of the load is given. */
export const DEFAULT_LOAD = { inputTokens: 1024, outputTokens: 256, concurrency: 32 };

interface Facts {
  name: string;
  format: Quantization;
  native: boolean;
  parameters: Parameters;
  parallel: Parallel;
}

/**
 * The fit of exactly these settings. Pure arithmetic: every step is in the file that it is imported from.
 */
export function judge(input: FitInput, tensor: number, stamp: Stamp): FitDocument {
  const { shape, gpu, engine } = input;
  const parallel: Parallel = {
    tensor,
    pipeline: input.pipelineParallel ?? 1,
    data: input.dataParallel ?? 1,
    expert: input.expertParallel ?? false,
  };
  const document = blank(input, parallel, stamp);
  const facts = factsOf(input, parallel);
  if ("code" in facts) return { ...document, verdict: "unknown", reasons: [facts] };
  document.quantization = facts.name;

  const hostMemoryGib =
    input.allocatableMib != null ? input.allocatableMib / 1024 : (input.hostMemoryGib ?? null);
  const gpus = parallel.tensor * parallel.pipeline * parallel.data;
  const checked = gates({
    shape,
    format: facts.format,
    gpu,
    parallel,
    engine,
    driver: input.driver ?? null,
    workers: Math.min(gpus, input.gpusPerNode),
    hostMemoryGib,
  });
  const context = input.maxModelLen ?? shape.maxPositionEmbeddings;
  const profile = profileDefaults(gpu, engine, input.apiServer ?? true, context ?? 0);
  if (input.maxNumSeqs !== undefined) profile.maxNumSeqs = input.maxNumSeqs;
  if (input.maxNumBatchedTokens !== undefined) profile.maxNumBatchedTokens = input.maxNumBatchedTokens;

  const utilization = input.gpuMemoryUtilization ?? engine.gpuMemoryUtilizationDefault;
  const budget = memoryBudget(
    gpu,
    utilization,
    weightBytesPerGpu(shape, facts.parameters, facts.format, facts.native, parallel),
    activationBytes(shape, engine, profile, tensor),
    gpus,
    engine,
    input.enforceEager ?? false,
  );
  document.perGpu = budget;
  const kv = kvCost(shape, {
    tensor,
    pipeline: parallel.pipeline,
    dtype: input.kvCacheDtype ?? "auto",
    inFlightTokens: profileRules(engine).batchesInFlight * profile.maxNumBatchedTokens,
  });
  const refusals = [
    ...tooFewGpus(input, tensor, gpus),
    ...checked.refusals,
    ...budgetRefusals(budget, utilization, gpu.name),
  ];
  const notes = [...checked.notes, ...budgetNotes(input, budget, utilization)];

  if ("unknown" in kv || context === null) {
    const field = "unknown" in kv ? kv.unknown : "maxPositionEmbeddings";
    // Weights that do not fit need no cache arithmetic.
    const isFull = budget.kvCacheGiB.high <= 0 || refusals.length > 0;
    const missing = unknownField(shape.repo, field);
    if (!("unknown" in kv)) document.kvBytesPerToken = kv.bytesPerToken;
    return {
      ...document,
      verdict: isFull ? "no" : "unknown",
      reasons: [...refusals, ...(isFull && refusals.length === 0 ? [noRoom(budget)] : []), missing, ...notes],
    };
  }
  return withCache(
    document,
    input,
    facts,
    { budget, kv, context, maxNumSeqs: profile.maxNumSeqs },
    refusals,
    notes,
  );
}

interface Cache {
  budget: MemoryBudget;
  kv: KvCost;
  context: number;
  maxNumSeqs: number;
}

function withCache(
  document: FitDocument,
  input: FitInput,
  facts: Facts,
  { budget, kv, context, maxNumSeqs }: Cache,
  refusals: FitReason[],
  notes: FitReason[],
): FitDocument {
  const cache = map(budget.kvCacheGiB, (gib) => gib * GIB);
  const need = kv.perRequest(context);
  const limit = input.shape.maxPositionEmbeddings;
  const reasons = [...refusals];
  if (limit !== null && context > limit) {
    const message = `context ${context} is longer than the ${limit} positions of ${input.shape.repo}`;
    reasons.push({ code: "context-too-long", message, need: context, have: limit, unit: "tokens" });
  }
  let verdict: Verdict = cache.low >= need.high ? "fits" : cache.high >= need.low ? "tight" : "no";
  if (verdict !== "fits") reasons.push(shortOfCache(budget, need, context, verdict));
  if (kv.stateBlocks) {
    const blocks = kv.stateBlocks(cache);
    if (blocks.low < maxNumSeqs && cache.high > 0) {
      if (blocks.high < maxNumSeqs) verdict = "no";
      else if (verdict === "fits") verdict = "tight";
      const message = `max_num_seqs ${maxNumSeqs} may exceed the ${blocks.low} to ${blocks.high} state blocks of the cache; lower --max-num-seqs`;
      reasons.push({
        code: "state-blocks",
        message,
        need: maxNumSeqs,
        have: blocks.expected,
        unit: "blocks",
      });
    }
  }
  if (refusals.length > 0 || reasons.some((reason) => reason.code === "context-too-long")) verdict = "no";

  const concurrency: Range = {
    low: Math.max(0, cache.low) / need.high,
    expected: Math.max(0, cache.expected) / need.expected,
    high: Math.max(0, cache.high) / need.low,
  };
  return {
    ...document,
    verdict,
    reasons: [...reasons, ...notes],
    kvBytesPerToken: kv.bytesPerToken,
    kvCacheTokens: map(concurrency, (requests) => Math.floor(requests * context)),
    maxModelLen: context,
    maxModelLenThatFits: refusals.length > 0 ? 0 : longest(kv, cache.low, limit ?? context),
    maxConcurrency: concurrency,
    throughput: verdict === "no" ? null : estimate(input, facts, kv, cache, maxNumSeqs),
  };
}

function estimate(
  input: FitInput,
  { parameters, format, native, parallel }: Facts,
  kv: KvCost,
  cache: Range,
  maxNumSeqs: number,
): ThroughputEstimate | null {
  if (input.load === undefined) return null;
  const load = { ...DEFAULT_LOAD, ...defined(input.load) };
  const each = kv.perRequest(load.inputTokens + load.outputTokens);
  const admitted = (bytes: number, request: number) =>
    Math.max(1, Math.min(maxNumSeqs, Math.floor(Math.max(0, bytes) / request))) * parallel.data;
  const gpus = parallel.tensor * parallel.pipeline;
  const single = { tensor: 1, pipeline: 1, data: 1, expert: false };
  const weights = weightBytesPerGpu(input.shape, parameters, format, native, single).expected;
  return throughput(
    {
      shape: input.shape,
      parameters,
      format,
      gpu: input.gpu,
      tensor: parallel.tensor,
      gpus: gpus * parallel.data,
      weightBytes: weights * parallel.data,
      cacheBytes: (tokens) => kv.perRequest(tokens).expected * gpus,
      load,
      admitted: {
        low: admitted(cache.low, each.high),
        expected: admitted(cache.expected, each.expected),
        high: admitted(cache.high, each.low),
      },
    },
    input.measured ?? [],
  );
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, given]) => given !== undefined)) as Partial<T>;
}

/** The longest request, in whole cache blocks, whose high case the cache holds. */
function longest(kv: KvCost, cacheBytes: number, limit: number): number {
  const holds = (tokens: number) => kv.perRequest(tokens).high <= cacheBytes;
  if (holds(limit)) return limit;
  let [yes, no] = [0, Math.ceil(limit / 16)];
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle * 16)) yes = middle;
    else no = middle;
  }
  return yes * 16;
}

function factsOf(input: FitInput, parallel: Parallel): Facts | FitReason {
  const { shape } = input;
  const own = nativeQuantization(shape);
  const wanted = input.quantization == null ? own : quantizationNamed(input.quantization);
  if (wanted === undefined) {
    const given = input.quantization ?? shape.weightsDtype;
    const message = `quantization ${given} is not known; known: ${QUANTIZATIONS.join(", ")}`;
    return { code: "quantization-unknown", message, need: null, have: null, unit: null };
  }
  const native = wanted === own;
  const parameters = parametersOf(shape);
  if ("unknown" in parameters) return unknownField(shape.repo, parameters.unknown);
  return { name: wanted, format: quantization(wanted, shape, native), native, parameters, parallel };
}

function blank(input: FitInput, parallel: Parallel, stamp: Stamp): FitDocument {
  return {
    schema: "freehold.fit/v1",
    ...stamp,
    model: input.shape.repo,
    quantization: input.quantization ?? input.shape.weightsDtype,
    gpu: input.gpu.name,
    gpus: input.gpusPerNode,
    instance: input.instance ?? null,
    tensorParallel: parallel.tensor,
    pipelineParallel: parallel.pipeline,
    engineVersion: input.engine.version,
    verdict: "unknown",
    reasons: [],
    nearestThatFits: null,
    perGpu: {
      totalGiB: null,
      requestedGiB: null,
      weightsGiB: null,
      activationGiB: null,
      nonTorchGiB: null,
      cudaGraphGiB: null,
      kvCacheGiB: null,
    },
    kvBytesPerToken: null,
    kvCacheTokens: null,
    maxModelLen: input.maxModelLen ?? input.shape.maxPositionEmbeddings,
    maxModelLenThatFits: null,
    maxConcurrency: null,
    throughput: null,
  };
}
