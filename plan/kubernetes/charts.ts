import { chart } from "../../catalog/index.ts";
import type { StackSpec } from "../../config/index.ts";
import { MONITORING_NAMESPACE } from "../names.ts";
import type { InfrastructurePlan } from "../types-infrastructure.ts";
import type { ChartRef } from "../types-kubernetes.ts";

/** Operators run on the system nodes of a cluster that we build, and anywhere on one that exists. */
function onSystemNodes(spec: StackSpec): Record<string, string> {
  return spec.cluster.kind === "eks" ? { "freehold.dev/pool": "system" } : {};
}

/** The third-party operators, each pinned to a chart version of the catalogue. */
export function planCharts(spec: StackSpec, infrastructure: InfrastructurePlan | null): ChartRef[] {
  if (spec.cluster.kind === "existing" && spec.cluster.operators === "present") return [];
  const nodeSelector = onSystemNodes(spec);
  const wanted: { name: string; why: string; values: Record<string, unknown> }[] = [];
  if (infrastructure?.karpenter) {
    wanted.push(
      {
        name: "karpenter-crd",
        why: "Helm does not upgrade CRDs, so they come as a chart of their own",
        values: {},
      },
      {
        name: "karpenter",
        why: "starts and removes GPU nodes above the floor",
        values: {
          settings: {
            clusterName: infrastructure.name,
            interruptionQueue: infrastructure.karpenter.queueName,
            // Without a route to the price API the controller uses its own table.
            isolatedVPC: infrastructure.network.natGateways === 0,
          },
          nodeSelector,
        },
      },
    );
  }
  wanted.push({ name: "keda", why: "scales engines on their queue", values: { nodeSelector } });
  if (spec.monitoring.enabled) {
    wanted.push(
      {
        name: "kube-prometheus-stack",
        why: "metrics, alert rules and dashboards, inside the cluster",
        values: {
          prometheus: {
            prometheusSpec: {
              nodeSelector,
              retention: "15d",
              podMonitorSelector: { matchLabels: spec.monitoring.labels },
              podMonitorSelectorNilUsesHelmValues: false,
              ruleSelector: { matchLabels: spec.monitoring.labels },
              ruleSelectorNilUsesHelmValues: false,
            },
          },
          grafana: { nodeSelector, sidecar: { dashboards: { enabled: true, searchNamespace: "ALL" } } },
          alertmanager: { alertmanagerSpec: { nodeSelector } },
        },
      },
      {
        name: "dcgm-exporter",
        why: "GPU temperature, XID and ECC errors by pod",
        values: {
          nodeSelector:
            spec.cluster.kind === "existing" ? spec.cluster.nodes.selector : { "freehold.dev/gpu": "true" },
          tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
        },
      },
    );
  }
  wanted.push({
    name: "nvidia-device-plugin",
    why: "the AL2023 image has the driver but no device plugin",
    values: {
      // The chart's own affinity looks for labels that feature discovery would set; ours are on the nodes.
      affinity: {},
      nodeSelector:
        spec.cluster.kind === "existing" ? spec.cluster.nodes.selector : { "freehold.dev/gpu": "true" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    },
  });
  return wanted.map(({ name, why, values }) => {
    const row = chart(name);
    if (!row) throw new Error(`the catalogue has no chart ${name}`);
    return {
      name,
      repository: row.repository,
      version: row.version,
      namespace:
        name === "kube-prometheus-stack" || name === "dcgm-exporter" ? MONITORING_NAMESPACE : row.namespace,
      values,
      footprint: row.footprint,
      why,
    };
  });
}
