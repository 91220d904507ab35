import { catalogAsOf, FREEHOLD_VERSION } from "../../catalog/index.ts";
import { judge } from "./judge.ts";
import { type Candidate, nearestThatFits } from "./nearest-fit.ts";
import type { FitDocument, FitInput, Stamp } from "./types.ts";
import { whatToCut } from "./what-if.ts";

/** This package's own version and the date of its catalogue. */
export function ownStamp(): Stamp {
  return { freeholdVersion: FREEHOLD_VERSION, catalogAsOf: catalogAsOf() };
}

/**
 * Whether one replica of a model starts on a set of equal GPUs and holds one request of full length; how many tokens
 * and requests its cache holds; and, for a load, how fast it answers.
 *
 * `fits`: the low case of the cache holds one full-length request. `tight`: only the high case does. `no`: not even
 * that, or the engine refuses the combination. `unknown`: a fact is missing; `reasons` names it. Never throws.
 *
 * @param candidates machines that `nearestThatFits` may name, best first; without them it stays on these GPUs.
 */
export function fitReplica(
  input: FitInput,
  candidates: readonly Candidate[] = [],
  stamp: Stamp = ownStamp(),
): FitDocument {
  const document =
    input.tensorParallel === undefined
      ? smallestTensorParallel(input, stamp)
      : judge(input, input.tensorParallel, stamp);
  if (document.verdict !== "no" && document.verdict !== "tight") return document;
  const cut = whatToCut(input, document.tensorParallel ?? 1);
  return {
    ...document,
    reasons: cut === null ? document.reasons : [...document.reasons, cut],
    nearestThatFits: nearestThatFits(input, document, candidates),
  };
}

/** Tensor-parallel sizes that a node can host: divisors of its GPUs. */
export function tensorParallelSizes(gpusPerNode: number): number[] {
  return Array.from({ length: gpusPerNode }, (_, i) => i + 1).filter((size) => gpusPerNode % size === 0);
}

/**
 * The fewest GPUs of the node on which the model fits; else the fewest on which it is tight; else the try with the
 * most room, whose reasons say what is missing.
 */
export function smallestTensorParallel(input: FitInput, stamp: Stamp = ownStamp()): FitDocument {
  const others = (input.pipelineParallel ?? 1) * (input.dataParallel ?? 1);
  const sizes = tensorParallelSizes(input.gpusPerNode);
  const within = sizes.filter((size) => size * others <= input.gpusPerNode);
  const tries = (within.length > 0 ? within : sizes).map((size) => judge(input, size, stamp));
  const room = (document: FitDocument) => document.perGpu.kvCacheGiB?.expected ?? Number.NEGATIVE_INFINITY;
  return (
    tries.find((document) => document.verdict === "fits") ??
    tries.find((document) => document.verdict === "tight") ??
    tries.find((document) => document.verdict === "unknown") ??
    tries.toSorted((a, b) => room(b) - room(a))[0]!
  );
}
