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
  return larger(needed, 1n);
}

/** Micro-dollars of a month with so many requests: every hour of every machine is paid. */
export function costAt(step: StepCost, requests: bigint): bigint {
  return step.fixed + unitsFor(step, requests) * step.unit;
}

/**
 * The fewest requests of a month, from `from` on, at which whole machines cost no more than a price by the request.
 *
 * With n machines the cost is `fixed + n·unit`, and the price reaches it at N = (fixed + n·unit) / price, which n
 * machines can answer if N ≤ n·requestsPerUnit. That holds from n = fixed / (price·requestsPerUnit − unit) on; the
 * first such n gives the lowest N. Just above n·requestsPerUnit one more machine may make it dearer again.
 *
 * @param perRequest micro-dollars of one request
 * @returns null where a machine at full load costs as much a request as the price, or more
 */
export function breakEven(step: StepCost, perRequest: Decimal, from = 1n): bigint | null {
  const least = leastUnits(step, perRequest);
  if (least === null) return null;
  return larger(from, reached(step, perRequest, larger(unitsFor(step, from), least)));
}

/**
 * Where the stretch around `at` begins in which the machines cost no more than the price.
 *
 * @returns null where they cost more at `at` itself
 */
export function notDearerSince(step: StepCost, perRequest: Decimal, at: bigint): bigint | null {
  const least = leastUnits(step, perRequest);
  if (least === null || breakEven(step, perRequest, at) !== at) return null;
  const { fixed, unit, requestsPerUnit } = step;
  const one = 10n ** BigInt(perRequest.scale);
  // From this number of machines on, one more is already paid for by the first request that it takes.
  const gain = perRequest.units * requestsPerUnit - unit * one;
  const smooth = gain === 0n ? null : ceil(fixed * one + perRequest.units * (requestsPerUnit - 1n), gain);
  let count = unitsFor(step, at);
  if (smooth !== null && count > smooth) count = larger(smooth, least);
  while (count > least && reached(step, perRequest, count) <= (count - 1n) * requestsPerUnit + 1n)
    count -= 1n;
  return larger(reached(step, perRequest, count), (count - 1n) * requestsPerUnit + 1n);
}

/** Fewest machines that a price by the request can pay for at full load; null = none. */
function leastUnits({ fixed, unit, requestsPerUnit }: StepCost, perRequest: Decimal): bigint | null {
  const one = 10n ** BigInt(perRequest.scale);
  const gain = perRequest.units * requestsPerUnit - unit * one;
  if (gain < 0n || (gain === 0n && fixed > 0n) || perRequest.units === 0n) return null;
  const least = gain === 0n ? 1n : ceil(fixed * one, gain);
  return larger(least, 1n);
}

/** Requests at which the price reaches the cost of so many machines. */
function reached({ fixed, unit }: StepCost, { units, scale }: Decimal, count: bigint): bigint {
  return ceil((fixed + count * unit) * 10n ** BigInt(scale), units);
}

function ceil(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
