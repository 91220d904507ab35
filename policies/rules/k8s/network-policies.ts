/** Network policies of a graph, and what they say about egress. */
import { isSecret, isUnknown, type ResourceGraph } from "../../../graph/index.ts";
import { type Namespace, namespaceOf } from "./namespaces.ts";
import { at, type KubeObject, objects, type Unread } from "./objects.ts";
import { isEmptySelector, type Match } from "./selectors.ts";

/** EKS Auto Mode's ApplicationNetworkPolicy is a NetworkPolicy that takes host names besides addresses. */
const POLICIES = {
  NetworkPolicy: ["networking.k8s.io", "extensions"],
  ApplicationNetworkPolicy: ["networking.k8s.aws"],
};

export interface NetworkPolicy {
  object: KubeObject;
  namespace: Namespace;
}

export function networkPolicies(graph: ResourceGraph): { policies: NetworkPolicy[]; unread: Unread[] } {
  const { found, unread } = objects(graph, POLICIES);
  return { policies: found.map((object) => ({ object, namespace: namespaceOf(graph, object) })), unread };
}

/** A value of the policy: undefined when absent, else as it stands, UNKNOWN included. */
export function raw(policy: NetworkPolicy, path: string): unknown {
  const found = at(policy.object, path);
  if (found.state === "known") return found.value;
  return found.state === "absent" ? undefined : { $unknown: true };
}

function hidden(value: unknown): boolean {
  return isUnknown(value) || isSecret(value);
}

/**
 * Whether the policy restricts egress. Without policyTypes it does when it has egress rules
 * (Kubernetes API, NetworkPolicySpec.policyTypes).
 */
export function governsEgress(policy: NetworkPolicy): Match {
  const types = raw(policy, "spec.policyTypes");
  if (hidden(types)) return "unknown";
  if (Array.isArray(types) && types.length > 0) {
    if (types.includes("Egress")) return true;
    return types.some(hidden) ? "unknown" : false;
  }
  const rules = raw(policy, "spec.egress");
  if (hidden(rules)) return "unknown";
  return Array.isArray(rules) && rules.length > 0;
}

/** Whether the policy closes all egress of every pod of its namespace. */
export function deniesAllEgress(policy: NetworkPolicy): Match {
  if (hidden(raw(policy, "spec"))) return "unknown";
  const rules = raw(policy, "spec.egress");
  const noRules: Match = hidden(rules) ? "unknown" : !(Array.isArray(rules) && rules.length > 0);
  const parts = [isEmptySelector(raw(policy, "spec.podSelector")), governsEgress(policy), noRules];
  if (parts.includes(false)) return false;
  return parts.includes("unknown") ? "unknown" : true;
}

/** Whether two namespaces are the same one. */
export function sameNamespace(a: Namespace, b: Namespace): Match {
  if (a.state === "unknown" || b.state === "unknown") return "unknown";
  if (a.key === b.key) return true;
  // A generated name differs from every stated one only by its random suffix, so it is not compared.
  return false;
}
