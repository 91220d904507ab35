import { activationBytes } from "./activation.ts";
import { profileRules } from "./engine-rules.ts";
import { gates } from "./gates.ts";
import { type KvCost, kvCost } from "./kv-cache.ts";
import { GIB, map, memoryBudget, type ProfileSettings, profileDefaults } from "./memory.ts";
import { FITTED_MEMORY, type MemoryFactors } from "./memory-factors.ts";
import { type Parameters, parametersOf } from "./parameters.ts";
import {
  nativeQuantization,
  QUANTIZATIONS,
  type Quantization,
  quantization,
  quantizationNamed,
} from "./quantization.ts";
import {
  budgetNotes,
  budgetRefusals,
  noRoom,
  preallocatedState,
  shortOfCache,
  tooFewGpus,
  unknownField,
} from "./reasons.ts";
import type { FitInput, FitReason, MemoryBudget, Range, Unknown, Verdict } from "./types.ts";
import { type Parallel, weightBytesPerGpu } from "./weights.ts";

/** What is known of a model in the format that is asked for. */
export interface Facts {
  name: string;
  format: Quantization;
  native: boolean;
  parameters: Parameters;
  parallel: Parallel;
}

/** Memory of one replica on its fullest GPU, and whether the engine starts. */
export interface ReplicaMemory {
  facts: Facts;
  profile: ProfileSettings;
  utilization: number;
  budget: MemoryBudget;
  kv: KvCost | Unknown;
  /** Longest request that was judged, tokens; null = neither given nor known of the model. */
  context: number | null;
  verdict: Verdict;
  reasons: FitReason[];
  /** Bytes of the cache on one GPU; negative where the rest takes more than was asked for. */
  cache: Range;
  /** Full-length requests at the same time; null without a verdict. */
  concurrency: Range | null;
  /** Longest request that the low case holds, tokens; null without a verdict. */
  longest: number | null;
}

/**
 * Memory as vLLM computes it at start-up: what is asked for, what weights, profile run and graphs take of it, and
 * whether the rest holds one full-length request. Every term is in the file that it is imported from.
 *
 * @returns a reason where the format or the number of weights is not known.
 */
export function replicaMemory(
  input: FitInput,
  tensor: number,
  factors: MemoryFactors = FITTED_MEMORY,
): ReplicaMemory | FitReason {
  const { shape, gpu, engine } = input;
  const parallel: Parallel = {
    tensor,
    pipeline: input.pipelineParallel ?? 1,
    data: input.dataParallel ?? 1,
    expert: input.expertParallel ?? false,
  };
  const facts = factsOf(input, parallel);
  if ("code" in facts) return facts;
  const gpus = parallel.tensor * parallel.pipeline * parallel.data;
  const checked = gates({
    shape,
    format: facts.format,
    gpu,
    parallel,
    engine,
    driver: input.driver ?? null,
    workers: Math.min(gpus, input.gpusPerNode),
    hostMemoryGib: input.allocatableMib != null ? input.allocatableMib / 1024 : (input.hostMemoryGib ?? null),
    instance: input.instance ?? null,
    nodes: Math.ceil(gpus / input.gpusPerNode),
  });
  const context = input.maxModelLen ?? shape.maxPositionEmbeddings;
  const profile = profileDefaults(gpu, engine, input.apiServer ?? true, context ?? 0);
  if (input.maxNumSeqs !== undefined) profile.maxNumSeqs = input.maxNumSeqs;
  if (input.maxNumBatchedTokens !== undefined) profile.maxNumBatchedTokens = input.maxNumBatchedTokens;

  const utilization = input.gpuMemoryUtilization ?? engine.gpuMemoryUtilizationDefault;
  const rules = profileRules(engine);
  const budget = memoryBudget(
    gpu,
    utilization,
    weightBytesPerGpu(shape, facts.parameters, facts.format, facts.native, parallel),
    activationBytes(shape, engine, profile, tensor, factors),
    parallel.tensor * parallel.pipeline,
    engine,
    input.enforceEager ?? false,
    factors,
  );
  const kv = kvCost(shape, {
    tensor,
    pipeline: parallel.pipeline,
    dtype: cacheType(input),
    inFlightTokens: rules.batchesInFlight * profile.maxNumBatchedTokens,
    freesWindows: rules.freesWindows,
    statesPerRequest: rules.statesPerRequest,
  });
  const refusals = [
    ...tooFewGpus(input, tensor, gpus),
    ...checked.refusals,
    ...budgetRefusals(budget, utilization, gpu.name),
    ...("unknown" in kv || !rules.preallocatesState
      ? []
      : preallocatedState(kv.stateBytes, profile.maxNumSeqs, budget)),
  ];
  const notes = [...checked.notes, ...budgetNotes(input, budget, utilization)];
  const cache = map(budget.kvCacheGiB, (gib) => gib * GIB);
  const common = { facts, profile, utilization, budget, kv, context, cache };

  if ("unknown" in kv || context === null) {
    // Weights that do not fit need no cache arithmetic.
    const isFull = cache.high <= 0 || refusals.length > 0;
    const missing = unknownField(shape.repo, "unknown" in kv ? kv.unknown : "maxPositionEmbeddings");
    const full = isFull && refusals.length === 0 ? [noRoom(budget)] : [];
    const reasons = [...refusals, ...full, missing, ...notes];
    return { ...common, verdict: isFull ? "no" : "unknown", reasons, concurrency: null, longest: null };
  }
  const { verdict, reasons } = judgeCache(input, budget, cache, kv, context, profile.maxNumSeqs, refusals);
  const need = kv.perRequest(context);
  return {
    ...common,
    verdict,
    reasons: [...reasons, ...notes],
    concurrency: {
      low: Math.max(0, cache.low) / need.high,
      expected: Math.max(0, cache.expected) / need.expected,
      high: Math.max(0, cache.high) / need.low,
    },
    longest: refusals.length > 0 ? 0 : longest(kv, cache.low, shape.maxPositionEmbeddings ?? context),
  };
}

/** `auto` is the type of the model, or what its checkpoint asks for where the release reads that. */
function cacheType({ kvCacheDtype, shape, quantization: given, engine }: FitInput): "auto" | "fp8" {
  if (kvCacheDtype === "fp8") return "fp8";
  const isOwn = given == null || quantizationNamed(given) === nativeQuantization(shape);
  return isOwn && shape.kvCacheDtype === "fp8" && profileRules(engine).readsCacheType ? "fp8" : "auto";
}

function judgeCache(
  input: FitInput,
  budget: MemoryBudget,
  cache: Range,
  kv: KvCost,
  context: number,
  maxNumSeqs: number,
  refusals: FitReason[],
): { verdict: Verdict; reasons: FitReason[] } {
  const need = kv.perRequest(context);
  const limit = input.shape.maxPositionEmbeddings;
  const reasons = [...refusals];
  if (limit !== null && context > limit) {
    const message = `context ${context} is longer than the ${limit} positions of ${input.shape.repo}`;
    reasons.push({ code: "context-too-long", message, need: context, have: limit, unit: "tokens" });
  }
  let verdict: Verdict = cache.low >= need.high ? "fits" : cache.high >= need.low ? "tight" : "no";
  if (verdict !== "fits") reasons.push(shortOfCache(budget, need, context, verdict));
  if (kv.stateBlocks && profileRules(input.engine).refusesFewStates) {
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
  return { verdict, reasons };
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
