import { workOf } from "./judge.ts";
import { replicaMemory } from "./replica.ts";
import { throughput } from "./throughput/estimate.ts";
import { loadOf } from "./throughput/input.ts";
import type { ThroughputInput } from "./throughput/terms.ts";
import type { FitInput, FleetOption, LoadTarget, ThroughputEstimate } from "./types.ts";
import { usersAt } from "./users.ts";

export type LatencyLimits = Pick<LoadTarget, "maxTtftMs" | "maxItlMs">;

/** One engine at a number of requests at once. */
export interface OperatingPoint {
  concurrency: number;
  estimate: ThroughputEstimate;
  /** What stops more requests at once. */
  limitedBy: FleetOption["limitedBy"];
  /** The estimates at fewer requests at once, the fewest first, and at this many. */
  tried: ThroughputEstimate[];
}

/** A limit that is not kept, and the expected value. */
export interface Broken {
  breaks: "ttft" | "itl";
  ms: number;
}

/** What a replica can be asked for: its work, and how many requests of the load's lengths it runs at once. */
interface Capacity {
  work: ThroughputInput;
  most: number;
  by: "cache" | "max-num-seqs";
}

/** Each step of concurrency that is tried is at most a third above the last. */
const STEP = 4 / 3;

/** Requests at once at which a replica is tried: 1, 2, 3, then by a third, up to the most that run. */
export function concurrencies(most: number): number[] {
  const tries: number[] = [];
  for (let next = 1; next < most; next = Math.max(next + 1, Math.floor(next * STEP))) tries.push(next);
  return [...tries, most];
}

/** @returns null where the engine does not start or a fact is missing. */
export function mostAtOnce(input: FitInput, tensor: number): Capacity | null {
  const memory = replicaMemory(input, tensor);
  if ("code" in memory) return null;
  const users = usersAt(memory, loadOf(input.load ?? {}));
  const work = workOf(input, tensor);
  if (users === null || "code" in work) return null;
  // An engine that starts runs one request, however short its cache is in the expected case.
  return { work, most: Math.max(1, users.requestsAtOnce.expected), by: users.limitedBy };
}

/** The estimate at another number of requests at once. */
export function at(work: ThroughputInput, concurrency: number): ThroughputEstimate {
  return throughput({ ...work, load: { ...work.load, concurrency } });
}

/**
 * How many requests at once bring a replica the most answers a second while its mean latencies stay within limits;
 * without limits, how many bring the most of those that cache and `max_num_seqs` let run. Where fewer do as much, fewer.
 *
 * @returns the limit that a single request breaks; null where the engine does not start or a fact is missing.
 */
export function operatingPoint(
  input: FitInput,
  tensor: number,
  limits: LatencyLimits = {},
): OperatingPoint | Broken | null {
  const capacity = mostAtOnce(input, tensor);
  if (capacity === null) return null;
  let best: OperatingPoint | null = null;
  const tried: ThroughputEstimate[] = [];
  for (const concurrency of concurrencies(capacity.most)) {
    const estimate = at(capacity.work, concurrency);
    const broken = brokenBy(estimate, limits);
    if (broken !== null) {
      if (best === null) return broken;
      best.limitedBy = broken.breaks;
      break;
    }
    tried.push(estimate);
    if (best === null || estimate.requestsPerSecond.expected > best.estimate.requestsPerSecond.expected)
      best = { concurrency, estimate, limitedBy: capacity.by, tried: [...tried] };
  }
  return best;
}

/** The latency that even a single request at a time does not keep; null where it keeps both or nothing is known. */
export function tooSlowAlone(input: FitInput, tensor: number, limits: LatencyLimits): Broken | null {
  if (limits.maxItlMs === undefined && limits.maxTtftMs === undefined) return null;
  const work = workOf(input, tensor);
  return "code" in work ? null : brokenBy(at(work, 1), limits);
}

function brokenBy(
  { timeToFirstTokenMs, interTokenLatencyMs }: ThroughputEstimate,
  { maxTtftMs, maxItlMs }: LatencyLimits,
): Broken | null {
  if (maxItlMs !== undefined && interTokenLatencyMs.expected > maxItlMs)
    return { breaks: "itl", ms: interTokenLatencyMs.expected };
  if (maxTtftMs !== undefined && timeToFirstTokenMs.expected > maxTtftMs)
    return { breaks: "ttft", ms: timeToFirstTokenMs.expected };
  return null;
}

/** What a replica does under so many requests a second: at the fewest requests at once that answer them. */
export function underLoad({ tried, estimate }: OperatingPoint, perSecond: number): ThroughputEstimate {
  return tried.find(({ requestsPerSecond }) => requestsPerSecond.expected >= perSecond) ?? estimate;
}
