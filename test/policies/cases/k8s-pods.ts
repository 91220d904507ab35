import { type Case, SECRET, UNKNOWN } from "../graphs.ts";
import {
  container,
  DIGEST,
  deployment,
  everyKind,
  failsInEveryKind,
  IMAGE,
  missingInEveryKind,
  noWorkload,
  podSpec,
  unreadable,
} from "./workloads.ts";

const good = everyKind(podSpec()).map(([graph]) => graph);
const T = "spec.template.spec";

/** A security setting of one container of each kind of container. */
function inEveryContainer(securityContext: unknown) {
  const bad = container({ securityContext });
  return {
    containers: podSpec({ containers: [bad] }),
    initContainers: podSpec({ initContainers: [bad] }),
    ephemeralContainers: podSpec({ ephemeralContainers: [bad] }),
  };
}

/** Violations of a container setting: in every kind of workload, and in init and ephemeral containers. */
function containerFails(securityContext: unknown, setting: string): Case["fail"] {
  const spec = inEveryContainer(securityContext);
  const path = `[0].securityContext.${setting}`;
  return [
    ...failsInEveryKind(spec.containers, `containers${path}`),
    ...failsInEveryKind(spec.initContainers, `initContainers${path}`),
    [deployment(spec.ephemeralContainers), "web", `${T}.ephemeralContainers${path}`],
  ];
}

const hardened = (parts: object) => ({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  ...parts,
});
const one = (parts: Record<string, unknown>) => deployment(podSpec({ containers: [container(parts)] }));
const secured = (parts: object) => one({ securityContext: hardened(parts) });
const podSecurity = (securityContext: unknown, own: object = {}) =>
  deployment(podSpec({ securityContext, containers: [container({ securityContext: hardened(own) })] }));
const image = (text: unknown) => one({ image: text });
const IMAGE_PATH = `${T}.containers[0].image`;
const OWN = `${T}.containers[0].securityContext`;

