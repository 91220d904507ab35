import type { StackSpec } from "../../config/index.ts";
import { ENGINE_PORT, MONITORING_NAMESPACE, SERVING_NAMESPACE } from "../names.ts";
import type { ModelPlan } from "../types.ts";
import type { KubernetesObject, ServingObjects } from "../types-kubernetes.ts";
import { commonLabels } from "./namespace.ts";
import { podSpec } from "./pod.ts";

/** Address at which the EKS Pod Identity agent answers on every node. */
const POD_IDENTITY_AGENT = "169.254.170.23/32";

function labels(model: ModelPlan): Record<string, string> {
  return {
    ...commonLabels("engine"),
    "app.kubernetes.io/name": "vllm",
    "app.kubernetes.io/instance": model.name,
    "app.kubernetes.io/version": model.engineVersion,
  };
}

/** The objects of one model's engine. */
export function planServing(
  model: ModelPlan,
  spec: StackSpec,
  node: { vcpu: number; allocatableMib: number },
  vpcCidr: string | null,
  scaled: boolean,
): ServingObjects {
  const metadata = { name: model.name, namespace: SERVING_NAMESPACE, labels: labels(model) };
  const selector = { matchLabels: { "app.kubernetes.io/instance": model.name } };
  const nodeSelector: Record<string, string> =
    spec.cluster.kind === "existing" ? spec.cluster.nodes.selector : { "freehold.dev/pool": model.name };
  const deployment: KubernetesObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      // A scaled Deployment leaves its replicas to the scaler.
      ...(!scaled && { replicas: model.replicas.min }),
      // No surge: a second copy would need GPUs that nobody planned.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 3600,
      selector,
      template: { metadata: { labels: labels(model) }, spec: podSpec(model, spec, node, nodeSelector) },
    },
  };
  return {
    serviceAccount: {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    },
    deployment,
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        type: "ClusterIP",
        selector: selector.matchLabels,
        ports: [{ name: "http", port: ENGINE_PORT, targetPort: "http", protocol: "TCP" }],
      },
    },
    podDisruptionBudget:
      model.replicas.min >= 2
        ? {
            apiVersion: "policy/v1",
            kind: "PodDisruptionBudget",
            metadata,
            spec: { maxUnavailable: 1, selector },
          }
        : null,
    networkPolicies: [networkPolicy(model, spec, selector, vpcCidr)],
  };
}

/**
 * Clients in namespaces that carry the label, the metrics scraper, and, for weights in S3, the VPC's own
 * interface endpoint. Nothing reaches the internet, except the hub where the stack loads weights from it.
 */
function networkPolicy(
  model: ModelPlan,
  spec: StackSpec,
  podSelector: Record<string, unknown>,
  vpcCidr: string | null,
): KubernetesObject {
  const port = [{ protocol: "TCP", port: ENGINE_PORT }];
  const https = [{ protocol: "TCP", port: 443 }];
  const egress: Record<string, unknown>[] = [];
  if (spec.weights.from === "s3" && vpcCidr) {
    egress.push({ to: [{ ipBlock: { cidr: vpcCidr } }], ports: https });
    egress.push({ to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT } }], ports: [{ protocol: "TCP", port: 80 }] });
  }
  if (spec.weights.from === "hub") egress.push({ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: https });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: model.name, namespace: SERVING_NAMESPACE, labels: labels(model) },
    spec: {
      podSelector,
      policyTypes: egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "freehold.dev/llm-client": "true" } } }],
          ports: port,
        },
        {
          from: [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": MONITORING_NAMESPACE } } },
          ],
          ports: port,
        },
      ],
      ...(egress.length > 0 && { egress }),
    },
  };
}
