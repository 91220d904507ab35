import { z } from "zod";
import type { PriceDocument } from "../../catalog/index.ts";
import { date, exactly, names, reasonWhenNull, stamp, text, unitPrice } from "./common.ts";

/** contract: freehold.price/v1 */
export const price = exactly<PriceDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.price/v1"),
      ...stamp,
      instance: text,
      region: text,
      onDemandUsdPerHour: unitPrice.nullable(),
      source: text.nullable(),
      asOf: date.nullable(),
      reason: z
        .enum(["not-offered", "capacity-block-only", "no-data"])
        .nullable()
        .describe("Why there is no price; null where there is one."),
      regionsWithPrice: names,
    })
    .meta({
      id: "price",
      title: "What an instance costs an hour",
      ...reasonWhenNull({ onDemandUsdPerHour: "reason", source: "reason", asOf: "reason" }),
    }),
);

/** contract: freehold.refresh/v1 */
export const refresh = z
  .strictObject({
    schema: z.literal("freehold.refresh/v1"),
    ...stamp,
    table: text.describe("Table that was written."),
    asOf: date.describe("Day on which the price list was published."),
    regions: names,
    instances: z.int().min(1),
    reserved: z.int().min(0).describe("Reserved terms of these instances."),
  })
  .meta({ id: "refresh", title: "What was taken from a price list of AWS" });

/** contract: freehold.explain/v1 */
export const explain = z
  .strictObject({
    schema: z.literal("freehold.explain/v1"),
    ...stamp,
    id: text,
    title: text,
    description: text.describe("What passes."),
    fix: text.describe("The change that meets it."),
    mappings: z.array(
      z.strictObject({
        framework: text,
        title: text,
        level: z.enum(["mandatory", "advisory"]),
        references: names,
        onUnknown: z.enum(["error", "warn"]),
        why: text,
        source: text,
      }),
    ),
  })
  .meta({ id: "explain", title: "What a control asks for, and by which article" });
export type ExplainDocument = z.infer<typeof explain>;

/** contract: freehold.images/v1 */
export const images = z
  .strictObject({
    schema: z.literal("freehold.images/v1"),
    ...stamp,
    stack: text,
    engines: z.array(
      z
        .strictObject({ image: text, digest: text.nullable(), reason: text.nullable(), usedBy: names })
        .meta(reasonWhenNull({ digest: "reason" })),
    ),
    charts: z.array(
      z
        .strictObject({
          chart: text,
          repository: text,
          version: text,
          images: names.nullable(),
          reason: text.nullable(),
        })
        .meta(reasonWhenNull({ images: "reason" })),
    ),
  })
  .meta({ id: "images", title: "Every image and chart of a stack" });
export type ImagesDocument = z.infer<typeof images>;

/** contract: freehold.doctor/v1 */
export const doctor = z
  .strictObject({
    schema: z.literal("freehold.doctor/v1"),
    ...stamp,
    stack: text.nullable().describe("null: none was named."),
    checks: z.array(
      z.strictObject({
        name: text,
        status: z.enum(["ok", "warn", "fail", "skipped"]),
        detail: text,
        fix: text.nullable().describe("null: there is nothing to do."),
      }),
    ),
  })
  .meta({ id: "doctor", title: "What `pulumi up` will need on this machine" });
export type DoctorDocument = z.infer<typeof doctor>;

const place = z.int().min(1).nullable();

/** contract: freehold.error/v1, printed with exit codes 1 and 2 */
export const error = z
  .strictObject({
    schema: z.literal("freehold.error/v1"),
    freeholdVersion: stamp.freeholdVersion,
    catalogAsOf: date.nullable().describe("null: the catalogue itself cannot be read."),
    errors: z
      .array(
        z.strictObject({
          code: text.describe("Stable kind of the problem, e.g. unknown-key."),
          message: z.string().min(1),
          file: text.nullable(),
          line: place,
          col: place,
          path: text.nullable().describe("Property inside the file, or the flag."),
          value: z.unknown().describe("The value given; null where there is none, [secret] where it is one."),
          allowed: names.nullable(),
          fix: text.nullable().describe("The smallest change that helps."),
        }),
      )
      .min(1),
  })
  .meta({ id: "error", title: "What ended a command" });
export type ErrorDocument = z.infer<typeof error>;
