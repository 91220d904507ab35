import { type Case, type Doc, type Entry, type Json, SECRET, UNKNOWN } from "../graphs.ts";
import {
  container,
  deployment,
  doc,
  everyKind,
  failsInEveryKind,
  missingInEveryKind,
  noWorkload,
  podSpec,
  unreadable,
  workload,
} from "./workloads.ts";

const T = "spec.template.spec";
const C = `${T}.containers[0]`;
const one = (parts: Json) => deployment(podSpec({ containers: [container(parts)] }));
const inEveryKind = (parts: Json) =>
  everyKind(podSpec({ containers: [container(parts)] })).map(([graph]) => graph);
const inInit = (parts: Json, good: Json) =>
  deployment(podSpec({ containers: [container(good)], initContainers: [container(parts)] }));

/** Pods of which a part cannot be read, and the rest of which meets the control. */
const unreadableBut = (parts: Json) => [
  deployment(UNKNOWN),
  deployment(podSpec({ containers: UNKNOWN })),
  deployment(podSpec({ containers: [container(parts), UNKNOWN] })),
  deployment(podSpec({ containers: [container(parts)], initContainers: UNKNOWN })),
];

const READ_ONLY = { securityContext: { readOnlyRootFilesystem: true } };

const AMOUNTS = { cpu: "2", memory: "1Gi" };
const LIMITED = { resources: { limits: AMOUNTS, requests: AMOUNTS } };
const limits = (value: unknown) => one({ resources: { limits: value } });

/** A limit: stated, above zero, in every container but ephemeral ones. */
function limitCase(id: string, what: string): Case {
  const other = what === "cpu" ? { memory: "1Gi" } : { cpu: "2" };
  const path = `resources.limits.${what}`;
  return {
    id,
    pass: [
      ...inEveryKind(LIMITED),
      limits({ [what]: 2 }),
      deployment(podSpec({ containers: [container(LIMITED)], ephemeralContainers: [container()] })),
    ],
    fail: [
      ...missingInEveryKind(
        podSpec({ containers: [container({ resources: { limits: other } })] }),
        `containers[0].${path}`,
      ),
      [one({}), "web", `${C}.${path}`],
      [limits({ [what]: "0" }), "web", `${C}.${path}`],
      [one({ resources: { requests: AMOUNTS } }), "web", `${C}.${path}`],
      [inInit({}, LIMITED), "web", `${T}.initContainers[0].${path}`],
    ],
    unknown: [
      ...unreadableBut(LIMITED),
      limits(UNKNOWN),
      limits({ [what]: UNKNOWN }),
      limits({ [what]: SECRET }),
    ],
    notApplicable: [noWorkload],
  };
}

function requestCase(id: string, what: string): Case {
  const other = what === "cpu" ? { memory: "1Gi" } : { cpu: "2" };
  const path = `resources.requests.${what}`;
  return {
    id,
    pass: [
      ...inEveryKind(LIMITED),
      one({ resources: { requests: { [what]: "500m" } } }),
      // The API server fills it with the limit.
      limits({ [what]: "1" }),
    ],
    fail: [
      ...missingInEveryKind(
        podSpec({ containers: [container({ resources: { requests: other } })] }),
        `containers[0].${path}`,
      ),
      [one({ resources: { requests: { [what]: 0 } } }), "web", `${C}.${path}`],
      [inInit({}, LIMITED), "web", `${T}.initContainers[0].${path}`],
    ],
    unknown: [
      ...unreadableBut(LIMITED),
      one({ resources: UNKNOWN }),
      one({ resources: { requests: { [what]: UNKNOWN } } }),
      limits({ [what]: UNKNOWN }),
    ],
    notApplicable: [noWorkload],
  };
}

const env = (...entries: unknown[]) => one({ env: entries });
const fromSecret = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: "db", key: "password" } } });

