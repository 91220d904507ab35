import { z } from "zod";
import type { BillDiffDocument, BillDocument } from "../../cost/index.ts";
import {
  count,
  date,
  exactly,
  names,
  quantityRange,
  reasonWhenNull,
  signedUsdRange,
  stamp,
  text,
  unitPrice,
  usd,
  usdRange,
  when,
} from "./common.ts";

const kind = z.enum(["fixed", "usage", "unknown", "free"]);
const side = {
  quantity: quantityRange.nullable(),
  unit: text,
  unitPriceUsd: unitPrice.nullable(),
  monthlyUsd: usdRange
    .nullable()
    .describe("quantity × unitPriceUsd, rounded half to even at six places; null where kind is unknown."),
  kind,
  reason: text.nullable().describe("Why the line is free or unknown, or what a quantity rests on."),
};
const known = reasonWhenNull({ quantity: "reason", unitPriceUsd: "reason", monthlyUsd: "reason" });
const unknownHasNoAmount = when(
  { kind: { const: "unknown" } },
  { monthlyUsd: { type: "null" } },
  { monthlyUsd: { $ref: "#/definitions/usdRange" } },
);

const billLine = z
  .strictObject({
    resource: text.describe("URN, or plan:<what> for what only the plan knows."),
    type: text,
    what: text,
    ...side,
    source: text.nullable().describe("Where the unit price was read."),
    asOf: date.nullable().describe("Day of the unit price."),
  })
  .meta({ id: "billLine", allOf: [...known.allOf, unknownHasNoAmount] });

/** contract: freehold.bill/v1 */
export const bill = exactly<BillDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.bill/v1"),
      ...stamp,
      currency: z.literal("USD"),
      hoursPerMonth: z.literal(730),
      pricesAsOf: z
        .strictObject({ oldest: date.nullable(), newest: date.nullable(), reason: text.nullable() })
        .meta(reasonWhenNull({ oldest: "reason", newest: "reason" })),
      lines: z.array(billLine),
      totals: z
        .strictObject({
          monthlyUsd: usdRange,
          fixedUsd: usdRange,
          usageUsd: usdRange,
          perMillionTokensUsd: usdRange.nullable(),
          perMillionTokensReason: text.nullable(),
          resources: z
            .strictObject({ total: count, priced: count, partial: count, free: count, unknown: count })
            .describe("Resources by how much of them has a price; total is their sum."),
        })
        .meta(reasonWhenNull({ perMillionTokensUsd: "perMillionTokensReason" })),
      budget: z.strictObject({
        basis: z.enum(["expected", "max"]),
        monthlyUsd: usd.nullable().describe("null: the stack sets none."),
        perMillionTokensUsd: unitPrice.nullable().describe("null: the stack sets none."),
        growthPct: z.number().nullable().describe("null: the stack sets none."),
        status: z.enum(["under", "over", "none"]),
        reasons: names,
      }),
      warnings: names,
    })
    .meta({ id: "bill", title: "What a month costs" }),
);

const billDiffLine = z
  .strictObject({
    resource: text,
    type: text,
    what: text,
    change: z.enum(["new", "gone", "price", "quantity", "price+quantity", "same"]),
    old: z.strictObject(side).nullable().describe("null: the line is new."),
    new: z.strictObject(side).nullable().describe("null: the line is gone."),
    deltaUsd: signedUsdRange
      .nullable()
      .describe("null where a side has no amount; its reason is on that side."),
  })
  .meta({ id: "billDiffLine" });

/** contract: freehold.billdiff/v1 */
export const billdiff = exactly<BillDiffDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.billdiff/v1"),
      ...stamp,
      lines: z.array(billDiffLine),
      totals: z.strictObject({ old: usdRange, new: usdRange, delta: signedUsdRange }),
    })
    .meta({ id: "billdiff", title: "Two bills, line by line" }),
);
