import { z } from "zod";
import type { PolicyParams } from "../../policies/types.ts";
import { date, names, text } from "./common.ts";

const days = z.int().min(0);

/** Parameters of the rules; a key that the rules do not know is a mistake. */
const parameters: { [K in keyof PolicyParams]-?: z.ZodType } = {
  allowedRegions: names,
  providerRegion: text,
  partition: text,
  allowedRegistries: names,
  allowedUpstreamRegistries: names,
  allowGlobalServices: names,
  allowedLlmHosts: names,
  allowedEgressHosts: names,
  multimodal: z.boolean(),
  maxRetentionDays: days,
  maxPersonalLogDays: days,
  minLogDays: days,
  auditLogDays: days,
  tlsPolicies: names,
  date,
};

const reference = z.union([text, names]).describe("Resources by name, or by type::name.");

/** contract: freehold.resources/v1, a plain list of resources that `check --graph` and `cost --graph` read. */
export const resources = z
  .strictObject({
    $schema: text.optional(),
    schema: z.literal("freehold.resources/v1"),
    config: z.strictObject(parameters).partial().optional().describe("Parameters of the policy rules."),
    resources: z.array(
      z.strictObject({
        type: z.string().min(1).describe("Pulumi type token, e.g. aws:s3/bucket:Bucket."),
        name: z.string().min(1),
        props: z
          .record(text, z.unknown())
          .describe(
            'Inputs as the engine hands them to an analyzer. Unknown: the engine\'s sentinel or {"$unknown": true}.',
          ),
        refs: z
          .record(text, reference)
          .optional()
          .describe("Property path -> the resources that the value was computed from."),
        provider: text.nullable().optional(),
        parent: text.nullable().optional(),
      }),
    ),
  })
  .meta({ id: "resources", title: "A plain list of resources to judge or to price" });
