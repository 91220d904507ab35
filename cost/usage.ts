import type { Resource } from "../graph/index.ts";
import type { Quantity3 } from "./types.ts";
import { USAGE, type UsageKey } from "./usage-defaults.ts";

/** What a resource uses of something in a month, and where that comes from. */
export interface Usage extends Quantity3 {
  why: string;
  /** Whether somebody stated it; else it is an assumption of usage-defaults.ts. */
  given: boolean;
}

/** Usage that somebody stated for a resource; undefined where the assumption holds. */
export type UsageBook = (resource: Resource, key: UsageKey) => Usage | undefined;

/** The stated usage, else the assumption. */
export function usageOf(book: UsageBook | null, resource: Resource, key: UsageKey): Usage {
  const stated = book?.(resource, key);
  if (stated) return stated;
  const [min, expected, max, why] = USAGE[key];
  return { min, expected, max, why, given: false };
}

/** The words that mark a line which rests on a usage that the program does not say. */
export function usageReason({ min, expected, max, why, given }: Usage): string {
  return given
    ? `${why}: ${min} to ${max}, expected ${expected}`
    : `assumed ${min} to ${max}, expected ${expected}: ${why}`;
}

/** Months that a log group keeps its lines where it never deletes them: ten years. */
export const LOGS_KEPT_FOREVER_MONTHS = 120;
/** Parts in which weights are written and read, MiB: the part size of the AWS tools. */
export const WEIGHTS_PART_MIB = 8;
/** Starts of a replica in a month, at most: one a day. */
export const STARTS_PER_MONTH_MAX = 30;
