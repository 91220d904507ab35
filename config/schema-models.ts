import { z } from "zod";
import { distinct, TWICE } from "./schema-parts.ts";

const dnsLabel = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;
const hhmm = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Traffic that the bill and the scaling bounds are worked out from. */
export const loadSchema = z
  .strictObject({
    requestsPerHour: z.number().positive().describe("Requests per hour in the busy hours."),
    inputTokens: z.int().positive().default(1000).describe("Mean prompt length, tokens."),
    outputTokens: z.int().positive().default(300).describe("Mean answer length, tokens."),
    profile: z
      .enum(["flat", "business-hours", "schedule"])
      .default("business-hours")
      .describe(
        "Shape of a week. flat: every hour is a busy hour. business-hours: Monday to Friday 08–18, one tenth of it otherwise. schedule: busy inside `schedule`, nothing outside.",
      ),
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
    .default(8)
    .describe("Waiting requests per replica above which the scaler adds one."),
  load: loadSchema.optional(),
  startupMinutes: z
    .int()
    .min(5)
    .max(120)
    .optional()
    .describe("Start-up budget of the probe. Default: from the weights' size."),
});
