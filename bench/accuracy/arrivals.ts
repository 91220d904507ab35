import type { Arrivals } from "./throughput-rows.ts";

/** Fraction of the golden ratio: its multiples fill the unit interval evenly, whatever their number. */
const GOLDEN = 0.6180339887498949;

/**
 * Lengths of answers with that mean: all equal, or spread as an exponential distribution, whose longest answers make
 * the end of a run slow, as those of recorded conversations do. Evenly spread quantiles in mixed order, no chance.
 */
export function answerLengths(requests: number, mean: number, isSpread: boolean): number[] {
  return Array.from({ length: requests }, (_, i) =>
    isSpread ? -mean * Math.log(1 - (((i + 0.5) * GOLDEN) % 1)) : mean,
  );
}

/**
 * Output tokens per second of a whole run in which requests arrive at an even pace, from the rate at each number of
 * running requests. Between two events (an arrival, an answer done) all running requests advance alike.
 *
 * @param lengths tokens of each answer, in the order of arrival
 * @param rateAt tokens per second of all running requests together
 */
export function rateOfRun(
  { perSecond, requests }: Arrivals,
  lengths: readonly number[],
  rateAt: (running: number) => number,
): number {
  let left: number[] = [];
  let now = 0;
  let arrived = 0;
  let done = 0;
  while (done < requests) {
    const nextArrival = arrived < requests ? arrived / perSecond : Number.POSITIVE_INFINITY;
    const each = left.length === 0 ? 0 : rateAt(left.length) / left.length;
    const nextDone = each === 0 ? Number.POSITIVE_INFINITY : now + Math.min(...left) / each;
    const next = Math.min(nextArrival, nextDone);
    left = left.map((tokens) => tokens - each * (next - now)).filter((tokens) => tokens > 1e-9);
    now = next;
    done = arrived - left.length;
    if (now >= nextArrival) left.push(lengths[arrived++]!);
  }
  return lengths.reduce((sum, tokens) => sum + tokens, 0) / now;
}
