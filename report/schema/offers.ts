import { z } from "zod";
import type { OffersDocument } from "../../cost/index.ts";
import { count, date, exactly, names, reasonWhenNull, stamp, text, unitPrice, usdRange } from "./common.ts";

export const allowed = z
  .union([z.boolean(), z.literal("unknown")])
  .meta({ id: "allowed", description: "By --regions and --profile; unknown is not allowed." });

const offer = z
  .strictObject({
    rank: z.int().min(1).describe("By the month: allowed ones first, cheapest first."),
    rankPerMillionTokens: z.int().min(1).describe("In the same order by the million tokens."),
    pareto: z.boolean().describe("Nothing that may be allowed is better in cost, latency or permanence."),
    instance: text,
    gpu: text,
    gpusPerNode: count,
    region: text,
    capacity: z.enum(["on-demand", "spot"]),
    interruptionBand: text.nullable().describe("Share of spot instances reclaimed in a month."),
    interruptionReason: text.nullable(),
    replicas: count.describe("For the expected throughput."),
    nodes: count,
    tensorParallel: count,
    fit: z.enum(["fits", "tight"]),
    usdPerHour: unitPrice,
    worstUsdPerHour: unitPrice.describe("On spot the On-Demand price, where it is known."),
    monthlyUsd: usdRange.describe("The nodes alone, every hour of 730."),
    perMillionTokensUsd: unitPrice,
    allowed,
    why: text,
    concurrencyPerReplica: count,
    requestsPerSecondPerReplica: z.number(),
    requestsPerSecondBand: z.strictObject({ low: z.number(), high: z.number() }),
    timeToFirstTokenMs: z.number(),
    interTokenLatencyMs: z.number(),
    utilizationPct: z.number(),
    basis: z.enum(["measured", "interpolated", "roofline"]),
    source: text,
    asOf: date,
  })
  .meta({ id: "offer", ...reasonWhenNull({ interruptionBand: "interruptionReason" }) });

/** contract: freehold.offers/v1 */
export const offers = exactly<OffersDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.offers/v1"),
      ...stamp,
      model: text,
      quantization: text,
      workload: z.strictObject({
        context: count,
        inputTokens: count,
        outputTokens: count,
        requestsPerMonth: count.nullable().describe("null: concurrency is given instead."),
        concurrency: count.nullable().describe("null: requestsPerMonth is given instead."),
        peakToMean: z.number().min(1),
        maxTtftMs: z.number().nullable().describe("null: no target."),
        maxItlMs: z.number().nullable().describe("null: no target."),
      }),
      regions: names.nullable().describe("null: none were named."),
      profiles: names,
      offers: z.array(offer),
      chosen: z.int().min(1).nullable().describe("Rank; null: see chosenReason."),
      chosenReason: text,
      passedOver: z
        .array(z.strictObject({ rank: z.int().min(1), because: names }))
        .describe("The cheapest of each kind that cost less than the chosen."),
      rejected: z
        .array(z.strictObject({ gpu: text, tensorParallel: count, because: text }))
        .describe("Cards that do not serve the load, wherever they are."),
      notes: names,
    })
    .meta({
      id: "offers",
      title: "Where a model can be rented for a load",
      ...reasonWhenNull({ chosen: "chosenReason" }),
    }),
);
