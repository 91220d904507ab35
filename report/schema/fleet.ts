import { z } from "zod";
import { count, estimate, text, unitPrice } from "./common.ts";

const whole = z.int().min(1);

export const usersAtLoad = z
  .strictObject({
    inputTokens: z.number(),
    outputTokens: z.number(),
    requestsAtOnce: estimate,
    limitedBy: z.enum(["cache", "max-num-seqs"]),
    maxNumSeqs: whole,
  })
  .describe("Requests of the load's lengths that run at once; the rest waits.");

const option = z.strictObject({
  tensorParallel: whole,
  dataParallel: whole,
  expertParallel: z.boolean(),
  verdict: z.enum(["fits", "tight"]),
  replicas: whole.nullable(),
  replicasAtLowEnd: whole.nullable().describe("If each replica does no more than the low end of its band."),
  gpus: whole.nullable(),
  nodes: whole.nullable(),
  concurrency: whole.nullable().describe("Requests at once on one replica up to which the latencies hold."),
  limitedBy: z.enum(["cache", "max-num-seqs", "ttft", "itl"]),
  outputTokensPerSecond: estimate.nullable().describe("Most that all replicas together produce."),
  requestsAtOnce: count.nullable(),
  timeToFirstTokenMs: estimate.nullable().describe("Under the target load."),
  interTokenLatencyMs: estimate.nullable(),
  usdPerHour: unitPrice.nullable(),
  perMillionTokensUsd: unitPrice.nullable().describe("Input and output together, at the target load."),
  reason: text.nullable().describe("Why it carries no load."),
});

export const fleet = z
  .strictObject({
    requestsPerSecond: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    maxTtftMs: z.number().nullable(),
    maxItlMs: z.number().nullable(),
    options: z.array(option),
    chosen: count.nullable().describe("Position in options; null: none carries the load."),
    because: text,
    atLowEnd: text.nullable(),
  })
  .describe("Ways to carry a target load on machines of this type, and the cheapest.");
