import { GIB } from "./memory.ts";
import { quantizationNamed } from "./quantization.ts";
import { type ReplicaMemory, replicaMemory } from "./replica.ts";
import { throughput } from "./throughput/estimate.ts";
import { loadOf, throughputInput } from "./throughput/input.ts";
import type { FitInput, FitReason, Range, Verdict } from "./types.ts";
import { usersAt } from "./users.ts";

/** One change of the request, and what it would make of the memory. */
export interface WhatIf {
  /** As flags of `freehold fit`. */
  change: string;
  /** The term that the change makes smaller. */
  term: "profile run" | "CUDA graphs" | "KV cache" | "weights" | "utilization";
  verdict: Verdict;
  /** KV cache on one GPU, GiB, expected case, and how much more than without the change. */
  kvCacheGiB: number;
  gainGiB: number;
  /** Tokens that the cache of a replica holds, expected case; null without a verdict. */
  tokens: number | null;
  longest: number | null;
  /** Requests of the load's lengths at once, and tokens a second with all of them; null without a load. */
  users: number | null;
  outputTokensPerSecond: Range | null;
}

/** `change` of the row that changes nothing. */
export const AS_IT_IS = "as it is";

const FEW_SEQUENCES = 64;
const SHORT_BATCH = 2048;
/** Highest utilization that leaves the driver its part of a card, in hundredths. */
const DRIVER_GIB = 0.6;

/**
 * Single changes of a request, from the least to the most intrusive: fewer sequences or shorter batches in the profile
 * run, all of the card, no CUDA graphs, an fp8 cache, smaller weights, twice the GPUs. The first row is the request as
 * it stands.
 *
 * @param tensor tensor-parallel size of the request as it stands.
 */
export function whatIf(input: FitInput, tensor: number): WhatIf[] {
  const before = replicaMemory(input, tensor);
  if ("code" in before) return [];
  const same: Change = { change: AS_IT_IS, term: "weights", changed: input };
  return [same, ...changesOf(input, tensor, before)].flatMap(
    (change) => afterwards(change, tensor, before, true) ?? [],
  );
}

function afterwards(
  { change, term, changed, size }: Change,
  tensor: number,
  before: ReplicaMemory,
  isSpeedAsked: boolean,
): WhatIf | null {
  const after = replicaMemory(changed, size ?? tensor);
  if ("code" in after) return null;
  const kvCacheGiB = after.budget.kvCacheGiB.expected;
  return {
    change,
    term,
    verdict: after.verdict,
    kvCacheGiB,
    gainGiB: kvCacheGiB - before.budget.kvCacheGiB.expected,
    tokens:
      after.concurrency === null || after.context === null
        ? null
        : Math.floor(after.concurrency.expected * after.context),
    longest: after.longest,
    ...(isSpeedAsked ? underLoad(changed, after) : { users: null, outputTokensPerSecond: null }),
  };
}

/** What as many requests of the load's lengths as run at once produce. */
function underLoad(input: FitInput, memory: ReplicaMemory): Pick<WhatIf, "users" | "outputTokensPerSecond"> {
  const load = input.load === undefined ? null : loadOf(input.load);
  const most = load === null ? null : usersAt(memory, load);
  if (load === null || most === null || "unknown" in memory.kv)
    return { users: null, outputTokensPerSecond: null };
  const users = most.requestsAtOnce.expected;
  const { facts, kv, cache, profile } = memory;
  const full = { ...load, concurrency: Math.max(1, users) };
  const work = throughputInput(input, facts, kv, cache.expected, profile, full);
  return { users, outputTokensPerSecond: throughput(work).outputTokensPerSecond };
}

/**
 * The one term to cut where a request does not fit for want of cache: the least intrusive single change after which it
 * fits; else the largest term.
 *
 * @returns null where something else than memory stands in the way.
 */
export function whatToCut(input: FitInput, tensor: number): FitReason | null {
  const memory = replicaMemory(input, tensor);
  if ("code" in memory || memory.verdict === "fits" || memory.verdict === "unknown") return null;
  const { kv, context, budget, reasons } = memory;
  const isMemory = reasons.every(({ need, code }) => need === null || MEMORY_CODES.has(code));
  if (!isMemory || "unknown" in kv || context === null) return null;
  const missing = kv.perRequest(context).high / GIB - budget.kvCacheGiB.low;
  for (const change of changesOf(input, tensor, memory)) {
    const cut = change.term === "utilization" ? null : afterwards(change, tensor, memory, false);
    if (cut?.verdict !== "fits") continue;
    const left = Math.max(0, cut.kvCacheGiB).toFixed(2);
    const message = `cut the ${cut.term}: ${cut.change} leaves ${left} GiB for the cache, and it fits`;
    return { code: "cut", message, need: missing, have: cut.gainGiB, unit: "GiB" };
  }
  const { weightsGiB, activationGiB } = budget;
  const isWeights = weightsGiB.expected >= activationGiB.expected;
  const [name, size] = isWeights ? ["weights", weightsGiB] : ["profile run", activationGiB];
  const message = `no single change is enough; the largest term: the ${name}, ${size.expected.toFixed(2)} GiB a GPU`;
  return { code: "cut", message, need: missing, have: size.expected, unit: "GiB" };
}

/** Reasons and notes that say something of memory, not of kernels, lengths or machines. */
const MEMORY_CODES = new Set([
  "no-cache-memory",
  "cache-short",
  "cache-tight",
  "state-blocks",
  "state-memory",
  "cuda-graphs",
  "weight-only",
  "kv-replicated",
]);

interface Change {
  change: string;
  term: WhatIf["term"];
  changed: FitInput;
  size?: number;
}

function changesOf(input: FitInput, tensor: number, before: ReplicaMemory): Change[] {
  const { profile, utilization, budget, facts } = before;
  const changes: Change[] = [];
  const add = (change: string, term: WhatIf["term"], more: Partial<FitInput>, size?: number) =>
    changes.push({ change, term, changed: { ...input, ...more }, size });
  if (profile.maxNumSeqs > FEW_SEQUENCES)
    add(`--max-num-seqs ${FEW_SEQUENCES}`, "profile run", { maxNumSeqs: FEW_SEQUENCES });
  if (profile.maxNumBatchedTokens > SHORT_BATCH && profile.chunked !== false)
    add(`--max-num-batched-tokens ${SHORT_BATCH}`, "profile run", { maxNumBatchedTokens: SHORT_BATCH });
  if (input.engine.cudaGraphsInBudget && !input.enforceEager)
    add("--enforce-eager", "CUDA graphs", { enforceEager: true });
  const most = Math.floor((1 - DRIVER_GIB / budget.totalGiB) * 100) / 100;
  if (most > utilization)
    add(`--gpu-memory-utilization ${most}`, "utilization", { gpuMemoryUtilization: most });
  if ((input.kvCacheDtype ?? "auto") === "auto" && input.gpu.computeCapability >= 8)
    add("--kv-dtype fp8", "KV cache", { kvCacheDtype: "fp8" });
  for (const name of ["fp8", "awq"]) {
    const isSmaller = facts.format.bits > (name === "fp8" ? 8 : 5);
    if (isSmaller && quantizationNamed(name) !== facts.name)
      add(`--quantization ${name}`, "weights", { quantization: name });
  }
  const more = tensor * 2;
  if (more <= input.gpusPerNode && input.gpusPerNode % more === 0) add(`--tp ${more}`, "weights", {}, more);
  return changes;
}
