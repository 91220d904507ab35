import { z } from "zod";
import type { FitDocument, FitsDocument } from "../../plan/fit/index.ts";
import { count, estimate, exactly, stamp, text, when } from "./common.ts";
import { fleet, usersAtLoad } from "./fleet.ts";

const whole = z.int().min(1);
const gib = z.number();

const anchor = z
  .strictObject({
    model: text,
    repo: text.nullable(),
    quantization: text,
    gpu: text,
    gpus: whole,
    tensorParallel: whole,
    engine: text,
    engineVersion: text.nullable(),
    inputTokens: count,
    outputTokens: count,
    concurrency: count,
    outputTokensPerSecond: z.number(),
    source: text,
  })
  .describe("The measured row that the estimate hangs on.");

/** contract: freehold.fit/v1 */
export const fit = exactly<FitDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.fit/v1"),
      ...stamp,
      model: text,
      quantization: text,
      gpu: text.nullable(),
      gpus: whole.nullable(),
      tensorParallel: whole.nullable(),
      engineVersion: text.nullable(),
      instance: text.nullable().describe("null: a card was named, not an instance type."),
      pipelineParallel: whole,
      verdict: z
        .enum(["fits", "tight", "no", "unknown"])
        .describe("fits: the low case holds one full-length request; tight: only the high case does."),
      reasons: z.array(
        z.strictObject({
          code: text,
          message: text,
          need: z.number().nullable(),
          have: z.number().nullable(),
          unit: text.nullable(),
        }),
      ),
      nearestThatFits: z
        .strictObject({
          change: text,
          instance: text.nullable(),
          gpu: text,
          gpus: whole,
          tensorParallel: whole,
          quantization: text,
          maxModelLen: whole,
          kvDtype: z.enum(["auto", "fp8"]),
        })
        .nullable(),
      perGpu: z
        .strictObject({
          totalGiB: gib.nullable(),
          requestedGiB: gib.nullable(),
          weightsGiB: estimate.nullable(),
          activationGiB: estimate.nullable(),
          nonTorchGiB: estimate.nullable(),
          cudaGraphGiB: estimate.nullable(),
          kvCacheGiB: estimate
            .nullable()
            .describe("Below zero where the rest takes more than was requested: nothing is left."),
        })
        .describe("Memory of the fullest GPU, GiB of 2^30 bytes; null where reasons names a missing fact."),
      kvBytesPerToken: z.number().nullable(),
      kvCacheTokens: estimate.nullable(),
      maxModelLen: whole.nullable().describe("Context that was judged."),
      maxModelLenThatFits: count.nullable().describe("Longest request that fits in the low case."),
      maxConcurrency: estimate.nullable().describe("Full-length requests at once."),
      usersAtLoad: usersAtLoad.nullable().describe("null: no load was given, or no verdict that starts."),
      throughput: z
        .strictObject({
          outputTokensPerSecond: estimate,
          interTokenLatencyMs: estimate,
          timeToFirstTokenMs: estimate,
          requestsPerSecond: estimate,
          coveragePct: z.number().min(0).max(100).nullable(),
          basis: z.enum(["measured", "interpolated", "roofline"]),
          anchor: anchor.nullable(),
        })
        .nullable()
        .describe("null: no load was given, or reasons names a missing fact."),
      fleet: fleet.nullable().describe("null: no target load was given."),
    })
    .meta({
      id: "fit",
      title: "Does a model fit a machine",
      // What is not known has its reason in `reasons`.
      ...when({ verdict: { enum: ["no", "unknown"] } }, { reasons: { minItems: 1 } }),
    }),
);

/** contract: freehold.fits/v1 */
export const fits = exactly<FitsDocument>()(
  z
    .strictObject({ schema: z.literal("freehold.fits/v1"), ...stamp, rows: z.array(fit) })
    .meta({ id: "fits", title: "Several fits, in the order asked" }),
);
