import type { StackSpec } from "../../config/index.ts";
import { SERVING_NAMESPACE } from "../names.ts";
import { FIRST_TOKEN_MS, limitsOf } from "../serving-point.ts";
import type { ModelPlan } from "../types.ts";
import type { KubernetesObject } from "../types-kubernetes.ts";
import { commonLabels } from "./namespace.ts";
import { METRICS, quantile, series, waitingRequests } from "./promql.ts";

export function planPodMonitor(model: ModelPlan, spec: StackSpec): KubernetesObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: {
      name: model.name,
      namespace: SERVING_NAMESPACE,
      labels: { ...commonLabels("monitoring"), ...spec.monitoring.labels },
    },
    spec: {
      selector: { matchLabels: { "app.kubernetes.io/instance": model.name } },
      podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
    },
  };
}

interface Alert {
  alert: string;
  expr: string;
  for: string;
  severity: "warning" | "critical";
  summary: string;
  description: string;
}

function alerts(model: ModelPlan, spec: StackSpec): Alert[] {
  const { name, targetWaitingRequests: target } = model;
  const stated = spec.models.find((m) => m.name === name)!;
  const seconds = (limitsOf(stated, spec).maxTtftMs ?? FIRST_TOKEN_MS) / 1000;
  return [
    {
      alert: "EngineStalled",
      expr: `sum(${series("running", name)}) > 0 and sum(rate(${series("iterations", name)}[2m])) == 0`,
      for: "2m",
      severity: "critical",
      summary: `${name}: requests are running but no token is produced`,
      description:
        "A GPU fault or a dead engine core; /health may still answer 200. Delete the pod, then look at the node's XID errors.",
    },
    {
      alert: "EngineAbsent",
      expr: `absent(${series("running", name)}) and on() kube_deployment_spec_replicas{namespace="${SERVING_NAMESPACE}",deployment="${name}"} > 0`,
      for: "20m",
      severity: "critical",
      summary: `${name}: replicas are wanted but none reports`,
      description:
        "Pods cannot start (no GPU capacity, image, weights) or the scrape is broken; the scaler is blind as well.",
    },
    {
      alert: "QueueGrowing",
      expr: `sum(${waitingRequests(name)}) > ${target * model.replicas.max}`,
      for: "10m",
      severity: "warning",
      summary: `${name}: the queue is longer than ${model.replicas.max} replicas clear`,
      description: "The scaler is at its upper bound. Raise replicas.max, or shorten the requests.",
    },
    {
      alert: "TimeToFirstTokenHigh",
      expr: `${quantile(0.95, "ttftBucket", name)} > ${seconds}`,
      for: "10m",
      severity: "warning",
      summary: `${name}: one request in twenty waits over ${seconds} s for its first token`,
      description: "Prefill is saturated or requests queue. Compare with QueueGrowing.",
    },
    {
      alert: "KvCacheFull",
      expr: `avg(${series("kvUsage", name)}) > 0.95`,
      for: "15m",
      severity: "warning",
      summary: `${name}: the KV cache is full`,
      description:
        "New requests wait for cache blocks. kvCacheDtype: fp8 doubles the cache; a shorter context or more replicas help too.",
    },
    {
      alert: "Preemptions",
      expr: `sum(rate(${series("preemptions", name)}[10m])) > 0.1`,
      for: "10m",
      severity: "warning",
      summary: `${name}: requests are preempted and computed again`,
      description: "The KV cache is too small for the running batch. Lower maxNumSeqs.",
    },
  ];
}

/** Alert rules of every model in one PrometheusRule. */
export function planAlerts(models: ModelPlan[], spec: StackSpec): KubernetesObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: {
      name: "freehold",
      namespace: SERVING_NAMESPACE,
      labels: { ...commonLabels("monitoring"), ...spec.monitoring.labels },
    },
    spec: {
      groups: models.map((model) => ({
        name: `freehold.${model.name}`,
        rules: alerts(model, spec).map(({ severity, summary, description, ...rule }) => ({
          ...rule,
          labels: { severity, model: model.name },
          annotations: { summary, description },
        })),
      })),
    },
  };
}

/** A Grafana dashboard, found by the sidecar through its label. */
export function planDashboard(models: ModelPlan[]): KubernetesObject {
  const selected = 'model_name=~"$model"';
  const queries: { title: string; unit: string; expr: string }[] = [
    {
      title: "Requests running",
      unit: "short",
      expr: `sum by (model_name) (${METRICS.running}{${selected}})`,
    },
    {
      title: "Requests waiting",
      unit: "short",
      expr: `sum by (model_name) (${METRICS.waiting}{${selected}})`,
    },
    {
      title: "Output tokens per second",
      unit: "short",
      expr: `sum by (model_name) (rate(${METRICS.generationTokens}{${selected}}[5m]))`,
    },
    {
      title: "Prompt tokens per second",
      unit: "short",
      expr: `sum by (model_name) (rate(${METRICS.promptTokens}{${selected}}[5m]))`,
    },
    {
      title: "Time to first token, 95 %",
      unit: "s",
      expr: `histogram_quantile(0.95, sum by (le, model_name) (rate(${METRICS.ttftBucket}{${selected}}[5m])))`,
    },
    {
      title: "Inter-token latency, 95 %",
      unit: "s",
      expr: `histogram_quantile(0.95, sum by (le, model_name) (rate(${METRICS.itlBucket}{${selected}}[5m])))`,
    },
    {
      title: "KV cache in use",
      unit: "percentunit",
      expr: `avg by (model_name) (${METRICS.kvUsage}{${selected}})`,
    },
    {
      title: "Preemptions per second",
      unit: "short",
      expr: `sum by (model_name) (rate(${METRICS.preemptions}{${selected}}[5m]))`,
    },
  ];
  const dashboard = {
    uid: "freehold",
    title: "Freehold: LLM serving",
    schemaVersion: 39,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    templating: {
      list: [
        {
          name: "model",
          type: "custom",
          query: models.map((model) => model.name).join(","),
          multi: true,
          includeAll: true,
          allValue: ".*",
          current: { text: "All", value: "$__all" },
        },
      ],
    },
    panels: queries.map(({ title, unit, expr }, index) => ({
      id: index + 1,
      type: "timeseries",
      title,
      gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
      fieldConfig: { defaults: { unit }, overrides: [] },
      targets: [{ refId: "A", expr, legendFormat: "{{model_name}}" }],
    })),
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "freehold-dashboard",
      namespace: SERVING_NAMESPACE,
      labels: { ...commonLabels("monitoring"), grafana_dashboard: "1" },
    },
    data: { "freehold.json": JSON.stringify(dashboard) },
  };
}
