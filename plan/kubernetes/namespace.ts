import type { StackSpec } from "../../config/index.ts";
import { SERVING_NAMESPACE } from "../names.ts";
import type { KubernetesObject } from "../types-kubernetes.ts";

/** Labels on every object, in the names that Kubernetes recommends. */
export function commonLabels(component: string): Record<string, string> {
  return {
    "app.kubernetes.io/part-of": "freehold",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/component": component,
  };
}

export function planNamespace(spec: StackSpec): KubernetesObject {
  const data: Record<string, string> =
    spec.profiles.length > 0 ? { "freehold.dev/data-classification": "personal" } : {};
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: SERVING_NAMESPACE,
      labels: {
        ...commonLabels("namespace"),
        ...data,
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": `v${spec.cluster.version}`,
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
      },
    },
  };
}

/** Nothing in, nothing out; then name resolution by the cluster's own DNS. */
export function planNamespacePolicies(): KubernetesObject[] {
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "default-deny",
        namespace: SERVING_NAMESPACE,
        labels: commonLabels("network-policy"),
      },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "allow-dns", namespace: SERVING_NAMESPACE, labels: commonLabels("network-policy") },
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
              },
            ],
            ports: [
              { protocol: "UDP", port: 53 },
              { protocol: "TCP", port: 53 },
            ],
          },
        ],
      },
    },
  ];
}
