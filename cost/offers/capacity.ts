import type { FitDocument, ThroughputEstimate } from "../../plan/fit/index.ts";
import type { Workload } from "./types.ts";

/** Requests at the same time that are tried on a replica. */
export const LEVELS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;
/** A rate within this of the best counts as the best: the rest is only longer queues. */
const AS_GOOD = 0.99;

/** What one replica does at the load that serves the workload best. */
export interface ReplicaLoad {
  concurrency: number;
  speed: ThroughputEstimate;
}

/** Whether the expected latencies meet the targets. */
export function meetsTargets(speed: ThroughputEstimate, { maxTtftMs, maxItlMs }: Workload): boolean {
  return (
    (maxTtftMs === null || speed.timeToFirstTokenMs.expected <= maxTtftMs) &&
    (maxItlMs === null || speed.interTokenLatencyMs.expected <= maxItlMs)
  );
}

/**
 * The fewest requests at the same time at which a replica answers about as many a second as it ever does within the
 * latency targets.
 *
 * @param fitAt the fit of the replica under that many requests at the same time
 * @returns why there is none: it does not start, or is too slow even for one request
 */
export function replicaLoad(
  fitAt: (concurrency: number) => FitDocument,
  workload: Workload,
): ReplicaLoad | { because: string } {
  const tries: ReplicaLoad[] = [];
  for (const concurrency of LEVELS) {
    const { throughput, reasons, verdict } = fitAt(concurrency);
    if (throughput === null) return { because: reasons[0]?.message ?? `the fit is ${verdict}` };
    tries.push({ concurrency, speed: throughput });
  }
  const good = tries.filter(({ speed }) => meetsTargets(speed, workload));
  if (good.length === 0) return { because: tooSlow(tries[0]!.speed, workload) };
  const rate = ({ speed }: ReplicaLoad) => speed.requestsPerSecond.expected;
  const best = Math.max(...good.map(rate));
  return good.find((load) => rate(load) >= AS_GOOD * best)!;
}

function tooSlow(speed: ThroughputEstimate, { maxTtftMs, maxItlMs }: Workload): string {
  const parts: string[] = [];
  const { timeToFirstTokenMs: first, interTokenLatencyMs: next } = speed;
  if (maxTtftMs !== null && first.expected > maxTtftMs)
    parts.push(`first token after ${first.expected.toFixed(0)} ms, target ${maxTtftMs}`);
  if (maxItlMs !== null && next.expected > maxItlMs)
    parts.push(`${next.expected.toFixed(1)} ms between tokens, target ${maxItlMs}`);
  return parts.length > 0
    ? `alone on a replica: ${parts.join("; ")}`
    : "no load meets both latency targets at once";
}

/** Replicas for a rate in the three cases; the highest throughput needs the fewest. */
export function replicasFor(
  requestsPerSecond: number,
  rate: ThroughputEstimate["requestsPerSecond"],
): { min: number; expected: number; max: number } {
  // A billionth of a replica is rounding, not load.
  const count = (each: number) => Math.max(1, Math.ceil(requestsPerSecond / each - 1e-9));
  return { min: count(rate.high), expected: count(rate.expected), max: count(rate.low) };
}
