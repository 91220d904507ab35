import { catalogAsOf, FREEHOLD_VERSION } from "../../catalog/index.ts";
import { coverage } from "./accuracy.ts";
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

/** This package's own version and the date of its catalogue. */
function ownStamp(): Stamp {
  return { freeholdVersion: FREEHOLD_VERSION, catalogAsOf: catalogAsOf() };
}

/** Assumed where only a part of the load is given. */
export const DEFAULT_LOAD = { inputTokens: 1024, outputTokens: 256, concurrency: 32 };
/** vLLM keeps this much of the card out of reach of any utilization, GiB. */
const UNREACHABLE_GIB = 0.6;

/**
 * Whether one replica of a model starts on a set of equal GPUs and holds one request of full length; how many tokens
 * and requests its cache holds; and, for a load, how fast it answers.
 *
 * `fits`: the low case of the cache holds one full-length request. `tight`: only the high case does. `no`: not even
 * that, or the engine refuses the combination. `unknown`: a fact is missing; `reasons` names it. Never throws.
 */
export function fitReplica(input: FitInput, stamp: Stamp = ownStamp()): FitDocument {
  if (input.tensorParallel === undefined) return smallestTensorParallel(input, stamp);
  return judge(input, input.tensorParallel, stamp);
}

/** Tensor-parallel sizes that a node can host: divisors of its GPUs, less what the other dimensions take. */
export function tensorParallelSizes(input: FitInput): number[] {
  const room = Math.floor(input.gpusPerNode / ((input.pipelineParallel ?? 1) * (input.dataParallel ?? 1)));
  const sizes: number[] = [];
  for (let size = 1; size <= room; size++) if (input.gpusPerNode % size === 0) sizes.push(size);
  return sizes.length > 0 ? sizes : [1];
}

/**
 * The fewest GPUs of the node on which the model fits; else the fewest on which it is tight; else the try with the
 * most room, whose reasons say what is missing.
 */
export function smallestTensorParallel(input: FitInput, stamp: Stamp = ownStamp()): FitDocument {
  const tries = tensorParallelSizes(input).map((size) => judge(input, size, stamp));
  const room = (doc: FitDocument) => doc.perGpu.kvCacheGiB?.expected ?? Number.NEGATIVE_INFINITY;
  return (
    tries.find((doc) => doc.verdict === "fits") ??
    tries.find((doc) => doc.verdict === "tight") ??
    tries.find((doc) => doc.verdict === "unknown") ??
    tries.toSorted((a, b) => room(b) - room(a))[0]!
  );
}

/** The longest request that fits in the low case, in tokens; 0 = none; null = not known. */
export function largestContext(input: FitInput): number | null {
  return fitReplica(input).maxModelLenThatFits;
}

interface Facts {
  name: string;
  format: Quantization;
  native: boolean;
  parameters: Parameters;
  parallel: Parallel;
}

function judge(input: FitInput, tensor: number, stamp: Stamp): FitDocument {
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
  const checked = gates({
    shape,
    format: facts.format,
    gpu,
    parallel,
    engine,
    driver: input.driver ?? null,
    hostMemoryGib,
  });
  const context = input.maxModelLen ?? shape.maxPositionEmbeddings;
  const profile = profileDefaults(gpu, engine, input.apiServer ?? true, context ?? 0);
  if (input.maxNumSeqs !== undefined) profile.maxNumSeqs = input.maxNumSeqs;
  if (input.maxNumBatchedTokens !== undefined) profile.maxNumBatchedTokens = input.maxNumBatchedTokens;

  const utilization = input.gpuMemoryUtilization ?? engine.gpuMemoryUtilizationDefault;
  const gpus = parallel.tensor * parallel.pipeline * parallel.data;
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
  const refusals = [...checked.refusals, ...budgetRefusals(budget, utilization, gpu.name)];
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
    coverage(input.shape),
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

function unknownField(repo: string, field: string): FitReason {
  return {
    code: "fact-missing",
    message: `${field} of ${repo} is not known`,
    need: null,
    have: null,
    unit: null,
  };
}

function budgetRefusals(budget: MemoryBudget, utilization: number, card: string): FitReason[] {
  const limit = budget.totalGiB - UNREACHABLE_GIB;
  if (budget.requestedGiB <= limit) return [];
  const message = `utilization ${utilization} asks for ${gib(budget.requestedGiB)} of the ${gib(budget.totalGiB)} GiB of ${card}; the driver keeps about ${UNREACHABLE_GIB} GiB`;
  return [{ code: "utilization", message, need: budget.requestedGiB, have: limit, unit: "GiB" }];
}

function budgetNotes(input: FitInput, budget: MemoryBudget, utilization: number): FitReason[] {
  if (input.engine.cudaGraphsInBudget || input.enforceEager) return [];
  const slack = budget.totalGiB - budget.requestedGiB;
  if (slack >= budget.cudaGraphGiB.high) return [];
  const message = `vLLM ${input.engine.version} takes CUDA graphs from what utilization ${utilization} leaves, ${gib(slack)} GiB`;
  return [{ code: "cuda-graphs", message, need: budget.cudaGraphGiB.high, have: slack, unit: "GiB" }];
}

function noRoom(budget: MemoryBudget): FitReason {
  const { requestedGiB, weightsGiB, kvCacheGiB } = budget;
  const message = `no memory for the cache: ${gib(weightsGiB.expected)} GiB of weights and the profile run take all of ${gib(requestedGiB)} GiB`;
  return { code: "no-cache-memory", message, need: 0, have: kvCacheGiB.expected, unit: "GiB" };
}

function shortOfCache(budget: MemoryBudget, need: Range, context: number, verdict: Verdict): FitReason {
  if (budget.kvCacheGiB.high <= 0) return noRoom(budget);
  const { low, high } = budget.kvCacheGiB;
  const needed = need.expected / GIB;
  const message = `one request of ${context} tokens needs ${gib(needed)} GiB of KV cache a GPU, there are ${gib(low)} to ${gib(high)}`;
  return {
    code: verdict === "tight" ? "cache-tight" : "cache-short",
    message,
    need: needed,
    have: budget.kvCacheGiB.expected,
    unit: "GiB",
  };
}

function gib(value: number): string {
  return value.toFixed(2);
}

function blank(input: FitInput, parallel: Parallel, stamp: Stamp): FitDocument {
  return {
    schema: "freehold.fit/v1",
    ...stamp,
    model: input.shape.repo,
    quantization: input.quantization ?? input.shape.weightsDtype,
    gpu: input.gpu.name,
    gpus: parallel.tensor * parallel.pipeline * parallel.data,
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
