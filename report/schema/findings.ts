import { z } from "zod";
import type { FindingsDocument } from "../../policies/types.ts";
import { count, date, exactly, names, stamp, text, when } from "./common.ts";

const position = z.int().min(1).nullable().describe("1-based; null where the problem has no place.");

const control = z
  .strictObject({
    id: text.describe("Control of the catalogue, e.g. S3-03."),
    level: z.enum(["mandatory", "advisory"]),
    verdict: z.enum(["fail", "unknown", "waived", "pass", "not-applicable"]),
    violations: z.array(
      z.strictObject({
        resource: text.describe("URN, or the name where the file has none."),
        type: text,
        message: text,
        path: text.describe("Property under the inputs; empty for the resource itself."),
        value: z.unknown().describe("The value found; null where there is none, [secret] where it is one."),
        fix: text,
        references: names.describe("Articles, e.g. GDPR 32(1)(a)."),
      }),
    ),
    unknowns: z.array(z.strictObject({ resource: text, type: text, path: text, why: text })),
    waived: z.array(
      z.strictObject({
        resource: text,
        owner: text,
        reason: text,
        ticket: text,
        expires: date,
        approver: text,
        alternativeMeasure: text.nullable().describe("null: the waiver states none."),
      }),
    ),
  })
  .meta({
    id: "control",
    allOf: [
      when({ verdict: { const: "fail" } }, { violations: { minItems: 1 } }),
      when({ verdict: { const: "unknown" } }, { unknowns: { minItems: 1 }, violations: { maxItems: 0 } }),
      when({ verdict: { const: "waived" } }, { waived: { minItems: 1 } }),
      when(
        { verdict: { enum: ["pass", "not-applicable"] } },
        { violations: { maxItems: 0 }, unknowns: { maxItems: 0 } },
      ),
    ],
  });

/** contract: freehold.findings/v1 */
export const findings = exactly<FindingsDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.findings/v1"),
      ...stamp,
      profiles: names,
      results: z.array(
        z.union([
          z.strictObject({
            graph: text.describe("The file, or stack:<name>."),
            controls: z.array(control).describe("Every selected control once, in catalogue order."),
          }),
          z.strictObject({
            graph: text,
            error: z.strictObject({ code: text, message: text, line: position, col: position }),
          }),
        ]),
      ),
      summary: z
        .strictObject({ fail: count, unknown: count, waived: count, pass: count, notApplicable: count })
        .describe("Verdicts over controls × graphs."),
    })
    .meta({ id: "findings", title: "What the policy rules found" }),
);
