/** Every workload behind a network policy, and namespaces closed towards the outside. */
import { type ResourceGraph, UNKNOWN } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { podRule } from "./container-rule.ts";
import {
  deniesAllEgress,
  type NetworkPolicy,
  networkPolicies,
  raw,
  sameNamespace,
} from "./network-policies.ts";
import type { Unread } from "./objects.ts";
import { all, type Match, selects } from "./selectors.ts";
import { type PodSpec, read } from "./workloads.ts";

/** A policy with its condition. What depends on the policy alone is read once, not for every pod. */
interface Candidate {
  policy: NetworkPolicy;
  meets: (pod: PodSpec) => Match;
}

/** Looks for one policy in the workload's namespace that meets a condition. */
function policyRule(
  meta: Pick<Rule, "id" | "title" | "description">,
  condition: (policy: NetworkPolicy) => (pod: PodSpec) => Match,
  say: {
    path: (pod: PodSpec) => string;
    message: (namespace: string) => string;
    fix: (namespace: string) => string;
    maybe: string;
  },
): Rule {
  return {
    ...meta,
    check(graph: ResourceGraph, params) {
      const { policies, unread } = networkPolicies(graph);
      const candidates = policies
        .filter((policy) => !policy.object.partial)
        .map((policy): Candidate => ({ policy, meets: condition(policy) }));
      return podRule(meta, (pod, out) => {
        // A patch adds to a workload that is judged where it is made.
        if (pod.partial) return;
        judge(pod, out, candidates, unread);
      }).check(graph, params);
    },
  };

  function judge(pod: PodSpec, out: Found, candidates: Candidate[], unread: Unread[]): void {
    if (pod.namespace.state === "unknown") {
      out.unknown(pod.resource, pod.namespace.path, pod.namespace.why);
      return;
    }
    let maybe = unread.length > 0;
    for (const { policy, meets } of candidates) {
      const here = sameNamespace(policy.namespace, pod.namespace);
      if (here === false) continue;
      const verdict = all([here, meets(pod)]);
      if (verdict === true) return;
      maybe ||= verdict === "unknown";
    }
    const name = pod.namespace.name ?? "of the workload";
    if (maybe) out.unknown(pod.resource, say.path(pod), say.maybe);
    else out.fail(pod.resource, say.path(pod), null, say.message(name), say.fix(name));
  }
}

export const selected: Rule = policyRule(
  {
    id: "K8S-27",
    title: "Every workload is selected by a network policy",
    description:
      "A NetworkPolicy (or EKS ApplicationNetworkPolicy) in the workload's namespace selects its pods by matchLabels and matchExpressions; an empty selector selects all.",
  },
  (policy) => {
    const spec = raw(policy, "spec");
    if (spec !== undefined && typeof spec === "object" && spec !== null && "$unknown" in spec)
      return () => "unknown";
    const selector = raw(policy, "spec.podSelector");
    return (pod) => {
      const labels = read(pod, pod.labelsPath);
      return selects(
        selector,
        labels.state === "known" ? labels.value : labels.state === "absent" ? {} : UNKNOWN,
      );
    };
  },
  {
    path: (pod) => pod.labelsPath,
    message: (namespace) =>
      `no NetworkPolicy in namespace ${namespace} selects these pods, so every pod of the cluster and the internet may talk to them`,
    fix: (namespace) => `add a NetworkPolicy with podSelector {} to namespace ${namespace}`,
    maybe:
      "whether a network policy selects these pods depends on a label, selector or namespace that is not known",
  },
);

export const defaultDenyEgress: Rule = policyRule(
  {
    id: "K8S-28",
    title: "Namespaces deny egress by default",
    description:
      "The namespace of every workload has a NetworkPolicy with an empty podSelector, Egress in policyTypes and no egress rules.",
  },
  (policy) => {
    const closed = deniesAllEgress(policy);
    return () => closed;
  },
  {
    path: (pod) => pod.namespace.path,
    message: (namespace) =>
      `namespace ${namespace} has no policy that denies egress by default, so pods without a rule of their own reach the internet`,
    fix: (namespace) =>
      `add a NetworkPolicy with podSelector {}, policyTypes [Egress] and no egress rules to namespace ${namespace}`,
    maybe: "whether the namespace denies egress by default depends on a policy that is not wholly known",
  },
);
