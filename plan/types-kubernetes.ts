import type { Estimate } from "./estimate.ts";

/** A pinned chart that a helm Release installs. */
export interface ChartRef {
  name: string;
  repository: string;
  version: string;
  namespace: string;
  values: Record<string, unknown>;
  /** What its pods request, so that cost and placement see it; null = not known. */
  footprint: { cpuMillicores: number | null; memoryMib: number | null; perNode: boolean; note: string };
  why: string;
}

/** A plain Kubernetes object; the components transcribe it, field by field. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

export interface ServingObjects {
  serviceAccount: KubernetesObject;
  deployment: KubernetesObject;
  service: KubernetesObject;
  podDisruptionBudget: KubernetesObject | null;
  networkPolicies: KubernetesObject[];
}

export interface ModelObjects {
  model: string;
  serving: ServingObjects;
  /** null where replicas are fixed. */
  scaledObject: KubernetesObject | null;
  podMonitor: KubernetesObject | null;
  /** In-cluster address of the OpenAI-compatible API. */
  endpoint: string;
  startupSeconds: Estimate;
}

/** Everything of the Kubernetes layer, decided. */
export interface KubernetesPlan {
  namespace: KubernetesObject;
  namespacePolicies: KubernetesObject[];
  models: ModelObjects[];
  prometheusRule: KubernetesObject | null;
  dashboard: KubernetesObject | null;
  karpenter: { nodeClass: KubernetesObject; nodePool: KubernetesObject }[];
  /** Name of the Secret that holds the API keys; the components generate its value. */
  apiKeySecret: string;
}
