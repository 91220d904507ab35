import { z } from "zod";
import type { PreviewDocument } from "../preview.ts";
import { bill } from "./bill.ts";
import { count, date, exactly, reasonWhenNull, stamp, text, when } from "./common.ts";
import { findings } from "./findings.ts";
import { plan } from "./plan.ts";

/** The parts that exist only for what fits. */
const each = <T>(value: T) => ({ bill: value, findings: value, resources: value });

/** contract: freehold.preview/v1 */
export const preview = exactly<PreviewDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.preview/v1"),
      ...stamp,
      stack: text,
      date: date.describe("Day the stack was judged at."),
      verdict: z
        .enum(["ok", "does-not-fit", "policy", "over-budget"])
        .describe("The first that applies: does not fit, a mandatory control failed, over budget."),
      reason: text.nullable().describe("Why bill, findings and resources are null; null when they are not."),
      plan,
      bill: bill.nullable(),
      findings: findings.nullable(),
      resources: z
        .strictObject({ total: count, byType: z.record(text, count) })
        .nullable()
        .describe("Resources by type token; total is their sum."),
    })
    .meta({
      id: "preview",
      title: "A stack, judged before anything exists",
      ...reasonWhenNull(each("reason")),
      ...when({ verdict: { const: "does-not-fit" } }, each({ type: "null" }), each({ type: "object" })),
    }),
);
