import type { Quantity3 } from "./types.ts";

/**
 * What a resource uses in a month where neither the program nor the plan says it. These are assumptions, not
 * facts: each line that rests on one says so and gives it. Price lists charge by use here, so leaving the line
 * out would call it zero.
 */
export const USAGE = {
  "nat.gb": { min: 0, expected: 10, max: 100, why: "image pulls and API calls" },
  "nat.egress.gb": {
    min: 0,
    expected: 1,
    max: 10,
    why: "requests to the internet are small beside their answers",
  },
  "balancer.egress.gb": { min: 0, expected: 10, max: 100, why: "answers to callers outside the region" },
  "balancer.unit-hours": {
    min: 0,
    expected: 73,
    max: 730,
    why: "a tenth of one capacity unit in use; at most one",
  },
  "endpoint.gb": { min: 0, expected: 10, max: 100, why: "control traffic of the nodes" },
  "logs.ingest.gb": { min: 1, expected: 10, max: 50, why: "a cluster of a few nodes" },
  "kms.request.10k": { min: 0, expected: 1, max: 10, why: "bucket keys and volume grants call rarely" },
  "secretsmanager.request.10k": { min: 0, expected: 1, max: 10, why: "read when pods start" },
  "s3.gb": { min: 0, expected: 100, max: 1000, why: "its content is not part of the program" },
  "s3.put.1k": { min: 0, expected: 1, max: 10, why: "its use is not part of the program" },
  "s3.get.1k": { min: 0, expected: 10, max: 100, why: "its use is not part of the program" },
  "ecr.gb": { min: 0, expected: 50, max: 200, why: "a few engine images" },
  "sqs.request.1m": { min: 0, expected: 1, max: 1, why: "polling and a few events" },
} as const satisfies Record<string, Quantity3 & { why: string }>;

export type UsageKey = keyof typeof USAGE;

/** Months that a log group keeps its lines where it never deletes them: ten years. */
export const LOGS_KEPT_FOREVER_MONTHS = 120;
/** Parts in which weights are written and read, MiB: the part size of the AWS tools. */
export const WEIGHTS_PART_MIB = 8;
/** Starts of a replica in a month, at most: one a day. */
export const STARTS_PER_MONTH_MAX = 30;

/** The words that mark a line which rests on an assumption. */
export function assumed(key: UsageKey): string {
  const { min, expected, max, why } = USAGE[key];
  return `assumed ${min} to ${max}, expected ${expected}: ${why}`;
}
