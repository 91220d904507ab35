/** The pods that workloads make, with their containers. */
import { type Lookup, lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { asText } from "../text.ts";
import { type Namespace, namespaceOf } from "./namespaces.ts";
import { at, type Kinds, type KubeObject, objects, pathIn, type Unread } from "./objects.ts";

/** `extensions` is the group that Deployment, DaemonSet and ReplicaSet came from. */
export const WORKLOADS: Kinds = {
  Pod: [""],
  ReplicationController: [""],
  Deployment: ["apps", "extensions"],
  StatefulSet: ["apps"],
  DaemonSet: ["apps", "extensions"],
  ReplicaSet: ["apps", "extensions"],
  Job: ["batch"],
  CronJob: ["batch"],
};

export type ContainerKind = "containers" | "initContainers" | "ephemeralContainers";
const CONTAINER_KINDS: readonly ContainerKind[] = ["containers", "initContainers", "ephemeralContainers"];

export interface Container {
  pod: PodSpec;
  kind: ContainerKind;
  /** Full path, e.g. "spec.template.spec.containers[0]". */
  path: string;
  /** Name in quotes for messages, or the path where there is none. */
  label: string;
}

export interface PodSpec {
  resource: Resource;
  object: KubeObject;
  /** Full path of the pod spec. */
  specPath: string;
  /** Full path of the pod's labels. */
  labelsPath: string;
  namespace: Namespace;
  partial: boolean;
  containers: Container[];
  /** Parts of the spec that hold or may hold containers and cannot be read. */
  unread: Unread[];
}

function templatePath(kind: string): string {
  if (kind === "Pod") return "";
  return kind === "CronJob" ? "spec.jobTemplate.spec.template." : "spec.template.";
}

/**
 * The pod specs of a graph. `unread` lists resources that may hold workloads that cannot be read.
 * A patch that does not touch the pod spec is left out.
 */
export function podSpecs(graph: ResourceGraph): { pods: PodSpec[]; unread: Unread[] } {
  const { found, unread } = objects(graph, WORKLOADS);
  const pods: PodSpec[] = [];
  for (const object of found) {
    const template = templatePath(object.kind);
    const spec = at(object, `${template}spec`);
    if (spec.state === "absent" && object.partial) continue;
    const pod: PodSpec = {
      resource: object.resource,
      object,
      specPath: pathIn(object, `${template}spec`),
      labelsPath: pathIn(object, `${template}metadata.labels`),
      namespace: namespaceOf(graph, object),
      partial: object.partial,
      containers: [],
      unread: [],
    };
    if (spec.state !== "known")
      pod.unread.push({ resource: object.resource, path: pod.specPath, state: spec.state });
    else for (const kind of CONTAINER_KINDS) addContainers(pod, kind);
    pods.push(pod);
  }
  return { pods, unread };
}

function addContainers(pod: PodSpec, kind: ContainerKind): void {
  const list = `${pod.specPath}.${kind}`;
  const found = read(pod, list);
  const items = found.state === "known" && Array.isArray(found.value) ? found.value.length : 0;
  for (let i = 0; i < items; i++) {
    const path = `${list}[${i}]`;
    const { state } = read(pod, path);
    if (state === "known") {
      const name = read(pod, `${path}.name`);
      const label =
        name.state === "known" ? `container "${asText(name.value)}"` : `the container at ${kind}[${i}]`;
      pod.containers.push({ pod, kind, path, label });
    } else pod.unread.push({ resource: pod.resource, path, state });
  }
  const required = kind === "containers" && !pod.partial && items === 0;
  if (found.state === "unknown" || found.state === "secret" || required) {
    pod.unread.push({ resource: pod.resource, path: list, state: found.state });
  }
}

/** What stands at a full path of the pod's resource. */
export function read(pod: PodSpec, path: string): Lookup {
  return lookup(pod.resource.props, path);
}

/** A security setting of a container: its own where it has one, else the pod's. */
export function effective(container: Container, setting: string): { found: Lookup; path: string } {
  const own = `${container.path}.securityContext.${setting}`;
  const found = read(container.pod, own);
  if (found.state !== "absent") return { found, path: own };
  const path = `${container.pod.specPath}.securityContext.${setting}`;
  const inherited = read(container.pod, path);
  return inherited.state === "absent" ? { found, path: own } : { found: inherited, path };
}
