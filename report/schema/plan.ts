import { z } from "zod";
import type { PlanDocument } from "../plan.ts";
import {
  count,
  date,
  estimate,
  exactly,
  names,
  quantityRange,
  stamp,
  text,
  unitPrice,
  usd,
  when,
} from "./common.ts";
import { infrastructure } from "./plan-infrastructure.ts";
import { chart, kubernetes } from "./plan-kubernetes.ts";

const whole = z.int().min(1);
const bounds = z.strictObject({ min: count, max: count });
const capacity = z.enum(["on-demand", "spot", "owned"]);

const decision = z
  .strictObject({
    value: z.unknown().describe("null: not known; why says so."),
    from: z.enum(["user", "default", "derived"]),
    why: z.string().min(1),
    rejected: z.array(z.strictObject({ value: z.unknown(), because: z.string().min(1) })),
  })
  .meta({ id: "decision", description: "One choice, who made it, why, and what was passed over." });

const share = z.number().min(0).max(1);

const simulation = z
  .strictObject({
    weeks: z
      .array(
        z.strictObject({
          season: text.nullable().describe("null: months that no season names."),
          factor: z.number().min(0).describe("Traffic against that of the base week: season × growth."),
          weight: share.describe("Share of the expected case."),
          peakRequestsPerHour: z.number().min(0),
          nodes: z.number().min(0),
          hoursAboveCapacityShare: share.nullable(),
        }),
      )
      .min(1),
    replicas: z.number().min(0).describe("Hourly mean."),
    nodes: z.number().min(0).describe("Hourly mean of the nodes that are paid for."),
    utilisation: share.nullable().describe("Requests answered against what ready replicas could answer."),
    idleShare: share.nullable().describe("Share of the paid node-hours in which no request is answered."),
    hoursAboveCapacityShare: share
      .nullable()
      .describe("Hours in which more arrives than ready replicas can answer."),
    hoursAboveCapacityPerMonth: z.number().min(0).nullable(),
    longestQueue: count.nullable().describe("Most requests that wait at the end of an hour."),
    startsPerMonth: z.number().min(0).describe("Starts of a replica."),
    interruptionsPerMonth: z
      .number()
      .min(0)
      .nullable()
      .describe("Reclaimed spot nodes, expected value; null: the share is not known."),
    reason: text.nullable().describe("Why figures are null."),
    why: names,
  })
  .meta({ id: "simulation", description: "The load run through the scaler, hour by hour." });

const model = z
  .strictObject({
    name: text,
    model: text.describe("Hugging Face id, or the folder that was given."),
    revision: text.nullable().describe("Commit of the weights; null: decisions.revision says why."),
    quantization: text,
    instance: text.nullable().describe("EC2 type; null on a cluster that exists."),
    gpu: text,
    gpusPerNode: whole,
    tensorParallel: whole,
    pipelineParallel: whole,
    replicas: bounds,
    replicasPerNode: whole,
    nodes: bounds,
    capacity,
    contextTokens: whole,
    image: text,
    engineVersion: text,
    engineArgs: names.describe("Arguments of `vllm serve`, in order."),
    weightsGib: z.number().min(0),
    verdict: z.enum(["fits", "tight", "no", "unknown"]),
    targetWaitingRequests: whole.describe("Waiting requests a replica above which the scaler adds one."),
    outputTokensPerSecond: estimate
      .nullable()
      .describe("One replica at the concurrency of decisions.concurrency; null: no estimate."),
    load: z
      .strictObject({
        requestsPerHour: z.number().min(0),
        inputTokens: z.number().min(0),
        outputTokens: z.number().min(0),
        week: z
          .array(z.number().min(0).max(1))
          .length(168)
          .describe("Share of the busy hour's traffic, hour by hour from Monday 00:00."),
        replicas: z.array(z.number().min(0)).length(168).describe("Replicas, hour by hour, expected case."),
        requestsPerMonth: z.number().min(0),
        simulation,
      })
      .nullable()
      .describe("null: the stack gives no load."),
    decisions: z.record(text, decision),
  })
  .meta({ id: "model" });

const nodePool = z
  .strictObject({
    name: text,
    role: z.enum(["system", "gpu"]),
    instance: text.nullable().describe("null: own nodes."),
    capacity,
    nodes: quantityRange,
    provisioner: z.enum(["managed", "karpenter", "existing"]),
    peakNodes: count.describe("Most nodes at any one time."),
    volumeGib: z.number().min(0),
    why: text,
  })
  .meta({ id: "nodePool" });

const waiver = z.strictObject({
  control: text,
  resource: text,
  owner: text,
  reason: text,
  ticket: text,
  expires: date,
  approver: text,
  alternativeMeasure: text.optional(),
});

/** contract: freehold.plan/v1 */
export const plan = exactly<PlanDocument>()(
  z
    .strictObject({
      schema: z.literal("freehold.plan/v1"),
      ...stamp,
      stack: text,
      profiles: names,
      region: text.nullable().describe("null: outside AWS."),
      accountId: text.nullable().describe("null: outside AWS, or not stated."),
      verdict: z.enum(["ok", "does-not-fit"]),
      refusals: z.array(
        z.strictObject({
          code: text,
          model: text.nullable().describe("null: the refusal is of the whole stack."),
          message: text,
          need: z.number().nullable(),
          have: z.number().nullable(),
          unit: text.nullable(),
          nearest: text.nullable().describe("The nearest thing that can be built; null: none is known."),
        }),
      ),
      warnings: names,
      decisions: z.record(text, decision),
      models: z.array(model),
      nodePools: z.array(nodePool),
      charts: z.array(chart),
      infrastructure: infrastructure.nullable().describe("null: own cluster, left out, or does not fit."),
      kubernetes: kubernetes.nullable().describe("null: left out, or does not fit."),
      cluster: z.strictObject({
        kind: z.enum(["eks", "existing"]),
        context: text.nullable().describe("null: the kubeconfig's own current context, or EKS."),
      }),
      hardware: z
        .strictObject({
          purchaseUsd: usd,
          purchasedOn: date.nullable().describe("null: not stated."),
          source: text,
          salvagePct: z.number(),
          years: z.number(),
          interestPct: z.number(),
          powerWatts: z.number(),
          pue: z.number(),
          usdPerKwh: unitPrice,
          colocationUsdPerMonth: unitPrice,
          sparesPctPerYear: z.number(),
          engineerHoursPerMonth: z.number(),
          usdPerEngineerHour: unitPrice,
        })
        .nullable()
        .describe("Owned hardware; null: none."),
      pricing: z
        .strictObject({ discountPct: z.number().min(0).lt(100) })
        .nullable()
        .describe("Terms with AWS; null: list prices."),
      budget: z
        .strictObject({
          basis: z.enum(["expected", "max"]),
          monthlyUsd: usd.nullable(),
          perMillionTokensUsd: unitPrice.nullable(),
        })
        .nullable()
        .describe("null: the stack sets none."),
      policy: z
        .strictObject({
          profiles: names,
          providerRegion: text.nullable(),
          partition: text.nullable(),
          allowedRegions: names,
          allowedRegistries: names,
          allowedEgressHosts: names,
          allowedLlmHosts: names,
          allowGlobalServices: names,
          minLogDays: count,
          waivers: z.array(waiver),
        })
        .describe("Parameters of the policy rules."),
    })
    .meta({
      id: "plan",
      title: "Every decision of a stack",
      ...when(
        { verdict: { const: "does-not-fit" } },
        { refusals: { minItems: 1 }, infrastructure: { type: "null" }, kubernetes: { type: "null" } },
        { refusals: { maxItems: 0 } },
      ),
    }),
);
