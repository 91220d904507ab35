/** Kernel capabilities: what containers drop of the runtime's default set, and what they add to it. */
import { isSecret, isUnknown } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { asText } from "../text.ts";
import { containerRule, require } from "./container-rule.ts";
import { whyUnknown } from "./objects.ts";
import { type Container, read } from "./workloads.ts";

/** Runtimes compare names without regard to case; CRI-O takes them with the kernel's prefix, too. */
const normal = (capability: unknown) => asText(capability).toUpperCase().replace(/^CAP_/, "");
const hidden = (value: unknown) => isUnknown(value) || isSecret(value);

/** Holds `drop` to one of the names; a hidden entry may be the one that is looked for. */
function requireDropped(container: Container, out: Found, names: readonly string[]): void {
  const path = `${container.path}.securityContext.capabilities.drop`;
  const found = read(container.pod, path);
  const list = found.state === "known" && Array.isArray(found.value) ? found.value : [];
  if (list.some((capability) => names.includes(asText(capability).toUpperCase()))) return;
  const place = list.findIndex(hidden);
  if (place >= 0) {
    out.unknown(container.pod.resource, `${path}[${place}]`, "a dropped capability is not known");
    return;
  }
  const needed = names.join(" or ");
  require(container.pod, out, path, found, {
    ok: () => false,
    what: "capabilities.drop",
    message: () =>
      `${container.label} keeps capabilities: drop is ${list.length > 0 ? list.map(asText).join(", ") : "not set"}; needed: ${needed}`,
    fix: `set ${path} to ["ALL"]`,
  });
}

export const dropAll: Rule = containerRule(
  {
    id: "K8S-05",
    title: "Containers drop all capabilities",
    description: "securityContext.capabilities.drop holds ALL in every container.",
  },
  (container, out) => requireDropped(container, out, ["ALL"]),
);

export const dropRawSockets: Rule = containerRule(
  {
    id: "K8S-06",
    title: "Containers cannot forge network packets",
    description: "securityContext.capabilities.drop holds NET_RAW or ALL in every container.",
  },
  (container, out) => requireDropped(container, out, ["ALL", "NET_RAW"]),
);

/** Reports added capabilities that a test picks; a list or an entry that is not known may hold such a one. */
function forbidAdded(
  container: Container,
  out: Found,
  picks: (name: string) => boolean,
  allowed: string,
): void {
  const { pod, label } = container;
  const path = `${container.path}.securityContext.capabilities.add`;
  const found = read(pod, path);
  if (found.state === "unknown" || found.state === "secret")
    out.unknown(pod.resource, path, whyUnknown(found.state, "the list of added capabilities"));
  if (found.state !== "known" || !Array.isArray(found.value)) return;
  for (const [index, capability] of found.value.entries()) {
    const place = `${path}[${index}]`;
    if (hidden(capability)) out.unknown(pod.resource, place, "an added capability is not known");
    else if (picks(normal(capability)))
      out.fail(
        pod.resource,
        place,
        capability,
        `${label} adds the capability ${asText(capability)}; allowed: ${allowed}`,
        `remove ${place}`,
      );
  }
}

/** Stricter than Pod Security's "restricted", which lets NET_BIND_SERVICE pass (checkov CKV_K8S_25). */
export const noneAdded: Rule = containerRule(
  {
    id: "K8S-07",
    title: "Containers add no capabilities",
    description: "securityContext.capabilities.add is empty or not set in every container.",
  },
  (container, out) => forbidAdded(container, out, () => true, "none"),
);

/** SYS_ADMIN is nearly root: mounts, namespaces, device settings (checkov CKV_K8S_39). ALL holds it. */
export const noSysAdmin: Rule = containerRule(
  {
    id: "K8S-08",
    title: "Containers do not administer the system",
    description: "securityContext.capabilities.add holds neither SYS_ADMIN nor ALL in any container.",
  },
  (container, out) =>
    forbidAdded(
      container,
      out,
      (name) => name === "SYS_ADMIN" || name === "ALL",
      "any but SYS_ADMIN and ALL; none at best",
    ),
);
