import type { StackSpec } from "../../config/index.ts";
import { SCALER } from "../load/rule.ts";
import { SERVING_NAMESPACE } from "../names.ts";
import type { ModelPlan } from "../types.ts";
import type { KubernetesObject } from "../types-kubernetes.ts";
import { commonLabels } from "./namespace.ts";
import { waitingRequests } from "./promql.ts";

const CRON_DAYS = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 0 } as const;

export function isScaled(model: ModelPlan, spec: StackSpec): boolean {
  return spec.schedule !== undefined || model.replicas.max > model.replicas.min;
}

/** The KEDA ScaledObject: queue length above the floor, the schedule's window by cron. */
export function planScaling(
  model: ModelPlan,
  spec: StackSpec,
  prometheusUrl: string,
  loadSeconds: number,
): KubernetesObject | null {
  if (!isScaled(model, spec)) return null;
  const triggers: Record<string, unknown>[] = [];
  if (model.replicas.max > Math.max(1, model.replicas.min)) {
    triggers.push({
      type: "prometheus",
      name: "waiting-requests",
      metricType: "AverageValue",
      metadata: {
        serverAddress: prometheusUrl,
        query: `sum(${waitingRequests(model.name)})`,
        threshold: String(model.targetWaitingRequests),
        // An empty answer is a broken scrape, not an idle engine: fail, and let the fallback hold.
        ignoreNullValues: "false",
      },
    });
  }
  if (spec.schedule) {
    const { timezone, days, start, end } = spec.schedule;
    const on = days.map((day) => CRON_DAYS[day]).join(",");
    const at = (clock: string) => `${Number(clock.slice(3))} ${Number(clock.slice(0, 2))} * * ${on}`;
    triggers.push({
      type: "cron",
      name: "schedule",
      metadata: {
        timezone,
        start: at(start),
        end: at(end),
        desiredReplicas: String(Math.max(1, model.replicas.min)),
      },
    });
  }
  const queue = triggers.some((trigger) => trigger["type"] === "prometheus");
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: model.name, namespace: SERVING_NAMESPACE, labels: commonLabels("scaling") },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: model.name },
      minReplicaCount: spec.schedule ? 0 : model.replicas.min,
      maxReplicaCount: model.replicas.max,
      pollingInterval: SCALER.pollingSeconds,
      cooldownPeriod: SCALER.cooldownSeconds,
      // A replica that is still loading must not be scaled away.
      initialCooldownPeriod: Math.max(SCALER.cooldownSeconds, loadSeconds),
      ...(queue && {
        fallback: {
          failureThreshold: 3,
          replicas: Math.max(1, model.replicas.min),
          behavior: "currentReplicasIfHigher",
        },
      }),
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: SCALER.up.stabilizationSeconds,
              policies: [{ type: "Pods", value: SCALER.up.pods, periodSeconds: SCALER.up.periodSeconds }],
            },
            scaleDown: {
              stabilizationWindowSeconds: SCALER.down.stabilizationSeconds,
              policies: [{ type: "Pods", value: SCALER.down.pods, periodSeconds: SCALER.down.periodSeconds }],
            },
          },
        },
      },
      triggers,
    },
  };
}