export const podCases: Case[] = [
  {
    id: "K8S-01",
    pass: [...good, secured({ privileged: false }), one({ securityContext: null })],
    fail: [
      ...containerFails(hardened({ privileged: true }), "privileged"),
      [secured({ privileged: "true" }), "web", `${OWN}.privileged`],
      [
        deployment(
          podSpec({ containers: [container(), container({ securityContext: { privileged: true } })] }),
        ),
        "web",
        `${T}.containers[1].securityContext.privileged`,
      ],
    ],
    unknown: [...unreadable, secured({ privileged: UNKNOWN }), one({ securityContext: SECRET })],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-02",
    pass: good,
    fail: [
      ...containerFails({ allowPrivilegeEscalation: true }, "allowPrivilegeEscalation"),
      // Kubernetes' default is true.
      ...missingInEveryKind(
        podSpec({ containers: [container({ securityContext: {} })] }),
        "containers[0].securityContext.allowPrivilegeEscalation",
      ),
      [one({ securityContext: undefined }), "web", `${OWN}.allowPrivilegeEscalation`],
    ],
    unknown: [...unreadable, secured({ allowPrivilegeEscalation: UNKNOWN })],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-03",
    pass: [
      ...good,
      podSecurity({ runAsUser: 1000 }),
      podSecurity({ runAsNonRoot: false }, { runAsNonRoot: true }),
      podSecurity({}, { runAsUser: 65534 }),
      podSecurity({ runAsUser: 0 }, { runAsUser: 1000 }),
      podSecurity({ runAsNonRoot: false, runAsUser: 1000 }),
      // The kubelet refuses to start root under runAsNonRoot.
      podSecurity({ runAsNonRoot: true }, { runAsUser: 0 }),
      podSecurity({ runAsNonRoot: true, runAsUser: UNKNOWN }),
    ],
    fail: [
      ...missingInEveryKind(podSpec({ securityContext: {} }), "containers[0].securityContext.runAsNonRoot"),
      [podSecurity({ runAsNonRoot: false }), "web", `${T}.securityContext.runAsNonRoot`],
      [podSecurity({ runAsNonRoot: true }, { runAsNonRoot: false }), "web", `${OWN}.runAsNonRoot`],
      [podSecurity({ runAsUser: 0 }), "web", `${T}.securityContext.runAsUser`],
      [podSecurity({ runAsUser: 1000 }, { runAsUser: 0 }), "web", `${OWN}.runAsUser`],
      [
        deployment(
          podSpec({
            securityContext: {},
            containers: [container({ securityContext: { runAsNonRoot: true } })],
            initContainers: [container()],
          }),
        ),
        "web",
        `${T}.initContainers[0].securityContext.runAsNonRoot`,
      ],
    ],
    unknown: [
      ...unreadable,
      podSecurity(UNKNOWN),
      podSecurity({ runAsNonRoot: UNKNOWN }),
      podSecurity({ runAsUser: UNKNOWN }),
      podSecurity({}, { runAsUser: SECRET }),
      podSecurity({ runAsNonRoot: UNKNOWN, runAsUser: 0 }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-05",
    pass: [...good, secured({ capabilities: { drop: ["all"], add: ["NET_BIND_SERVICE"] } })],
    fail: [
      ...containerFails({ capabilities: { drop: ["NET_RAW", "SYS_ADMIN"] } }, "capabilities.drop"),
      [secured({ capabilities: undefined }), "web", `${OWN}.capabilities.drop`],
      [secured({ capabilities: { add: ["ALL"] } }), "web", `${OWN}.capabilities.drop`],
      [secured({ capabilities: { drop: [] } }), "web", `${OWN}.capabilities.drop`],
    ],
    unknown: [
      ...unreadable,
      secured({ capabilities: UNKNOWN }),
      secured({ capabilities: { drop: UNKNOWN } }),
      secured({ capabilities: { drop: ["NET_RAW", UNKNOWN] } }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-09",
    pass: [
      ...good,
      podSecurity({}, { seccompProfile: { type: "Localhost", localhostProfile: "web.json" } }),
      podSecurity({ seccompProfile: { type: "Unconfined" } }, { seccompProfile: { type: "RuntimeDefault" } }),
    ],
    fail: [
      ...containerFails(hardened({ seccompProfile: { type: "Unconfined" } }), "seccompProfile.type"),
      [podSecurity({}), "web", `${OWN}.seccompProfile.type`],
      [
        podSecurity({ seccompProfile: { type: "Unconfined" } }),
        "web",
        `${T}.securityContext.seccompProfile.type`,
      ],
      [podSecurity({ seccompProfile: {} }), "web", `${T}.securityContext.seccompProfile.type`],
    ],
    unknown: [
      ...unreadable,
      podSecurity({ seccompProfile: UNKNOWN }),
      podSecurity({ seccompProfile: { type: UNKNOWN } }),
      podSecurity({ seccompProfile: SECRET }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-10",
    pass: [...good, deployment(podSpec({ hostNetwork: false, hostPID: false, hostIPC: false }))],
    fail: [
      ...failsInEveryKind(podSpec({ hostNetwork: true }), "hostNetwork"),
      ...failsInEveryKind(podSpec({ hostPID: true }), "hostPID"),
      ...failsInEveryKind(podSpec({ hostIPC: true }), "hostIPC"),
    ],
    unknown: [
      deployment(UNKNOWN),
      deployment(podSpec({ hostNetwork: UNKNOWN })),
      deployment(podSpec({ hostPID: SECRET })),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-11",
    pass: [...good, deployment(podSpec({ volumes: undefined }))],
    fail: [
      ...failsInEveryKind(
        podSpec({
          volumes: [
            { name: "cache", emptyDir: {} },
            { name: "dev", hostPath: { path: "/dev" } },
          ],
        }),
        "volumes[1].hostPath",
      ),
      [
        deployment(podSpec({ volumes: [{ name: "run", hostPath: { path: UNKNOWN } }] })),
        "web",
        `${T}.volumes[0].hostPath`,
      ],
    ],
    unknown: [
      deployment(UNKNOWN),
      deployment(podSpec({ volumes: UNKNOWN })),
      deployment(podSpec({ volumes: [UNKNOWN] })),
      deployment(podSpec({ volumes: [{ name: "x", hostPath: UNKNOWN }] })),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-19",
    pass: [
      ...good,
      image("registry.example:5000/web:1.2"),
      image("web:1"),
      // A digest fixes the image whatever its tag.
      image(`web@${DIGEST}`),
    ],
    fail: [
      ...failsInEveryKind(
        podSpec({ containers: [container({ image: "web:latest" })] }),
        "containers[0].image",
      ),
      ...failsInEveryKind(
        podSpec({ initContainers: [container({ image: "web" })] }),
        "initContainers[0].image",
      ),
      [image("registry.example:5000/web"), "web", IMAGE_PATH],
      [image("web:"), "web", IMAGE_PATH],
      [
        deployment(podSpec({ ephemeralContainers: [container({ image: "busybox:latest" })] })),
        "web",
        `${T}.ephemeralContainers[0].image`,
      ],
    ],
    unknown: [...unreadable, image(UNKNOWN), image(SECRET), image(undefined)],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-20",
    pass: [...good, image(`web@${DIGEST}`)],
    fail: [
      ...failsInEveryKind(
        podSpec({ containers: [container({ image: "web:1.2.3" })] }),
        "containers[0].image",
      ),
      [image("web"), "web", IMAGE_PATH],
      [image("web@sha256:"), "web", IMAGE_PATH],
      [image(`web@md5:${"0".repeat(32)}`), "web", IMAGE_PATH],
      [
        deployment(podSpec({ initContainers: [container({ image: "web:1" })] })),
        "web",
        `${T}.initContainers[0].image`,
      ],
    ],
    unknown: [...unreadable, image(UNKNOWN), image(SECRET)],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-21",
    pass: [
      ...good,
      { ...image("ghcr.io/team/web:1"), config: { allowedRegistries: ["ghcr.io/team"] } },
      { ...image("nginx:1"), config: { allowedRegistries: ["docker.io"] } },
      { ...image("GHCR.io/team/web:1"), config: { allowedRegistries: ["https://ghcr.io/"] } },
    ],
    fail: [
      ...failsInEveryKind(
        podSpec({ containers: [container({ image: "ghcr.io/x/web:1" })] }),
        "containers[0].image",
      ),
      [image("registry.example.evil/web:1"), "web", IMAGE_PATH],
      [image("evil/registry.example/web:1"), "web", IMAGE_PATH],
      [image("nginx:1"), "web", IMAGE_PATH],
      [
        { ...image("ghcr.io/team-x/web:1"), config: { allowedRegistries: ["ghcr.io/team"] } },
        "web",
        IMAGE_PATH,
      ],
      [{ ...image(IMAGE), config: { allowedRegistries: [] } }, "web", IMAGE_PATH],
    ],
    unknown: [...unreadable, image(UNKNOWN), { ...image(IMAGE), config: {} }],
    notApplicable: [noWorkload],
  },
];
