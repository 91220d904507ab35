import { type Case, type Doc, type Entry, type Json, SECRET, UNKNOWN } from "../graphs.ts";
import { doc, KINDS, noWorkload, podSpec, workload } from "./workloads.ts";

function networkPolicy(spec: unknown, namespace: unknown = "serving", type = "NetworkPolicy"): Entry {
  const token =
    type === "ApplicationNetworkPolicy"
      ? "kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy"
      : "kubernetes:networking.k8s.io/v1:NetworkPolicy";
  return { type: token, name: "policy", props: { metadata: { namespace }, spec } };
}

const web = workload("Deployment", podSpec());
const withPolicy = (...policies: Entry[]): Doc => doc(web, ...policies);
const selecting = (podSelector: unknown, namespace?: unknown) =>
  withPolicy(networkPolicy({ podSelector, policyTypes: ["Ingress"] }, namespace));
const LABELS = "spec.template.metadata.labels";

/** The workload and its policy refer to a Namespace resource whose name Pulumi generates. */
const generatedNamespace: Doc = {
  resources: [
    { type: "kubernetes:core/v1:Namespace", name: "ns", props: {} },
    { ...workload("Deployment", podSpec(), { namespace: UNKNOWN }), refs: { "metadata.namespace": "ns" } },
    {
      ...networkPolicy({ podSelector: {}, policyTypes: ["Egress"] }, UNKNOWN),
      refs: { "metadata.namespace": "ns" },
    },
  ],
};

const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const NAMESPACE = "metadata.namespace";

const egress = (...rules: unknown[]): Doc =>
  doc(networkPolicy({ podSelector: {}, policyTypes: ["Egress"], egress: rules }));
const to = (...peers: unknown[]) => egress({ to: peers });
const block = (cidr: unknown) => to({ ipBlock: { cidr } });
const TO = "spec.egress[0].to";
const CIDR = `${TO}[0].ipBlock.cidr`;
const names = (domainNames: unknown, allowedEgressHosts?: string[]): Doc => ({
  ...doc(
    networkPolicy(
      { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ domainNames }] }] },
      "serving",
      "ApplicationNetworkPolicy",
    ),
  ),
  ...(allowedEgressHosts && { config: { allowedEgressHosts } }),
});
const DNS = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];
const RESOLVER = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

function inNamespace(metadata: Json, provider?: unknown): Doc {
  const entry = workload("Deployment", podSpec(), metadata);
  if (provider === undefined) return doc(entry);
  return doc(
    { type: "pulumi:providers:kubernetes", name: "k8s", props: { namespace: provider } },
    { ...entry, provider: "k8s" },
  );
}
const object = (type: string, metadata: Json): Doc => doc({ type, name: "web", props: { metadata } });

