/** CPU and memory of containers: what they may take, and what is kept for them. */
import type { Rule } from "../../types.ts";
import { asText } from "../text.ts";
import { containerRule, require } from "./container-rule.ts";
import { read } from "./workloads.ts";

/** A quantity above zero: Kubernetes takes "0" for no limit and no request. */
function isAmount(value: unknown): boolean {
  return Number.parseFloat(asText(value)) > 0;
}

function resourceRule(id: string, title: string, kind: "limits" | "requests", what: "cpu" | "memory"): Rule {
  const description =
    kind === "limits"
      ? `resources.limits.${what} is above 0 in every container and init container.`
      : `resources.requests.${what} is above 0 in every container and init container; without it Kubernetes takes the limit, which is enough.`;
  return containerRule({ id, title, description }, (container, out) => {
    // Ephemeral containers take no resources of their own (Kubernetes API, EphemeralContainer).
    if (container.kind === "ephemeralContainers") return;
    const base = `${container.path}.resources`;
    const path = `${base}.${kind}.${what}`;
    const own = read(container.pod, path);
    // The API server fills a missing request with the limit.
    const found =
      kind === "requests" && own.state === "absent" ? read(container.pod, `${base}.limits.${what}`) : own;
    require(container.pod, out, path, found, {
      ok: isAmount,
      what: `${kind}.${what}`,
      message: (value) =>
        `${container.label} ${kind === "limits" ? `may take all ${what} of the node` : `has no ${what} kept for it`}: ${kind}.${what} is ${value === null ? "not set" : asText(value)}; needed: an amount above 0`,
      fix: `set ${path}`,
    });
  });
}

/** A CPU limit throttles an engine although the node is idle, so it is often left out on purpose. */
export const resourceRules: Rule[] = [
  resourceRule("K8S-15", "Containers have a CPU limit", "limits", "cpu"),
  resourceRule("K8S-16", "Containers have a memory limit", "limits", "memory"),
  resourceRule("K8S-17", "Containers have a CPU request", "requests", "cpu"),
  resourceRule("K8S-18", "Containers have a memory request", "requests", "memory"),
];