const token = (value: unknown, more: Json = {}) => podSpec({ automountServiceAccountToken: value, ...more });
const account = (value: unknown, namespace = "serving"): Entry => ({
  type: "kubernetes:core/v1:ServiceAccount",
  name: "account",
  props: { metadata: { name: "web", namespace }, automountServiceAccountToken: value },
});
const withAccount = (value: unknown, namespace?: string): Doc =>
  doc(workload("Deployment", podSpec({ serviceAccountName: "web" })), account(value, namespace));
const AUTOMOUNT = `${T}.automountServiceAccountToken`;

export const advisoryCases: Case[] = [
  {
    id: "K8S-04",
    pass: inEveryKind(READ_ONLY),
    fail: [
      ...failsInEveryKind(
        podSpec({ containers: [container({ securityContext: { readOnlyRootFilesystem: false } })] }),
        "containers[0].securityContext.readOnlyRootFilesystem",
      ),
      ...missingInEveryKind(podSpec(), "containers[0].securityContext.readOnlyRootFilesystem"),
      [inInit({}, READ_ONLY), "web", `${T}.initContainers[0].securityContext.readOnlyRootFilesystem`],
    ],
    unknown: [...unreadableBut(READ_ONLY), one({ securityContext: { readOnlyRootFilesystem: UNKNOWN } })].map(
      (graph) => graph,
    ),
    notApplicable: [noWorkload],
  },
  limitCase("K8S-15", "cpu"),
  limitCase("K8S-16", "memory"),
  requestCase("K8S-17", "cpu"),
  requestCase("K8S-18", "memory"),
  {
    id: "K8S-22",
    pass: [
      ...everyKind(podSpec()).map(([graph]) => graph),
      env(
        { name: "MODE", value: "fast" },
        { name: "MAP", valueFrom: { configMapKeyRef: { name: "m", key: "k" } } },
      ),
      // What the engine's own control asks for.
      env(fromSecret("VLLM_API_KEY")),
      one({ envFrom: [{ configMapRef: { name: "settings" } }] }),
    ],
    fail: [
      ...failsInEveryKind(
        podSpec({ containers: [container({ env: [{ name: "A", value: "1" }, fromSecret("DB_PASSWORD")] })] }),
        "containers[0].env[1].valueFrom.secretKeyRef",
      ),
      [one({ envFrom: [{ secretRef: { name: "db" } }] }), "web", `${C}.envFrom[0].secretRef`],
      [inInit({ env: [fromSecret("X")] }, {}), "web", `${T}.initContainers[0].env[0].valueFrom.secretKeyRef`],
    ],
    unknown: [
      ...unreadable,
      env(UNKNOWN),
      one({ env: UNKNOWN }),
      env({ name: "A", valueFrom: UNKNOWN }),
      one({ envFrom: UNKNOWN }),
      one({ envFrom: [UNKNOWN] }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-25",
    pass: [
      ...everyKind(token(false)).map(([graph]) => graph),
      withAccount(false),
      {
        resources: [
          account(false),
          {
            ...workload("Deployment", podSpec({ serviceAccountName: UNKNOWN })),
            refs: { "spec.template.spec.serviceAccountName": "account" },
          },
        ],
      },
    ],
    fail: [
      ...failsInEveryKind(token(true), "automountServiceAccountToken"),
      ...missingInEveryKind(podSpec(), "automountServiceAccountToken"),
      [withAccount(true), "web", AUTOMOUNT],
      [withAccount(undefined), "web", AUTOMOUNT],
      // The pod's own setting goes before its account's.
      [
        doc(workload("Deployment", token(true, { serviceAccountName: "web" })), account(false)),
        "web",
        AUTOMOUNT,
      ],
    ],
    unknown: [
      deployment(UNKNOWN),
      deployment(token(UNKNOWN)),
      withAccount(UNKNOWN),
      // The account is in another namespace, so this one is not in the graph.
      withAccount(false, "other"),
      deployment(podSpec({ serviceAccountName: "elsewhere" })),
      deployment(podSpec({ serviceAccountName: UNKNOWN })),
    ],
    notApplicable: [noWorkload],
  },
];