export const networkCases: Case[] = [
  {
    id: "K8S-24",
    pass: [
      ...KINDS.map(([kind]) => doc(workload(kind, podSpec()))),
      inNamespace({}, "serving"),
      generatedNamespace,
      // Kubernetes makes these itself in every namespace.
      object("kubernetes:core/v1:Service", { name: "kubernetes", namespace: "default" }),
      object("kubernetes:core/v1:ServiceAccount", { name: "default" }),
    ],
    fail: [
      ...KINDS.map(([kind]): [Doc, string, string] => [doc(workload(kind, podSpec(), {})), "web", NAMESPACE]),
      ...KINDS.map(([kind]): [Doc, string, string] => [
        doc(workload(kind, podSpec(), { namespace: "default" })),
        "web",
        NAMESPACE,
      ]),
      [inNamespace({ namespace: "" }), "web", NAMESPACE],
      [inNamespace({}, "default"), "web", NAMESPACE],
      [inNamespace({ namespace: "default" }, "serving"), "web", NAMESPACE],
      [object("kubernetes:core/v1:Service", { name: "web" }), "web", NAMESPACE],
      [object("kubernetes:core/v1:Secret", { name: "token", namespace: "default" }), "web", NAMESPACE],
      [object("kubernetes:rbac.authorization.k8s.io/v1:Role", { name: "web" }), "web", NAMESPACE],
    ],
    unknown: [
      inNamespace({ namespace: UNKNOWN }),
      inNamespace({ namespace: SECRET }),
      inNamespace({}, UNKNOWN),
    ],
    notApplicable: [noWorkload, object("kubernetes:core/v1:Namespace", { name: "serving" })],
  },
  {
    id: "K8S-27",
    pass: [
      ...KINDS.map(([kind]) => doc(workload(kind, podSpec()), networkPolicy({ podSelector: {} }))),
      selecting({ matchLabels: { app: "web" } }),
      selecting({ matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] }),
      selecting({ matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }),
      selecting({ matchExpressions: [{ key: "app", operator: "NotIn", values: ["api"] }] }),
      withPolicy(networkPolicy({ podSelector: {} }, "serving", "ApplicationNetworkPolicy")),
      generatedNamespace,
    ],
    fail: [
      ...KINDS.map(([kind, , template]): [Doc, string, string] => [
        doc(workload(kind, podSpec())),
        "web",
        `${template}metadata.labels`,
      ]),
      [selecting({ matchLabels: { app: "api" } }), "web", LABELS],
      [selecting({ matchLabels: { app: "web", tier: "front" } }), "web", LABELS],
      [selecting({ matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] }), "web", LABELS],
      [selecting({ matchExpressions: [{ key: "tier", operator: "Exists" }] }), "web", LABELS],
      // A policy of another namespace selects nothing here.
      [selecting({}, "default"), "web", LABELS],
    ],
    unknown: [
      selecting(UNKNOWN),
      selecting({ matchLabels: { app: UNKNOWN } }),
      selecting({}, UNKNOWN),
      doc(workload("Deployment", podSpec(), { namespace: UNKNOWN }), networkPolicy({ podSelector: {} })),
      doc(web, {
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicyList",
        name: "policies",
        props: { items: UNKNOWN },
      }),
    ],
    notApplicable: [noWorkload, doc(networkPolicy({ podSelector: {} }))],
  },
  {
    id: "K8S-28",
    pass: [
      withPolicy(networkPolicy(denyAll)),
      withPolicy(networkPolicy({ podSelector: {}, policyTypes: ["Egress"], egress: [] })),
      withPolicy(networkPolicy({ policyTypes: ["Egress"] })),
      generatedNamespace,
    ],
    fail: [
      [withPolicy(), "web", NAMESPACE],
      [withPolicy(networkPolicy({ podSelector: {}, policyTypes: ["Ingress"] })), "web", NAMESPACE],
      // Without policyTypes and egress rules a policy restricts only ingress.
      [withPolicy(networkPolicy({ podSelector: {} })), "web", NAMESPACE],
      [withPolicy(networkPolicy(denyAll, "other")), "web", NAMESPACE],
      [
        withPolicy(networkPolicy({ ...denyAll, podSelector: { matchLabels: { app: "web" } } })),
        "web",
        NAMESPACE,
      ],
      [withPolicy(networkPolicy({ ...denyAll, egress: [{}] })), "web", NAMESPACE],
      [doc(workload("CronJob", podSpec())), "web", NAMESPACE],
    ],
    unknown: [
      withPolicy(networkPolicy(UNKNOWN)),
      withPolicy(networkPolicy({ ...denyAll, podSelector: UNKNOWN })),
      withPolicy(networkPolicy({ ...denyAll, policyTypes: UNKNOWN })),
      withPolicy(networkPolicy(denyAll, UNKNOWN)),
    ],
    notApplicable: [noWorkload, doc(networkPolicy(denyAll))],
  },
  {
    id: "K8S-29",
    pass: [
      doc(networkPolicy(denyAll)),
      to({ podSelector: {} }, { namespaceSelector: {} }),
      block("10.0.0.0/8"),
      block("fd00::/8"),
      block("203.0.113.7/32"),
      egress({ to: [RESOLVER], ports: DNS }),
      names(["weights.example"], ["weights.example"]),
      names(["eu.weights.example"], ["*.weights.example"]),
      // An ingress policy may keep egress rules without effect.
      doc(networkPolicy({ podSelector: {}, policyTypes: ["Ingress"], egress: [{}] })),
    ],
    fail: [
      [block("0.0.0.0/0"), "policy", CIDR],
      [block("::/0"), "policy", CIDR],
      [block("0.0.0.0/1"), "policy", CIDR],
      [to({ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }), "policy", CIDR],
      [egress({}), "policy", TO],
      [egress({ to: [] }), "policy", TO],
      [egress({ ports: [{ port: 443 }] }), "policy", TO],
      [egress({ ports: [...DNS, { port: 443 }] }), "policy", TO],
      [egress({ ports: [{ port: 53, endPort: 65535 }] }), "policy", TO],
      [to(RESOLVER, { ipBlock: { cidr: "0.0.0.0/0" } }), "policy", `${TO}[1].ipBlock.cidr`],
      [egress({ to: [RESOLVER] }, {}), "policy", "spec.egress[1].to"],
      [to({}), "policy", `${TO}[0]`],
      [names(["api.example"], ["weights.example"]), "policy", `${TO}[0].domainNames[0]`],
      [names(["weights.example.evil"], ["weights.example"]), "policy", `${TO}[0].domainNames[0]`],
      [names(["*"], ["weights.example"]), "policy", `${TO}[0].domainNames[0]`],
      [names(["weights.example"]), "policy", `${TO}[0].domainNames[0]`],
      // Without policyTypes, egress rules make it an egress policy.
      [doc(networkPolicy({ podSelector: {}, egress: [{}] })), "policy", TO],
    ],
    unknown: [
      // A warning: only name resolution leaves, which is a channel for data nevertheless.
      egress({ ports: DNS }),
      egress({ to: [], ports: [{ port: "53" }] }),
      doc(networkPolicy(UNKNOWN)),
      egress(UNKNOWN),
      block(UNKNOWN),
      block(SECRET),
      to(UNKNOWN),
      egress({ to: UNKNOWN }),
      names(UNKNOWN, ["weights.example"]),
      names([UNKNOWN], ["weights.example"]),
    ],
    notApplicable: [noWorkload, doc(web)],
  },
];
