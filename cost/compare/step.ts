import type { Decimal } from "../money.ts";

/** What something costs that is bought in whole machines. */
export interface StepCost {
  /** Micro-dollars of a month before the first machine: platform, people. */
  fixed: bigint;
  /** Micro-dollars of a month of one machine, in use or not. */
  unit: bigint;
  /** Requests of a month that one machine can answer; at least 1. */
  requestsPerUnit: bigint;
}

/** Machines for so many requests; one is there even without any. */
export function unitsFor({ requestsPerUnit }: StepCost, requests: bigint): bigint {
  const needed = (requests + requestsPerUnit - 1n) / requestsPerUnit;
  return needed < 1n ? 1n : needed;
}

/** Micro-dollars of a month with so many requests: every hour of every machine is paid. */
export function costAt(step: StepCost, requests: bigint): bigint {
  return step.fixed + unitsFor(step, requests) * step.unit;
}

/**
 * The fewest requests of a month at which whole machines cost no more than a price by the request.
 *
 * With n machines the cost is `fixed + n·unit`, and the price reaches it at N = (fixed + n·unit) / price, which n
 * machines can answer if N ≤ n·requestsPerUnit. That holds from n = fixed / (price·requestsPerUnit − unit) on; the
 * first such n gives the lowest N. Just above n·requestsPerUnit one more machine may make it dearer again.
 *
 * @param perRequest micro-dollars of one request
 * @returns null where a machine at full load costs as much a request as the price, or more
 */
export function breakEven({ fixed, unit, requestsPerUnit }: StepCost, perRequest: Decimal): bigint | null {
  const one = 10n ** BigInt(perRequest.scale);
  const gain = perRequest.units * requestsPerUnit - unit * one;
  if (gain < 0n || (gain === 0n && fixed > 0n) || perRequest.units === 0n) return null;
  const least = gain === 0n ? 1n : ceil(fixed * one, gain);
  const count = least < 1n ? 1n : least;
  return ceil((fixed + count * unit) * one, perRequest.units);
}

function ceil(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
