import { z } from "zod";
import { loadSchema, modelSchema, scheduleSchema } from "./schema-models.ts";
import { distinct, TWICE } from "./schema-parts.ts";
import {
  awsSchema,
  budgetSchema,
  clusterSchema,
  encryptionSchema,
  hardwareSchema,
  monitoringSchema,
  networkSchema,
  policySchema,
  pricingSchema,
  residencySchema,
  retentionSchema,
  weightsSchema,
} from "./schema-platform.ts";

/**
 * The stack file, as the user writes it under `freehold:`. One schema serves the embedded preview, the real
 * engine, the JSON Schema for editors and docs/stack.md. Every object is strict: an unknown key is an error.
 */
export const stackSchema = z
  .strictObject({
    profiles: z
      .array(z.enum(["gdpr", "hipaa"]))
      .refine(distinct, TWICE)
      .default([])
      .describe("Policy profiles that `freehold preview` and the policy pack hold the stack to."),
    layers: z
      .array(z.enum(["infrastructure", "kubernetes"]))
      .min(1)
      .refine(distinct, TWICE)
      .default(["infrastructure", "kubernetes"])
      .describe(
        "Which layers the program builds. `cluster.access.via: staged` starts with [infrastructure], then adds kubernetes from a runner inside the VPC.",
      ),
    aws: awsSchema.optional(),
    residency: residencySchema.default({ allowedRegions: [], allowGlobalServices: [] }),
    network: networkSchema.prefault({}),
    cluster: clusterSchema,
    encryption: encryptionSchema.prefault({}),
    engine: z
      .strictObject({
        version: z
          .string()
          .regex(/^\d+\.\d+\.\d+$/, "a vLLM version such as 0.30.0")
          .optional()
          .describe("vLLM version of the catalogue. Default: the newest one whose image digest is known."),
        image: z
          .string()
          .optional()
          .describe(
            "Image with digest, from your own registry (repository:tag@sha256:…). Default: the catalogue's image of `engine.version`.",
          ),
      })
      .prefault({})
      .describe("The inference engine."),
    weights: weightsSchema.prefault({}),
    models: z.array(modelSchema).min(1).max(32).describe("The models to serve, one engine deployment each."),
    schedule: scheduleSchema.optional(),
    load: loadSchema.optional(),
    monitoring: monitoringSchema.prefault({}),
    retention: retentionSchema.prefault({}),
    budget: budgetSchema.optional(),
    hardware: hardwareSchema.optional(),
    pricing: pricingSchema.optional(),
    policy: policySchema.prefault({}),
    tags: z
      .record(
        z
          .string()
          .regex(/^[\w.:/=+\-@ ]{1,128}$/, "1 to 128 letters, digits, spaces or any of _ . : / = + - @"),
        z.string().max(256),
      )
      .default({})
      .describe(
        "Tags on every AWS resource, beside the ones Freehold sets (freehold:stack, freehold:component).",
      ),
  })
  .describe("A Freehold stack: one priced, policy-checked LLM service.");

export type StackSpec = z.output<typeof stackSchema>;
export type StackInput = z.input<typeof stackSchema>;
export type ModelSpec = StackSpec["models"][number];
