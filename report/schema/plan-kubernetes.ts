import { z } from "zod";
import type { ChartRef, KubernetesPlan } from "../../plan/index.ts";
import { count, estimate, exactly, text } from "./common.ts";

/** An object of Kubernetes' own shape: only what every object has is described. */
const object = z
  .looseObject({
    apiVersion: text,
    kind: text,
    metadata: z.strictObject({
      name: text,
      namespace: text.optional(),
      labels: z.record(text, text).optional(),
      annotations: z.record(text, text).optional(),
    }),
  })
  .meta({ id: "kubernetesObject" });

/** A pinned chart. */
export const chart = exactly<ChartRef>()(
  z
    .strictObject({
      name: text,
      repository: text,
      version: text,
      namespace: text,
      values: z.record(text, z.unknown()),
      footprint: z
        .strictObject({
          cpuMillicores: count.nullable(),
          memoryMib: count.nullable(),
          perNode: z.boolean(),
          note: z.string().min(1).describe("What the figures rest on, or why there are none."),
        })
        .describe("What its pods request."),
      why: text,
    })
    .meta({ id: "chart" }),
);

const model = z.strictObject({
  model: text,
  serving: z.strictObject({
    serviceAccount: object,
    deployment: object,
    service: object,
    podDisruptionBudget: object.nullable().describe("null: one replica cannot be kept while it moves."),
    networkPolicies: z.array(object),
  }),
  scaledObject: object.nullable().describe("null: the number of replicas is fixed."),
  podMonitor: object.nullable().describe("null: monitoring is off."),
  endpoint: text.describe("Address inside the cluster of the OpenAI-compatible API."),
  startupSeconds: estimate,
});

/** The Kubernetes layer of a plan. */
export const kubernetes = exactly<KubernetesPlan>()(
  z
    .strictObject({
      namespace: object,
      namespacePolicies: z.array(object),
      models: z.array(model),
      prometheusRule: object.nullable().describe("null: monitoring is off."),
      dashboard: object.nullable().describe("null: monitoring is off."),
      karpenter: z.array(z.strictObject({ nodeClass: object, nodePool: object })),
      apiKeySecret: text.describe("Name of the Secret; its value is not part of the plan."),
    })
    .meta({ id: "kubernetes" }),
);
