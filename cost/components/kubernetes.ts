import { lookup, type Resource } from "../../graph/index.ts";
import { type ComponentTable, type Context, exactly, free, type NotKnown, unpriced } from "./component.ts";
import { text } from "./read.ts";
import { parseGib, type Volume, volumeComponents } from "./volume.ts";

/** Bytes, as GiB: what a Kubernetes quantity without a unit counts. */
const BYTE = 2 ** -30;

/** EBS volume type behind a claim, by its storage class. */
function volumeType(resource: Resource, { graph }: Context): string | NotKnown {
  const name = text(resource, "spec.storageClassName");
  if (name === undefined) return { unknown: "the cluster's default storage class is not in the graph" };
  const classes = graph.byType.get("kubernetes:storage.k8s.io/v1:StorageClass") ?? [];
  const found = classes.find((entry) => text(entry, "metadata.name") === name);
  if (!found) return name === "gp3" ? "gp3" : { unknown: `storage class ${name} is not in the graph` };
  if (!/ebs\.csi/.test(text(found, "provisioner") ?? ""))
    return { unknown: `${name} is not a class of EBS volumes` };
  // The driver's own default is gp3.
  return text(found, "parameters.type") ?? "gp3";
}

function claimVolume(resource: Resource, context: Context): Volume | NotKnown {
  const type = volumeType(resource, context);
  if (typeof type !== "string") return type;
  const size = lookup(resource.props, "spec.resources.requests.storage");
  const gib = size.state === "known" ? parseGib(size.value, BYTE) : undefined;
  return gib === undefined
    ? { unknown: "spec.resources.requests.storage is not known before the deployment" }
    : { type, gib, iops: null, mibps: null };
}

const isBalancer = (resource: Resource) => text(resource, "spec.type") === "LoadBalancer";
const hasVolumes = (resource: Resource) =>
  lookup(resource.props, "spec.volumeClaimTemplates").state !== "absent";
const isPriced = (_: Resource, { plan }: Context) =>
  plan?.nodePools.some((pool) => pool.provisioner === "karpenter") ?? false;

/** Why every other Kubernetes object is free. */
export const IN_CLUSTER = "an object of the cluster; its pods run on nodes that are priced";

const RELEASE = [free("its pods run on the nodes that are priced")];
const BALANCED = [
  unpriced("load balancer", "the controller that makes a load balancer from it is not in the graph"),
];
const STARTS_NODES = [
  free("the nodes that it starts are priced from the plan", isPriced),
  unpriced(
    "nodes that Karpenter starts",
    "how many nodes it starts, and of which type, only a plan says",
    (resource, context) => !isPriced(resource, context),
  ),
];

/** Kubernetes objects that make something in AWS. All others are free. */
export const KUBERNETES: ComponentTable = {
  "kubernetes:core/v1:Service": [
    free(IN_CLUSTER, (resource) => !isBalancer(resource)),
    unpriced("load balancer", "its kind and its addresses are decided in the cluster", isBalancer),
  ],
  "kubernetes:networking.k8s.io/v1:Ingress": BALANCED,
  "kubernetes:gateway.networking.k8s.io/v1:Gateway": BALANCED,
  "kubernetes:core/v1:PersistentVolumeClaim": volumeComponents("volume", (resource, context) => ({
    volume: claimVolume(resource, context),
    count: exactly(1),
  })),
  "kubernetes:apps/v1:StatefulSet": [
    free(IN_CLUSTER, (resource) => !hasVolumes(resource)),
    unpriced(
      "volumes of its replicas",
      "volumeClaimTemplates make volumes that are not in the graph",
      hasVolumes,
    ),
  ],
  "kubernetes:karpenter.sh/v1:NodePool": STARTS_NODES,
  "kubernetes:karpenter.sh/v1beta1:NodePool": STARTS_NODES,
  "kubernetes:helm.sh/v3:Release": RELEASE,
  "kubernetes:helm.sh/v4:Chart": RELEASE,
};
