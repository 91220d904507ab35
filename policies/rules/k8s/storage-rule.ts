/** Volumes that workloads claim: what their class encrypts. */
import type { ResourceGraph } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { type Found, isTrue, requireKey } from "../helpers.ts";
import { asText } from "../text.ts";
import { isHidden, objectRule } from "./object-rule.ts";
import { at, type KubeObject, objects, pathIn, whyUnknown } from "./objects.ts";

const CLASS = { StorageClass: ["storage.k8s.io"] };
/** The CSI driver of EBS, and the provisioner inside Kubernetes that came before it. */
const EBS = ["ebs.csi.aws.com", "kubernetes.io/aws-ebs"];

export const encryptedClasses: Rule = objectRule(
  {
    id: "K8S-36",
    title: "Storage classes encrypt with an own key",
    description:
      'Every StorageClass for EBS has parameters.encrypted: "true" and parameters.kmsKeyId, and every PersistentVolumeClaim names a class of the graph.',
  },
  { ...CLASS, PersistentVolumeClaim: [""] },
  (object, out, _params, graph) => {
    if (object.partial) return;
    if (object.kind === "StorageClass") judgeClass(object, out, graph);
    else judgeClaim(object, out, graph);
  },
);

function judgeClass(object: KubeObject, out: Found, graph: ResourceGraph): void {
  const provisioner = at(object, "provisioner");
  if (isHidden(provisioner)) {
    out.unknown(
      object.resource,
      pathIn(object, "provisioner"),
      whyUnknown(provisioner.state, "the provisioner"),
    );
    return;
  }
  if (provisioner.state !== "known" || !EBS.includes(asText(provisioner.value))) return;
  out.require(
    object.resource,
    pathIn(object, "parameters.encrypted"),
    isTrue,
    'volumes of this class may be unencrypted; needed: encrypted "true"',
    'set parameters.encrypted to "true"',
  );
  const key = pathIn(object, "parameters.kmsKeyId");
  requireKey(out, object.resource, key, graph, `set ${key} to the ARN of your key`);
}

/** Names of the classes of a graph: claims ask for them thousands of times. */
const classes = new WeakMap<ResourceGraph, Set<string>>();

function classesOf(graph: ResourceGraph): Set<string> {
  let names = classes.get(graph);
  if (names === undefined) {
    names = new Set(
      objects(graph, CLASS).found.flatMap((object) => {
        const name = at(object, "metadata.name");
        return name.state === "known" ? [asText(name.value)] : [];
      }),
    );
    classes.set(graph, names);
  }
  return names;
}

function judgeClaim(object: KubeObject, out: Found, graph: ResourceGraph): void {
  out.concerns();
  const name = at(object, "spec.storageClassName");
  if (name.state === "known" && classesOf(graph).has(asText(name.value))) return;
  const why =
    name.state === "absent"
      ? "the claim takes the cluster's default class, which is not in the graph"
      : name.state === "known"
        ? `the class ${asText(name.value)} is not in the graph`
        : whyUnknown(name.state, "the class");
  out.unknown(object.resource, pathIn(object, "spec.storageClassName"), why);
}
