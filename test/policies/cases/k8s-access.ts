import { type Case, SECRET, UNKNOWN } from "../graphs.ts";
import {
  container,
  deployment,
  everyKind,
  failsInEveryKind,
  missingInEveryKind,
  noWorkload,
  podSpec,
  unreadable,
} from "./workloads.ts";

const good = everyKind(podSpec()).map(([graph]) => graph);
const T = "spec.template.spec";
const C = `${T}.containers[0]`;
const one = (parts: Record<string, unknown>) => deployment(podSpec({ containers: [container(parts)] }));
const capabilities = (value: unknown) => one({ securityContext: { capabilities: value } });
const CAPABILITIES = `${C}.securityContext.capabilities`;

/** A container part that is wrong: in every kind of workload, and in init and ephemeral containers. */
function everywhere(parts: Record<string, unknown>, path: string): Case["fail"] {
  const bad = container(parts);
  return [
    ...failsInEveryKind(podSpec({ containers: [bad] }), `containers[0].${path}`),
    ...failsInEveryKind(podSpec({ initContainers: [bad] }), `initContainers[0].${path}`),
    [deployment(podSpec({ ephemeralContainers: [bad] })), "web", `${T}.ephemeralContainers[0].${path}`],
  ];
}
const adds = (...add: unknown[]) => ({ securityContext: { capabilities: { drop: ["ALL"], add } } });

const mounts = (path: unknown) =>
  deployment(
    podSpec({
      volumes: [
        { name: "cache", emptyDir: {} },
        { name: "host", hostPath: { path } },
      ],
    }),
  );
const MOUNT = `${T}.volumes[1].hostPath.path`;
const ports = (...list: unknown[]) => one({ ports: list });
const setsSysctls = (...list: unknown[]) => deployment(podSpec({ securityContext: { sysctls: list } }));
const SYSCTLS = `${T}.securityContext.sysctls`;

