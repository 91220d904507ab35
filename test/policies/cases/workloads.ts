import { type Doc, type Entry, type Json, UNKNOWN } from "../graphs.ts";

export const DIGEST = `sha256:${"8a69ffad".repeat(8)}`;
export const IMAGE = `registry.example/web:1.2.3@${DIGEST}`;

/** Kinds that make pods, with their types and the path of the pod template. */
export const KINDS: readonly [kind: string, type: string, template: string][] = [
  ["Pod", "kubernetes:core/v1:Pod", ""],
  ["ReplicationController", "kubernetes:core/v1:ReplicationController", "spec.template."],
  ["Deployment", "kubernetes:apps/v1:Deployment", "spec.template."],
  ["StatefulSet", "kubernetes:apps/v1:StatefulSet", "spec.template."],
  ["DaemonSet", "kubernetes:apps/v1:DaemonSet", "spec.template."],
  ["ReplicaSet", "kubernetes:apps/v1:ReplicaSet", "spec.template."],
  ["Job", "kubernetes:batch/v1:Job", "spec.template."],
  ["CronJob", "kubernetes:batch/v1:CronJob", "spec.jobTemplate.spec.template."],
];

/** A container that meets every pod control. */
export function container(parts: Json = {}): Json {
  return {
    name: "web",
    image: IMAGE,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    ...parts,
  };
}

/** A pod spec that meets every pod control. */
export function podSpec(parts: Json = {}): Json {
  return {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container()],
    volumes: [{ name: "cache", emptyDir: {} }],
    ...parts,
  };
}

/** One workload named "web". Kinds as in KINDS. */
export function workload(kind: string, spec: unknown, metadata: Json = { namespace: "serving" }): Entry {
  const [, type, template] = KINDS.find(([name]) => name === kind)!;
  const pod = { metadata: { labels: { app: "web" } }, spec };
  const props =
    template === ""
      ? { metadata: { ...metadata, labels: { app: "web" } }, spec }
      : {
          metadata,
          spec: kind === "CronJob" ? { jobTemplate: { spec: { template: pod } } } : { template: pod },
        };
  return { type, name: "web", props };
}

export function doc(...resources: Entry[]): Doc {
  return { config: { allowedRegistries: ["registry.example/"] }, resources };
}

export const deployment = (spec: unknown, metadata?: Json): Doc =>
  doc(workload("Deployment", spec, metadata ?? { namespace: "serving" }));

/** The same pod in every kind of workload, alone and in lists, with the path of its spec. */
export function everyKind(spec: unknown): [doc: Doc, specPath: string][] {
  const single = KINDS.map(([kind, , template]): [Doc, string] => [
    doc(workload(kind, spec)),
    `${template}spec`,
  ]);
  const item = workload("Deployment", spec).props;
  return [
    ...single,
    [
      doc({ type: "kubernetes:apps/v1:DeploymentList", name: "web", props: { items: [item] } }),
      "items[0].spec.template.spec",
    ],
    [doc({ type: "kubernetes:apps/v1:DeploymentPatch", name: "web", props: item }), "spec.template.spec"],
    [
      doc({ type: "kubernetes:extensions/v1beta1:Deployment", name: "web", props: item }),
      "spec.template.spec",
    ],
  ];
}

/** Violations in every kind of workload; `path` is below the pod spec. */
export function failsInEveryKind(spec: unknown, path: string): [Doc, string, string][] {
  return everyKind(spec).map(([graph, base]) => [graph, "web", `${base}.${path}`]);
}

/** The same for a setting that is missing: what a patch leaves out is decided elsewhere. */
export function missingInEveryKind(spec: unknown, path: string): [Doc, string, string][] {
  return failsInEveryKind(spec, path).filter(([graph]) => !graph.resources[0]!.type.endsWith("Patch"));
}

/** Pods that cannot be read in whole or in part. */
export const unreadable: Doc[] = [
  deployment(UNKNOWN),
  deployment(podSpec({ containers: UNKNOWN })),
  deployment(podSpec({ containers: [container(), UNKNOWN] })),
  deployment(podSpec({ initContainers: UNKNOWN })),
  doc({ type: "kubernetes:apps/v1:DeploymentList", name: "web", props: { items: UNKNOWN } }),
];

/** A graph without any workload. */
export const noWorkload = doc({ type: "aws:s3/bucket:Bucket", name: "data", props: {} });
