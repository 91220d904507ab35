/** What a container may do on its node: the Pod Security Standards, level "restricted", setting by setting. */
import { isSecret, isUnknown } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { asNumber, asText } from "../text.ts";
import {
  containerRule,
  forbidTrue,
  isFalse,
  isTrue,
  podRule,
  reportUnread,
  require,
} from "./container-rule.ts";
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

export const dropAll: Rule = containerRule(
  {
    id: "K8S-05",
    title: "Containers drop all capabilities",
    description: "securityContext.capabilities.drop holds ALL in every container.",
  },
  (container, out) => {
    const path = `${container.path}.securityContext.capabilities.drop`;
    const found = read(container.pod, path);
    const list = found.state === "known" && Array.isArray(found.value) ? found.value : [];
    // Runtimes compare without regard to case.
    if (list.some((capability) => asText(capability).toUpperCase() === "ALL")) return;
    const hidden = list.findIndex((capability) => isUnknown(capability) || isSecret(capability));
    if (hidden >= 0) {
      out.unknown(container.pod.resource, `${path}[${hidden}]`, "a dropped capability is not known");
      return;
    }
    require(container.pod, out, path, found, {
      ok: () => false,
      what: "capabilities.drop",
      message: () =>
        `${container.label} keeps capabilities: drop is ${list.length > 0 ? list.map(asText).join(", ") : "not set"}; needed: ALL`,
      fix: `set ${path} to ["ALL"]`,
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

export const hostNamespaces: Rule = podRule(
  {
    id: "K8S-10",
    title: "Pods stay out of the node's namespaces",
    description: "hostNetwork, hostPID and hostIPC are not true.",
  },
  (pod, out) => {
    if (read(pod, pod.specPath).state !== "known") return reportUnread(pod, out);
    for (const setting of ["hostNetwork", "hostPID", "hostIPC"]) {
      const path = `${pod.specPath}.${setting}`;
      forbidTrue(pod, out, path, read(pod, path), {
        what: setting,
        message: `the pod shares the node's ${setting.slice(4)} namespace; allowed: false or not set`,
        fix: `remove ${path}`,
      });
    }
  },
);

export const hostPath: Rule = podRule(
  {
    id: "K8S-11",
    title: "Pods do not mount the node's file system",
    description: "No volume of a pod is a hostPath.",
  },
  (pod, out) => {
    if (read(pod, pod.specPath).state !== "known") return reportUnread(pod, out);
    const list = `${pod.specPath}.volumes`;
    const volumes = read(pod, list);
    if (volumes.state === "unknown" || volumes.state === "secret") {
      out.unknown(pod.resource, list, whyUnknown(volumes.state, "the list of volumes"));
    }
    if (volumes.state !== "known" || !Array.isArray(volumes.value)) return;
    for (let i = 0; i < volumes.value.length; i++) {
      const path = `${list}[${i}].hostPath`;
      const found = read(pod, path);
      if (found.state === "absent") continue;
      if (found.state !== "known") {
        out.unknown(pod.resource, path, whyUnknown(found.state, "the volume"));
        continue;
      }
      const target = read(pod, `${path}.path`);
      const value = target.state === "known" ? target.value : null;
      out.fail(
        pod.resource,
        path,
        value,
        `volume ${i} mounts ${value === null ? "a path" : asText(value)} of the node; allowed: emptyDir, persistentVolumeClaim, configMap, secret, projected, csi, ephemeral`,
        `replace ${path} by an emptyDir or a persistentVolumeClaim`,
      );
    }
  },
);
