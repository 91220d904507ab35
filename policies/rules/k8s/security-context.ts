/** What a container may do on its node: the Pod Security Standards, level "restricted", setting by setting. */
import type { Rule } from "../../types.ts";
import { asNumber, asText } from "../text.ts";
import { containerRule, forbidTrue, isFalse, isTrue, require } from "./container-rule.ts";
import { whyUnknown } from "./objects.ts";
import { effective, read } from "./workloads.ts";

export const privileged: Rule = containerRule(
  {
    id: "K8S-01",
    title: "Containers are not privileged",
    description:
      "securityContext.privileged is not true in any container, init container or ephemeral container.",
  },
  (container, out) => {
    const path = `${container.path}.securityContext.privileged`;
    forbidTrue(container.pod, out, path, read(container.pod, path), {
      what: "privileged",
      message: `${container.label} is privileged, which gives it the node; allowed: false or not set`,
      fix: `set ${path} to false`,
    });
  },
);

export const privilegeEscalation: Rule = containerRule(
  {
    id: "K8S-02",
    title: "Containers cannot gain privileges",
    description:
      "securityContext.allowPrivilegeEscalation is false in every container; Kubernetes' default is true.",
  },
  (container, out) => {
    const path = `${container.path}.securityContext.allowPrivilegeEscalation`;
    require(container.pod, out, path, read(container.pod, path), {
      ok: isFalse,
      what: "allowPrivilegeEscalation",
      message: (value) =>
        `${container.label} may gain privileges: allowPrivilegeEscalation is ${value === null ? "not set, and the default is true" : asText(value)}; allowed: false`,
      fix: `set ${path} to false`,
    });
  },
);

/**
 * Either setting is enough: the kubelet refuses to start a container as root under runAsNonRoot, whatever its
 * image or runAsUser says.
 */
export const nonRoot: Rule = containerRule(
  {
    id: "K8S-03",
    title: "Containers do not run as root",
    description:
      "runAsNonRoot is true or runAsUser is above 0. A container's own setting goes before the pod's.",
  },
  (container, out) => {
    const { pod } = container;
    const user = effective(container, "runAsUser");
    const nonRootSetting = effective(container, "runAsNonRoot");
    if (nonRootSetting.found.state === "known" && isTrue(nonRootSetting.found.value)) return;
    if (user.found.state === "known" && asNumber(user.found.value) > 0) return;
    for (const { found, path } of [nonRootSetting, user]) {
      if (found.state !== "unknown" && found.state !== "secret") continue;
      out.unknown(pod.resource, path, whyUnknown(found.state, path.split(".").at(-1)!));
      return;
    }
    const fix = `set ${container.path}.securityContext.runAsNonRoot to true and runAsUser to a user above 0`;
    if (user.found.state === "known") {
      const message = `${container.label} runs as user ${asText(user.found.value)}; allowed: above 0`;
      out.fail(pod.resource, user.path, user.found.value, message, fix);
      return;
    }
    require(pod, out, nonRootSetting.path, nonRootSetting.found, {
      ok: () => false,
      what: "runAsNonRoot",
      message: () =>
        `${container.label} may run as root: neither runAsUser nor runAsNonRoot: true is set; allowed: a user above 0 or runAsNonRoot: true`,
      fix,
    });
  },
);

export const readOnlyRoot: Rule = containerRule(
  {
    id: "K8S-04",
    title: "Containers do not write to their root file system",
    description: "securityContext.readOnlyRootFilesystem is true in every container.",
  },
  (container, out) => {
    const path = `${container.path}.securityContext.readOnlyRootFilesystem`;
    require(container.pod, out, path, read(container.pod, path), {
      ok: isTrue,
      what: "readOnlyRootFilesystem",
      message: (value) =>
        `${container.label} may change its own files: readOnlyRootFilesystem is ${value === null ? "not set" : asText(value)}; needed: true`,
      fix: `set ${path} to true, and mount an emptyDir where it has to write`,
    });
  },
);

export const seccomp: Rule = containerRule(
  {
    id: "K8S-09",
    title: "System calls are filtered",
    description:
      "seccompProfile.type is RuntimeDefault or Localhost for every container. A container's own profile goes before the pod's.",
  },
  (container, out) => {
    const profile = effective(container, "seccompProfile");
    const path = `${profile.path}.type`;
    const found = profile.found.state === "known" ? read(container.pod, path) : profile.found;
    require(container.pod, out, path, found, {
      ok: (value) => value === "RuntimeDefault" || value === "Localhost",
      what: "the seccomp profile",
      message: (value) =>
        `${container.label} runs with ${value === null ? "no seccomp profile" : `seccomp profile ${asText(value)}`}; allowed: RuntimeDefault, Localhost`,
      fix: `set ${container.pod.specPath}.securityContext.seccompProfile.type to RuntimeDefault`,
    });
  },
);
