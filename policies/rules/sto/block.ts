/** STO-01 to 05: volumes, snapshots and machine images. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { elements, type Found, isTrue, ofType, requireKey, rule } from "../helpers.ts";

const NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";

/** Calls `judge` with the path of every EBS device of launch templates and node classes. */
function eachDevice(
  found: Found,
  graph: ResourceGraph,
  judge: (resource: Resource, path: string, keyProperty: string) => void,
): void {
  const holders: [resource: Resource, list: string, keyProperty: string][] = [
    ...ofType(graph, "ec2.LaunchTemplate").map((template): [Resource, string, string] => [
      template,
      "blockDeviceMappings",
      "kmsKeyId",
    ]),
    ...(graph.byType.get(NODE_CLASS) ?? []).map((nodeClass): [Resource, string, string] => [
      nodeClass,
      "spec.blockDeviceMappings",
      "kmsKeyID",
    ]),
  ];
  for (const [resource, list, keyProperty] of holders) {
    found.concerns();
    const devices = elements(resource, list);
    if (devices === null) found.unknown(resource, list, "the devices are not known yet");
    for (const { path } of devices ?? []) {
      // A mapping without ebs is an instance store, or takes a device away.
      if (lookup(resource.props, `${path}.ebs`).state !== "absent")
        judge(resource, `${path}.ebs`, keyProperty);
    }
  }
}

export const volumeRule = rule(
  "STO-01",
  "Volumes are encrypted",
  "Each EBS volume, launch template and node class encrypts its devices.",
  (found, graph) => {
    for (const volume of ofType(graph, "ebs.Volume"))
      found.require(volume, "encrypted", isTrue, "the volume is not encrypted", "encrypted: true");
    eachDevice(found, graph, (resource, path) =>
      found.require(
        resource,
        `${path}.encrypted`,
        isTrue,
        "the device is not encrypted",
        "ebs.encrypted: true",
      ),
    );
  },
);

export const volumeKeyRule = rule(
  "STO-02",
  "Volumes have an own key",
  "Each EBS volume, launch template and node class names a customer-managed key for its devices.",
  (found, graph) => {
    for (const volume of ofType(graph, "ebs.Volume"))
      requireKey(found, volume, "kmsKeyId", graph, "kmsKeyId: the ARN of your key");
    eachDevice(found, graph, (resource, path, property) =>
      requireKey(found, resource, `${path}.${property}`, graph, `ebs.${property}: the ARN of your key`),
    );
  },
);

/** Provider default: true. Source: @pulumi/aws ebs.EncryptionByDefault.enabled. */
export const defaultEncryptionRule = rule(
  "STO-03",
  "Encryption of new volumes is not switched off",
  "The account's default encryption of EBS volumes is not switched off.",
  (found, graph) => {
    for (const setting of ofType(graph, "ebs.EncryptionByDefault"))
      found.require(
        setting,
        "enabled",
        isTrue,
        "new volumes are not encrypted by default",
        "enabled: true",
        "pass",
      );
  },
);

export const snapshotCopyRule = rule(
  "STO-04",
  "Copies of snapshots are encrypted with an own key",
  "Each copy of a snapshot is encrypted and names a customer-managed key.",
  (found, graph) => {
    for (const copy of ofType(graph, "ebs.SnapshotCopy")) {
      found.require(copy, "encrypted", isTrue, "the copy is not encrypted", "encrypted: true");
      requireKey(found, copy, "kmsKeyId", graph, "kmsKeyId: the ARN of your key");
    }
  },
);

export const imageCopyRule = rule(
  "STO-05",
  "Copies of machine images are encrypted",
  "Each copy of a machine image encrypts its snapshots.",
  (found, graph) => {
    for (const copy of ofType(graph, "ec2.AmiCopy"))
      found.require(copy, "encrypted", isTrue, "the copy is not encrypted", "encrypted: true");
  },
);
