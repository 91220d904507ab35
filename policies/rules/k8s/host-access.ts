/** What of its node a pod reaches: namespaces, files, the container runtime, ports, kernel settings. */
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { asNumber, asText } from "../text.ts";
import { containerRule, forbidTrue, podRule, reportUnread } from "./container-rule.ts";
import { whyUnknown } from "./objects.ts";
import { type PodSpec, read } from "./workloads.ts";

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

/** Calls `judge` for every entry of a list of the pod; what of the list is not known is reported. */
function eachEntry(
  pod: PodSpec,
  out: Found,
  list: string,
  what: { list: string; entry: string },
  judge: (path: string, index: number) => void,
): void {
  if (read(pod, pod.specPath).state !== "known") {
    reportUnread(pod, out);
    return;
  }
  const found = read(pod, list);
  if (found.state === "unknown" || found.state === "secret")
    out.unknown(pod.resource, list, whyUnknown(found.state, what.list));
  if (found.state !== "known" || !Array.isArray(found.value)) return;
  for (let index = 0; index < found.value.length; index++) {
    const path = `${list}[${index}]`;
    const { state } = read(pod, path);
    if (state === "known") judge(path, index);
    else if (state !== "absent") out.unknown(pod.resource, path, whyUnknown(state, what.entry));
  }
}

/** Calls `judge` for every hostPath volume, with the path on the node, null where that is not known. */
function eachHostPath(
  pod: PodSpec,
  out: Found,
  judge: (path: string, index: number, target: string | null) => void,
): void {
  const what = { list: "the list of volumes", entry: "the volume" };
  eachEntry(pod, out, `${pod.specPath}.volumes`, what, (entry, index) => {
    const path = `${entry}.hostPath`;
    const found = read(pod, path);
    if (found.state === "absent") return;
    if (found.state !== "known") {
      out.unknown(pod.resource, path, whyUnknown(found.state, "the volume"));
      return;
    }
    const target = read(pod, `${path}.path`);
    judge(path, index, target.state === "known" ? asText(target.value) : null);
  });
}

export const hostPath: Rule = podRule(
  {
    id: "K8S-11",
    title: "Pods do not mount the node's file system",
    description: "No volume of a pod is a hostPath.",
  },
  (pod, out) =>
    eachHostPath(pod, out, (path, index, target) =>
      out.fail(
        pod.resource,
        path,
        target,
        `volume ${index} mounts ${target ?? "a path"} of the node; allowed: emptyDir, persistentVolumeClaim, configMap, secret, projected, csi, ephemeral`,
        `replace ${path} by an emptyDir or a persistentVolumeClaim`,
      ),
    ),
);

/** Sockets of kyverno's disallow-cri-sock-mount; k3s and others keep theirs in folders of their own. */
const SOCKETS = [
  "/run/docker.sock",
  "/run/containerd/containerd.sock",
  "/run/crio/crio.sock",
  "/run/cri-dockerd.sock",
];

/** Whether a path on the node is a container runtime's socket, or a folder that holds one. */
function reachesRuntime(target: string): boolean {
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  // A link on every current distribution: /var/run is /run.
  const path = `/${parts.join("/")}`.replace(/^\/var\/run(?=\/|$)/, "/run");
  if (SOCKETS.some((socket) => path.endsWith(socket.slice(socket.lastIndexOf("/"))))) return true;
  return path === "/" || path === "/var" || SOCKETS.some((socket) => socket.startsWith(`${path}/`));
}

export const runtimeSocket: Rule = podRule(
  {
    id: "K8S-12",
    title: "Pods do not reach the container runtime",
    description:
      "No hostPath volume is the socket of Docker, containerd, CRI-O or cri-dockerd, or a folder of the node that holds one.",
  },
  (pod, out) =>
    eachHostPath(pod, out, (path, index, target) => {
      if (target === null)
        out.unknown(pod.resource, `${path}.path`, "which path of the node is mounted is not known");
      else if (reachesRuntime(target))
        out.fail(
          pod.resource,
          `${path}.path`,
          target,
          `volume ${index} mounts ${target}, through which the pod rules every container of the node; allowed: no socket of a container runtime and no folder that holds one`,
          `remove the volume ${path}`,
        );
    }),
);

export const hostPort: Rule = containerRule(
  {
    id: "K8S-13",
    title: "Containers open no port of the node",
    description: "ports[].hostPort is 0 or not set in every container.",
  },
  (container, out) => {
    const { pod, label } = container;
    const what = { list: "the list of ports", entry: "the port" };
    eachEntry(pod, out, `${container.path}.ports`, what, (entry) => {
      const path = `${entry}.hostPort`;
      const port = read(pod, path);
      if (port.state === "unknown" || port.state === "secret")
        out.unknown(pod.resource, path, whyUnknown(port.state, "the host port"));
      else if (port.state === "known" && asNumber(port.value) !== 0)
        out.fail(
          pod.resource,
          path,
          port.value,
          `${label} opens port ${asText(port.value)} of the node, past network policies; allowed: 0 or not set`,
          `remove ${path}`,
        );
    });
  },
);

/**
 * Settings that hold for the pod alone: Pod Security's "baseline" list
 * (kubernetes/kubernetes@04791b4 staging/src/k8s.io/pod-security-admission/policy/check_sysctls.go) and what
 * Kubernetes took into its safe set from 1.27 to 1.32 (kubernetes.io, Linux Kernel Version Requirements).
 */
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

export const sysctls: Rule = podRule(
  {
    id: "K8S-14",
    title: "Pods change no kernel setting of the node",
    description: `Every name in securityContext.sysctls is one of the safe ones: ${SAFE_SYSCTLS.join(", ")}.`,
  },
  (pod, out) => {
    const what = { list: "the list of sysctls", entry: "the sysctl" };
    eachEntry(pod, out, `${pod.specPath}.securityContext.sysctls`, what, (entry) => {
      const path = `${entry}.name`;
      const name = read(pod, path);
      if (name.state === "unknown" || name.state === "secret")
        out.unknown(pod.resource, path, whyUnknown(name.state, "the name of the sysctl"));
      // The kernel's own spelling has slashes for dots (KEP 34).
      else if (name.state === "known" && !SAFE_SYSCTLS.includes(asText(name.value).replaceAll("/", ".")))
        out.fail(
          pod.resource,
          path,
          name.value,
          `the pod sets ${asText(name.value)}, which is not confined to it; allowed: ${SAFE_SYSCTLS.join(", ")}`,
          `remove ${entry}`,
        );
    });
  },
);
