import { z } from "zod";
import { distinct, TWICE } from "./schema-parts.ts";

const dnsLabel = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;
const hhmm = /^([01]\d|2[0-3]):[0-5]\d$/;

const day = z
  .array(z.number().min(0).max(1))
  .length(24)
  .refine((shares) => Math.max(...shares) > 0, "24 shares of the busiest hour, one above 0 at least");

const seasonSchema = z.strictObject({
  name: z.string().min(1).max(40).describe("What the season is called in the results."),
  months: z
    .array(z.int().min(1).max(12))
    .min(1)
    .refine(distinct, TWICE)
    .describe("Its months of the year, 1 to 12."),
  factor: z.number().min(0).max(100).describe("Its traffic against that of the months that no season names."),
});

/** Traffic that the bill and the scaling bounds are worked out from. */
export const loadSchema = z
  .strictObject({
    requestsPerHour: z
      .number()
      .positive()
      .optional()
      .describe("Requests per hour in the busy hours. Required but for profile file."),
    inputTokens: z.int().positive().default(1000).describe("Mean prompt length, tokens."),
    outputTokens: z.int().positive().default(300).describe("Mean answer length, tokens."),
    maxTtftMs: z
      .number()
      .positive()
      .optional()
      .describe("Longest mean time to the first token, milliseconds. Default: none."),
    maxItlMs: z
      .number()
      .positive()
      .optional()
      .describe("Longest mean time between tokens, milliseconds. Default: none."),
    profile: z
      .enum(["flat", "business-hours", "schedule", "hourly", "file"])
      .default("business-hours")
      .describe(
        "Shape of a week. flat: every hour is a busy hour. business-hours: Monday to Friday 08–18, one tenth of it otherwise. schedule: busy inside `schedule`, nothing outside. hourly: `weekday` and `weekend`. file: `requestsFile`.",
      ),
    timezone: z
      .string()
      .optional()
      .describe("IANA time zone of the profile's hours. Default: that of `schedule`, else none is needed."),
    weekday: day
      .optional()
      .describe("Profile hourly: share of the busy hour in each of the 24 hours, Monday to Friday."),
    weekend: day.optional().describe("Profile hourly: the same on Saturday and Sunday."),
    requestsFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Profile file: CSV with the columns hour,requests (2026-03-02T00:00,1200), a week to a year without a gap; a path from the folder of the project.",
      ),
    growthPctPerMonth: z
      .number()
      .gt(-100)
      .max(100)
      .default(0)
      .describe("Growth of the traffic from month to month, per cent."),
    growthMonths: z
      .int()
      .min(1)
      .max(36)
      .default(12)
      .describe("Months of growth that the expected case is the mean of; counts with growthPctPerMonth."),
    seasons: z
      .array(seasonSchema)
      .max(12)
      .default([])
      .describe("Parts of the year with more or less traffic."),
  })
  .describe("Expected traffic of the model (or of each model, at the top level).");

/** Hours in which the service is up; outside them it scales to zero. */
export const scheduleSchema = z
  .strictObject({
    timezone: z.string().default("UTC").describe("IANA time zone, e.g. Europe/Dublin."),
    days: z
      .array(z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))
      .min(1)
      .refine(distinct, TWICE)
      .default(["Mon", "Tue", "Wed", "Thu", "Fri"])
      .describe("Days on which the service is up."),
    start: z
      .string()
      .regex(hhmm, "a time such as 08:00")
      .default("08:00")
      .describe("First minute of the window."),
    end: z.string().regex(hhmm, "a time such as 19:00").default("19:00").describe("End of the window."),
  })
  .describe("Office hours: replicas go to zero outside the window, and so do their GPU nodes.");

const replicasSchema = z
  .strictObject({
    min: z
      .int()
      .min(0)
      .max(1000)
      .default(1)
      .describe("Replicas that are always up (inside `schedule`, if one is set)."),
    max: z.int().min(1).max(1000).default(1).describe("Upper bound of the scaler, and of the bill."),
  })
  .describe("Scaling bounds.");

/** One model and the engine that serves it. */
export const modelSchema = z.strictObject({
  name: z
    .string()
    .regex(dnsLabel, "a DNS label: lower-case letters, digits, '-', at most 40 characters")
    .refine(
      (name) => name !== "vllm",
      "not 'vllm': Kubernetes would inject VLLM_PORT, which the engine parses",
    )
    .describe("Name of the Kubernetes objects and of the served model."),
  model: z
    .string()
    .min(1)
    .max(200)
    .describe("Hugging Face id of a catalogue row, or a folder with a config.json."),
  revision: z
    .string()
    .regex(/^[0-9a-f]{40}$/, "a full git commit id (40 hex digits)")
    .optional()
    .describe(
      "Commit of the model repository. Default: the catalogue's; unknown where the catalogue has none.",
    ),
  quantization: z
    .enum(["auto", "awq", "gptq", "fp8", "mxfp4", "compressed-tensors"])
    .default("auto")
    .describe("Quantization method the checkpoint must have; auto reads it from the catalogue row."),
  context: z
    .int()
    .min(128)
    .describe("Longest request, tokens of prompt and answer together (--max-model-len)."),
  instance: z
    .string()
    .optional()
    .describe("EC2 instance type. Default: the cheapest in the region that fits."),
  gpu: z
    .string()
    .optional()
    .describe("GPU of the catalogue, e.g. L40S-48G, to restrict the choice of the instance."),
  tensorParallel: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("GPUs per replica. Default: the fewest that fit."),
  capacity: z.enum(["on-demand", "spot"]).default("on-demand").describe("How GPU nodes are bought."),
  onDemandReplicas: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe("With capacity spot: replicas on On-Demand nodes that are always there."),
  kvCacheDtype: z.enum(["auto", "fp8"]).default("auto").describe("--kv-cache-dtype; fp8 halves the cache."),
  gpuMemoryUtilization: z
    .number()
    .gt(0.1)
    .max(0.98)
    .optional()
    .describe("--gpu-memory-utilization. Default: the engine version's own."),
  maxNumSeqs: z
    .int()
    .min(1)
    .max(4096)
    .optional()
    .describe("--max-num-seqs: sequences decoded at once. Default: the engine's."),
  maxNumBatchedTokens: z
    .int()
    .min(128)
    .optional()
    .describe("--max-num-batched-tokens. Default: the engine's."),
  replicas: replicasSchema.prefault({}),
  targetWaitingRequests: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Waiting requests per replica above which the scaler adds one. Default: as many as a replica takes on before the last has waited as long as the first token may take.",
    ),
  load: loadSchema.optional(),
  startupMinutes: z
    .int()
    .min(5)
    .max(120)
    .optional()
    .describe("Start-up budget of the probe. Default: from the weights' size."),
});
