/** Engines over several nodes, which talk to each other without encryption or a password. */
import { isSecret, isUnknown, UNKNOWN } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { type NetworkPolicy, networkPolicies, raw, sameNamespace } from "../k8s/network-policies.ts";
import { all, type Match, selects } from "../k8s/selectors.ts";
import { type PodSpec, read } from "../k8s/workloads.ts";
import { asNumber } from "../text.ts";
import { type Engine, engineRule, flag, hiddenFlags } from "./engine.ts";

const NODE_FLAGS = ["--node-rank", "--master-addr", "--data-parallel-address", "--data-parallel-size-local"];

/** vllm-project/vllm@00b005c docs/usage/security.md, Inter-Node Communication. */
export const isolatedNodes: Rule = {
  ...engineRule(
    "LLM-10",
    "Engines over several nodes are isolated",
    "The pods of an engine over several nodes (--nnodes above 1, a rank, a master address, Ray) are selected by a NetworkPolicy for ingress, and no rule of such a policy lets everyone in.",
    () => {},
  ),
  check(graph, params) {
    const { policies, unread } = networkPolicies(graph);
    return engineRule(this.id, this.title, this.description, (engine, found) => {
      const spans = spansNodes(engine);
      if (spans === false) return;
      const { pod } = engine.container;
      const verdict = isolation(policies, pod);
      if (verdict === true) return;
      if (spans === "unknown" || verdict === "unknown" || unread.length > 0)
        found.unknown(
          pod.resource,
          pod.labelsPath,
          "whether the engine spans nodes that are not isolated depends on a flag, policy, label or namespace that is not known",
        );
      else
        found.fail(
          pod.resource,
          pod.labelsPath,
          null,
          "the nodes of the engine talk without encryption or a password, and any pod may join in; needed: a NetworkPolicy for ingress whose rules name their peers",
          "add a NetworkPolicy that lets only the engine's own pods and its clients in",
        );
    }).check(graph, params);
  },
};

function spansNodes(engine: Engine): Match {
  if (flag(engine, "--distributed-executor-backend")?.value === "ray") return true;
  if (NODE_FLAGS.some((name) => flag(engine, name) !== null)) return true;
  const nodes = flag(engine, "--nnodes");
  if (nodes !== null) {
    const count = asNumber(nodes.value);
    return Number.isNaN(count) ? "unknown" : count > 1;
  }
  return hiddenFlags(engine) === null ? false : "unknown";
}

function isolation(policies: readonly NetworkPolicy[], pod: PodSpec): Match {
  const labels = read(pod, pod.labelsPath);
  const held = labels.state === "known" ? labels.value : labels.state === "absent" ? {} : UNKNOWN;
  let closed: Match = false;
  for (const policy of policies) {
    if (policy.object.partial) continue;
    const applies = all([
      sameNamespace(policy.namespace, pod.namespace),
      selects(raw(policy, "spec.podSelector"), held),
      governsIngress(policy),
    ]);
    if (applies === false) continue;
    const open = opensIngress(policy);
    // Rules of several policies add up: one that lets everyone in is enough.
    if (applies === true && open === true) return false;
    if (applies === true && open === false) closed = closed === "unknown" ? "unknown" : true;
    else closed = "unknown";
  }
  return closed;
}

/** Without policyTypes a policy is one for ingress (Kubernetes API, NetworkPolicySpec.policyTypes). */
function governsIngress(policy: NetworkPolicy): Match {
  const types = raw(policy, "spec.policyTypes");
  if (isHidden(types) || isHidden(raw(policy, "spec"))) return "unknown";
  if (!Array.isArray(types) || types.length === 0 || types.includes("Ingress")) return true;
  return types.some(isHidden) ? "unknown" : false;
}

function opensIngress(policy: NetworkPolicy): Match {
  const rules = raw(policy, "spec.ingress");
  if (isHidden(rules)) return "unknown";
  if (!Array.isArray(rules)) return false;
  const parts = rules.map((rule): Match => {
    const from = isHidden(rule) ? rule : (rule as { from?: unknown } | null)?.from;
    return isHidden(from) ? "unknown" : !Array.isArray(from) || from.length === 0;
  });
  return parts.includes(true) ? true : parts.includes("unknown") ? "unknown" : false;
}

function isHidden(value: unknown): boolean {
  return isUnknown(value) || isSecret(value);
}
