import type { ModelSpec, StackSpec } from "../config/index.ts";
import { type FitDocument, type FitInput, fitReplica, operatingPoint } from "./fit/index.ts";
import type { Estimate, ModelPlan } from "./types.ts";

/** A first token later than this raises the alert `TimeToFirstTokenHigh` where the stack names no limit, ms. */
export const FIRST_TOKEN_MS = 10_000;

/** At how many requests at once a replica is run, and what it does there. */
export interface ServingPoint {
  /** The fit with the throughput at that concurrency. */
  fit: FitDocument;
  /** Requests at once on one replica; null where speed is not known. */
  concurrency: number | null;
  /** `--max-num-seqs` that holds the replica there; null = the engine's or the user's own. */
  maxNumSeqs: number | null;
  why: string;
}

/** Latency limits of a model's load; a model's own load stands before that of the stack. */
export function limitsOf(model: ModelSpec, spec: StackSpec): { maxTtftMs?: number; maxItlMs?: number } {
  const { maxTtftMs, maxItlMs } = model.load ?? spec.load ?? {};
  return { maxTtftMs, maxItlMs };
}

/**
 * The concurrency at which a replica answers most while the load's latencies hold. Where a latency is what stops it,
 * the engine is told to admit no more (`--max-num-seqs`): what comes beyond waits, which the scaler sees, instead of
 * slowing down everyone.
 */
export function servingPoint(
  input: FitInput,
  tensorParallel: number,
  fit: FitDocument,
  limits: { maxTtftMs?: number; maxItlMs?: number },
): ServingPoint {
  const point = operatingPoint(input, tensorParallel, limits);
  // Machines on which a single request breaks a limit are passed over before.
  if (point === null || "breaks" in point)
    return { fit, concurrency: null, maxNumSeqs: null, why: "the speed of this model is not known" };
  const { concurrency, limitedBy, estimate } = point;
  const isHeld = limitedBy === "itl" || limitedBy === "ttft";
  const held = isHeld && concurrency < (input.maxNumSeqs ?? Number.POSITIVE_INFINITY) ? concurrency : null;
  const at: FitInput = {
    ...input,
    tensorParallel,
    load: { ...input.load, concurrency },
    ...(held !== null && { maxNumSeqs: held }),
  };
  const again = fitReplica(at);
  const itl = estimate.interTokenLatencyMs;
  const stop = {
    cache: "the cache holds no more requests of these lengths",
    "max-num-seqs": "max_num_seqs admits no more",
    itl: `more would take longer between tokens than the ${limits.maxItlMs} ms of the load`,
    ttft: `more would take longer to the first token than the ${limits.maxTtftMs} ms of the load`,
  }[limitedBy];
  return {
    // The throughput is that of the point; a shorter profile run leaves the memory no smaller.
    fit: { ...again, throughput: estimate },
    concurrency,
    maxNumSeqs: held,
    why: `${concurrency} requests of ${input.load?.inputTokens} + ${input.load?.outputTokens} tokens at once, ${itl.expected.toFixed(0)} ms (${itl.low.toFixed(0)} to ${itl.high.toFixed(0)}) between tokens: ${stop}`,
  };
}

/** Taken where the speed of a replica is not known: a queue that any engine clears. */
const WAITING_UNKNOWN = 8;

/**
 * Waiting requests a replica above which one more is asked for: as many as a replica takes on, at the low end of its
 * band, before the last of them has waited as long as a first token may take.
 */
export function waitingPerReplica(
  { targetWaitingRequests }: Pick<ModelSpec, "targetWaitingRequests">,
  point: ServingPoint,
  maxTtftMs: number | undefined,
): { value: number; why: string } {
  if (targetWaitingRequests !== undefined)
    return { value: targetWaitingRequests, why: "named in the stack file" };
  const speed = point.fit.throughput;
  if (speed === null || point.concurrency === null)
    return { value: WAITING_UNKNOWN, why: `assumed: ${point.why}` };
  const limit = maxTtftMs ?? FIRST_TOKEN_MS;
  const { low } = speed.requestsPerSecond;
  const own = speed.timeToFirstTokenMs.expected;
  const left = Math.max(0, limit - own) / 1000;
  const named = maxTtftMs === undefined ? "the alert's" : "the load's";
  return {
    value: Math.max(1, Math.floor(low * left)),
    why: `at least ${low.toFixed(2)} requests a second are answered; of ${named} ${limit} ms to the first token the prompt takes ${Math.round(own)}, which leaves the queue ${left.toFixed(1)} s`,
  };
}

/** The plan of a model whose reason for its replicas says what the busy hour asks for. */
export function withBusyHour(plan: ModelPlan): ModelPlan {
  const busy = busyReplicas(plan.load, plan.outputTokensPerSecond);
  const given = plan.decisions["replicas"];
  if (busy === null || given === undefined) return plan;
  const { expected, low } = plan.outputTokensPerSecond!;
  const { requestsPerHour, outputTokens } = plan.load!;
  const needs = `${requestsPerHour} requests an hour of ${outputTokens} tokens need ${busy.expected} at ${expected.toFixed(0)} tokens/s a replica`;
  const why = `${given.why}; in the busy hour ${needs}, ${busy.atLowEnd} at the low end, ${low.toFixed(0)}`;
  return { ...plan, decisions: { ...plan.decisions, replicas: { ...given, why } } };
}

/** Replicas that the busy hour asks for, expected and if replicas do no more than the low end; null = not known. */
export function busyReplicas(
  load: { requestsPerHour: number; outputTokens: number } | null,
  outputTokensPerSecond: Estimate | null,
): { expected: number; atLowEnd: number } | null {
  if (load === null || outputTokensPerSecond === null) return null;
  const needed = (rate: number) =>
    Math.ceil((load.requestsPerHour * load.outputTokens) / (rate * 3600) - 1e-9);
  return { expected: needed(outputTokensPerSecond.expected), atLowEnd: needed(outputTokensPerSecond.low) };
}
