import type { Decimal } from "../money.ts";
import { breakEven, notDearerSince, type StepCost } from "./step.ts";

/** Something self-hosted, with its people. */
export interface OwnWay {
  name: string;
  step: StepCost;
}

/** The fewest requests, from `from` on, at which one of them is not dearer than a price by the request. */
export function firstOf(
  ways: readonly OwnWay[],
  perRequest: Decimal,
  from = 1n,
): { name: string; root: bigint } | null {
  let first: { name: string; root: bigint } | null = null;
  for (const { name, step } of ways) {
    const root = breakEven(step, perRequest, from);
    if (root !== null && (first === null || root < first.root)) first = { name, root };
  }
  return first;
}

/** Where the stretch around `at` begins in which always one of them is not dearer; null where none is at `at`. */
export function sinceWhen(ways: readonly OwnWay[], perRequest: Decimal, at: bigint): bigint | null {
  let since: bigint | null = null;
  for (let here = at; here >= 1n; here = since - 1n) {
    let lowest: bigint | null = null;
    for (const { step } of ways) {
      const start = notDearerSince(step, perRequest, here);
      if (start !== null && (lowest === null || start < lowest)) lowest = start;
    }
    if (lowest === null) return since;
    since = lowest;
  }
  return since;
}
