import { GIB } from "./memory.ts";
import type { FitInput, FitReason, MemoryBudget, Range, Verdict } from "./types.ts";

/** The driver keeps about this much of the card out of reach of any utilization, GiB. */
const UNREACHABLE_GIB = 0.6;

/** A fact that the arithmetic needs is not in the catalogue row. */
export function unknownField(repo: string, field: string): FitReason {
  return {
    code: "fact-missing",
    message: `${field} of ${repo} is not known`,
    need: null,
    have: null,
    unit: null,
  };
}

/** The driver keeps a part of the card that no utilization can ask for. */
export function budgetRefusals(budget: MemoryBudget, utilization: number, card: string): FitReason[] {
  const limit = budget.totalGiB - UNREACHABLE_GIB;
  if (budget.requestedGiB <= limit) return [];
  const message = `utilization ${utilization} asks for ${gib(budget.requestedGiB)} of the ${gib(budget.totalGiB)} GiB of ${card}; the driver keeps about ${UNREACHABLE_GIB} GiB`;
  return [{ code: "utilization", message, need: budget.requestedGiB, have: limit, unit: "GiB" }];
}

/** Releases before 0.21 take CUDA graphs from what the utilization leaves. */
export function budgetNotes(input: FitInput, budget: MemoryBudget, utilization: number): FitReason[] {
  if (input.engine.cudaGraphsInBudget || input.enforceEager) return [];
  const slack = budget.totalGiB - budget.requestedGiB;
  if (slack >= budget.cudaGraphGiB.high) return [];
  const message = `vLLM ${input.engine.version} takes CUDA graphs from what utilization ${utilization} leaves, ${gib(slack)} GiB`;
  return [{ code: "cuda-graphs", message, need: budget.cudaGraphGiB.high, have: slack, unit: "GiB" }];
}

/** Weights and profile run leave nothing for the cache. */
export function noRoom(budget: MemoryBudget): FitReason {
  const { requestedGiB, weightsGiB, kvCacheGiB } = budget;
  const message = `no memory for the cache: ${gib(weightsGiB.expected)} GiB of weights and the profile run take all of ${gib(requestedGiB)} GiB`;
  return { code: "no-cache-memory", message, need: 0, have: kvCacheGiB.expected, unit: "GiB" };
}

/** One full-length request against the cache there is. */
export function shortOfCache(
  budget: MemoryBudget,
  need: Range,
  context: number,
  verdict: Verdict,
): FitReason {
  if (budget.kvCacheGiB.high <= 0) return noRoom(budget);
  const { low, high } = budget.kvCacheGiB;
  const needed = need.expected / GIB;
  // A low case below zero means that the rest already takes everything: nothing is left, not less than nothing.
  const left =
    low < 0.005
      ? `at most ${gib(high)} are left, in the low case nothing`
      : `${gib(low)} to ${gib(high)} are left`;
  const message = `one request of ${context} tokens needs ${gib(needed)} GiB of KV cache a GPU; ${left}`;
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

/** Tensor parallelism stays inside a node; pipeline stages and data-parallel ranks may stand on others of its type. */
export function tooFewGpus(input: FitInput, tensor: number, gpus: number): FitReason[] {
  const need = input.instance == null ? gpus : tensor;
  if (need <= input.gpusPerNode) return [];
  const message = `${need} GPUs are needed, ${input.instance ?? "the machine"} has ${input.gpusPerNode}`;
  return [{ code: "gpus", message, need, have: input.gpusPerNode, unit: "GPUs" }];
}

/** Before the V1 engine, the state of every sequence that may run was allocated at once, beside the cache. */
export function preallocatedState(stateBytes: number, maxNumSeqs: number, budget: MemoryBudget): FitReason[] {
  if (stateBytes === 0) return [];
  const need = (stateBytes * maxNumSeqs) / GIB;
  const have = budget.totalGiB - budget.weightsGiB.low;
  if (need <= have) return [];
  const message = `the state of ${maxNumSeqs} sequences takes ${gib(need)} GiB beside the weights, ${gib(Math.max(0, have))} are there; lower --max-num-seqs`;
  return [{ code: "state-memory", message, need, have, unit: "GiB" }];
}