export const accessCases: Case[] = [
  {
    id: "K8S-06",
    pass: [
      ...good,
      capabilities({ drop: ["NET_RAW"] }),
      capabilities({ drop: ["net_raw", "SYS_ADMIN"] }),
      capabilities({ drop: ["all"] }),
    ],
    fail: [
      ...everywhere(
        { securityContext: { capabilities: { drop: ["NET_ADMIN"] } } },
        "securityContext.capabilities.drop",
      ),
      ...missingInEveryKind(
        podSpec({ containers: [container({ securityContext: {} })] }),
        "containers[0].securityContext.capabilities.drop",
      ),
      [capabilities(undefined), "web", `${CAPABILITIES}.drop`],
      [capabilities({ drop: [] }), "web", `${CAPABILITIES}.drop`],
      [capabilities({ add: ["NET_RAW"] }), "web", `${CAPABILITIES}.drop`],
    ],
    unknown: [
      ...unreadable,
      capabilities(UNKNOWN),
      capabilities({ drop: UNKNOWN }),
      capabilities({ drop: SECRET }),
      capabilities({ drop: ["NET_ADMIN", UNKNOWN] }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-07",
    pass: [...good, capabilities({ add: [] }), capabilities(null), one({ securityContext: undefined })],
    fail: [
      ...everywhere(adds("NET_BIND_SERVICE"), "securityContext.capabilities.add[0]"),
      [one(adds("IPC_LOCK", "SYS_PTRACE")), "web", `${CAPABILITIES}.add[1]`],
      [one(adds(UNKNOWN, "IPC_LOCK")), "web", `${CAPABILITIES}.add[1]`],
    ],
    unknown: [
      ...unreadable,
      capabilities(UNKNOWN),
      capabilities({ add: UNKNOWN }),
      one(adds(UNKNOWN)),
      one(adds(SECRET)),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-08",
    pass: [...good, one(adds("NET_BIND_SERVICE", "IPC_LOCK")), one(adds())],
    fail: [
      ...everywhere(adds("IPC_LOCK", "SYS_ADMIN"), "securityContext.capabilities.add[1]"),
      [one(adds("sys_admin")), "web", `${CAPABILITIES}.add[0]`],
      [one(adds("CAP_SYS_ADMIN")), "web", `${CAPABILITIES}.add[0]`],
      // Every capability is that one, too.
      [one(adds("ALL")), "web", `${CAPABILITIES}.add[0]`],
    ],
    unknown: [...unreadable, capabilities({ add: UNKNOWN }), one(adds("IPC_LOCK", UNKNOWN))],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-12",
    pass: [
      ...good,
      mounts("/data"),
      mounts("/var/log"),
      mounts("/var/runtime"),
      mounts("/run/docker.sock.d/x"),
      deployment(podSpec({ volumes: undefined })),
    ],
    fail: [
      ...failsInEveryKind(
        podSpec({ volumes: [{ name: "sock", hostPath: { path: "/var/run/docker.sock" } }] }),
        "volumes[0].hostPath.path",
      ),
      [mounts("/run/containerd/containerd.sock"), "web", MOUNT],
      [mounts("/var/run/crio/crio.sock"), "web", MOUNT],
      [mounts("/run/cri-dockerd.sock"), "web", MOUNT],
      [mounts("//var//run/./docker.sock/"), "web", MOUNT],
      [mounts("/run/k3s/containerd/containerd.sock"), "web", MOUNT],
      // A folder gives what is in it.
      [mounts("/"), "web", MOUNT],
      [mounts("/var"), "web", MOUNT],
      [mounts("/var/run"), "web", MOUNT],
      [mounts("/run/containerd/"), "web", MOUNT],
    ],
    unknown: [
      deployment(UNKNOWN),
      mounts(UNKNOWN),
      mounts(SECRET),
      deployment(podSpec({ volumes: UNKNOWN })),
      deployment(podSpec({ volumes: [UNKNOWN] })),
      deployment(podSpec({ volumes: [{ name: "x", hostPath: UNKNOWN }] })),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-13",
    pass: [...good, ports({ containerPort: 8000 }), ports({ containerPort: 8000, hostPort: 0 })],
    fail: [
      ...everywhere(
        { ports: [{ containerPort: 8000 }, { containerPort: 53, hostPort: 53 }] },
        "ports[1].hostPort",
      ),
      [ports({ containerPort: 80, hostPort: "8080" }), "web", `${C}.ports[0].hostPort`],
    ],
    unknown: [
      ...unreadable,
      one({ ports: UNKNOWN }),
      ports(UNKNOWN),
      ports({ containerPort: 80, hostPort: UNKNOWN }),
      ports({ containerPort: 80, hostPort: SECRET }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-14",
    pass: [
      ...good,
      setsSysctls(),
      setsSysctls({ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }),
      setsSysctls({ name: "net/ipv4/tcp_keepalive_time", value: "600" }),
    ],
    fail: [
      ...failsInEveryKind(
        podSpec({
          securityContext: {
            sysctls: [
              { name: "kernel.shm_rmid_forced", value: "1" },
              { name: "kernel.msgmax", value: "65536" },
            ],
          },
        }),
        "securityContext.sysctls[1].name",
      ),
      [setsSysctls({ name: "net.core.somaxconn", value: "1024" }), "web", `${SYSCTLS}[0].name`],
      [setsSysctls({ name: "net.ipv4.*", value: "1" }), "web", `${SYSCTLS}[0].name`],
    ],
    unknown: [
      deployment(UNKNOWN),
      setsSysctls(UNKNOWN),
      setsSysctls({ name: UNKNOWN, value: "1" }),
      deployment(podSpec({ securityContext: UNKNOWN })),
      deployment(podSpec({ securityContext: { sysctls: UNKNOWN } })),
    ],
    notApplicable: [noWorkload],
  },
];
