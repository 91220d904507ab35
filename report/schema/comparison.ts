import { z } from "zod";
import type { ComparisonDocument } from "../../cost/index.ts";
import {
  count,
  date,
  exactly,
  names,
  reasonWhenNull,
  stamp,
  text,
  unitPrice,
  usd,
  usdRange,
} from "./common.ts";
import { allowed } from "./offers.ts";

const share = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .meta({ id: "share", description: "A share from 0 to 1, a decimal number as it was given." });

const part = usd.nullable().describe("0 where the option has no such part; null where it is not known.");

const equal = z
  .strictObject({ against: text, value: z.number() })
  .nullable()
  .describe("Where the two cost the same.");

const option = z
  .strictObject({
    kind: z.enum(["api", "self-host", "owned", "hybrid"]),
    name: text,
    weights: text.nullable().describe("Open weights by their Hugging Face name; null: none are known."),
    monthlyUsd: z.strictObject({
      input: part,
      cachedInput: part,
      output: part,
      fees: part,
      compute: part,
      people: part,
      total: part,
    }),
    atLeastUsd: usd.describe("Sum of what is known."),
    rangeUsd: usdRange.nullable().describe("The total over the band of the throughput."),
    reason: text.nullable().describe("Why the total is not known; null where it is."),
    perMillionTokensUsd: unitPrice.nullable(),
    breakEvenRequestsPerMonth: equal,
    breakEvenReason: text.nullable(),
    breakEvenTokensPerSecond: equal.describe(
      "Sustained over 730 h, one node alone against the blended list price; null: not a rented node, or no API is comparable.",
    ),
    pricePerIntelligencePoint: unitPrice
      .nullable()
      .describe(
        "APIs: list price, 3 input to 1 output, over the index; else the million tokens of this load.",
      ),
    intelligence: z
      .strictObject({ model: text, index: count, asOf: date })
      .nullable()
      .describe("Row of the published table."),
    intelligenceReason: text.nullable(),
    comparable: z
      .union([z.boolean(), z.literal("unknown")])
      .describe("The same weights, a named API, or an index that reaches the floor."),
    allowed,
    why: text,
    integration: z
      .strictObject({
        minDays: count,
        maxDays: count,
        onceUsd: z.strictObject({ min: usd, max: usd }),
      })
      .describe("Working days until it runs; paid once, not in the month."),
    machines: z
      .strictObject({
        what: text,
        region: text.nullable().describe("null: at home."),
        count,
        utilizationPct: z.number(),
        idleUsd: usd.describe("Paid for while nothing is asked."),
      })
      .nullable()
      .describe("null: an API."),
    source: text,
    asOf: date.nullable().describe("null: the figures are the caller's own."),
  })
  .meta({
    id: "comparisonOption",
    ...reasonWhenNull({
      rangeUsd: "reason",
      perMillionTokensUsd: "reason",
      breakEvenRequestsPerMonth: "breakEvenReason",
      intelligence: "intelligenceReason",
    }),
  });

/** contract: freehold.comparison/v1 */
export const comparison = exactly<ComparisonDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.comparison/v1"),
      ...stamp,
      demand: z.strictObject({
        requestsPerMonth: count,
        inputTokens: count,
        outputTokens: count,
        cachedShare: share,
        batchShare: share,
        regulatedShare: share,
        peakToMean: z.number().min(1),
        context: count,
      }),
      model: text.describe("Open weights that are self-hosted."),
      apis: names.describe("Hosted APIs that were named; empty: all."),
      engineers: unitPrice.describe("Beside those that there are, for self-hosting; a decimal number."),
      options: z.array(option).describe("What can be the answer first, then by cost."),
      recommendation: z.strictObject({
        option: text.nullable().describe("null: see because."),
        because: names,
        flipsIf: z.array(
          z.strictObject({
            variable: text,
            value: z.union([z.number(), text]).nullable().describe("null: no value changes the answer."),
            to: text.nullable().describe("null: no other option is known."),
            why: text,
          }),
        ),
      }),
      leftOut: z.array(z.strictObject({ name: text, because: text })),
      assumptions: z.array(
        z.strictObject({
          what: text,
          value: text,
          source: text,
          asOf: date.nullable().describe("null: not a fact of a day."),
        }),
      ),
    })
    .meta({ id: "comparison", title: "Hosted, rented, owned or shared: a month of the same requests" }),
);
