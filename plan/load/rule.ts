/**
 * How fast the scaler and the nodes behind it move. The ScaledObject and the NodePool are written from these, and
 * the simulation of the load reads the same.
 */
export const SCALER = {
  /** KEDA asks Prometheus this often, seconds. */
  pollingSeconds: 15,
  /** KEDA goes from the last replicas to none after this long without a trigger. */
  cooldownSeconds: 300,
  /** The horizontal pod autoscaler adds at most so many pods in a period, after a first look of this length. */
  up: { stabilizationSeconds: 30, pods: 2, periodSeconds: 60 },
  down: { stabilizationSeconds: 300, pods: 1, periodSeconds: 120 },
} as const;

/** Karpenter removes a node that has been empty for this long, minutes. */
export const CONSOLIDATE_AFTER_MINUTES = 10;

/**
 * From a pod that finds no node to a node that runs its container, seconds: 2 to 5 minutes until EC2 has started
 * the node and it is ready, and about 5 to pull the engine's image, as users report (vllm-project/vllm#41893).
 */
export const NODE_START_SECONDS = 510;

/** What decides about the number of replicas. */
export interface ScalerRule {
  replicas: { min: number; max: number };
  /** Replicas that the schedule's trigger asks for while it is open. */
  openReplicas: number;
  /** Waiting requests a replica above which one more is asked for. */
  waitingPerReplica: number;
}

const HOUR = 3600;

/**
 * Replicas at which the scaler comes to rest under a steady rate: the fewest that answer as much as arrives, since
 * with fewer the queue grows past every threshold, within the bounds.
 *
 * @param rate requests an hour
 * @param perReplica requests that a replica answers in an hour; null = not known, which keeps the lower bound
 */
export function restReplicas(rate: number, perReplica: number | null, rule: ScalerRule): number {
  const needed = perReplica === null ? 0 : Math.ceil(rate / perReplica - 1e-9);
  return Math.min(rule.replicas.max, Math.max(rule.openReplicas, needed));
}

/**
 * Hours after which each further replica is asked for when the rate has gone up: the queue has to grow past the
 * threshold of the replicas there are, which KEDA sees at its next question, and the autoscaler adds few at a time.
 *
 * @param from replicas that are there
 * @param to replicas at which the scaler comes to rest
 */
export function upDelays(
  from: number,
  to: number,
  rate: number,
  perReplica: number | null,
  rule: ScalerRule,
): number[] {
  const { up, pollingSeconds } = SCALER;
  return Array.from({ length: Math.max(0, to - from) }, (_, j) => {
    const there = from + j;
    const ramp = Math.floor(j / up.pods) * up.periodSeconds;
    // What the schedule opens with waits for no queue.
    if (there < rule.openReplicas) return (pollingSeconds + ramp) / HOUR;
    const excess = perReplica === null ? 0 : rate - there * perReplica;
    const queue = excess > 0 ? (rule.waitingPerReplica * there) / excess : 0;
    return queue + (pollingSeconds + up.stabilizationSeconds + ramp) / HOUR;
  });
}

/** Hours after which each replica too many goes, the last one first. */
export function downDelays(from: number, to: number): number[] {
  const { down, cooldownSeconds } = SCALER;
  return Array.from({ length: Math.max(0, from - to) }, (_, j) =>
    to === 0
      ? cooldownSeconds / HOUR
      : (down.stabilizationSeconds + Math.floor(j / down.pods) * down.periodSeconds) / HOUR,
  );
}
