import type { ModelSpec, StackSpec } from "../config/index.ts";
import type { Candidate } from "./candidates.ts";
import type { Broken } from "./fit/index.ts";
import { limitsOf } from "./serving-point.ts";
import type { Refusal } from "./types.ts";

/** The latency that a single request has, in words. */
export function slowWords({ breaks, ms }: Broken): string {
  return `a single request takes ${ms.toFixed(0)} ms ${breaks === "itl" ? "between tokens" : "to its first token"}`;
}

/** Why nothing is planned where machines fit but none keeps the latencies of the load; null where that is not so. */
export function tooSlow(model: ModelSpec, spec: StackSpec, candidates: Candidate[]): Refusal | null {
  const fastest = candidates
    .flatMap((candidate) => (candidate.tooSlow === null ? [] : [{ candidate, slow: candidate.tooSlow }]))
    .toSorted((a, b) => a.slow.ms - b.slow.ms)[0];
  if (fastest === undefined) return null;
  const { candidate, slow } = fastest;
  const { maxItlMs, maxTtftMs } = limitsOf(model, spec);
  const [field, limit] = slow.breaks === "itl" ? ["maxItlMs", maxItlMs!] : ["maxTtftMs", maxTtftMs!];
  const where = candidate.instance?.type ?? candidate.gpu.name;
  return {
    code: "too-slow",
    model: model.name,
    message: `on ${where}, the fastest that was tried, ${slowWords(slow)}; load.${field} is ${limit}`,
    need: limit,
    have: slow.ms,
    unit: "ms",
    nearest: `load.${field}: ${Math.ceil(slow.ms)}`,
  };
}
