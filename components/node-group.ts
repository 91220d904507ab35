import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as eks from "@pulumi/aws/eks/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { NodeGroupPlan } from "../plan/index.ts";

export interface NodeGroupArgs {
  readonly plan: NodeGroupPlan;
  readonly clusterName: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<string>[];
  readonly roleArn: pulumi.Input<string>;
  /** Customer key of the root volumes. @default the account's EBS key */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * A managed node group with its launch template: session-token metadata, encrypted gp3 root volume, and for
 * GPU nodes the AMI that carries the NVIDIA driver.
 *
 * Cost: the instances and their volumes by the hour.
 */
export class NodeGroup extends pulumi.ComponentResource {
  private readonly launchTemplate: ec2.LaunchTemplate;
  private readonly group: eks.NodeGroup;

  constructor(name: string, args: NodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("freehold:cluster:NodeGroup", name, {}, opts);
    const { plan } = args;
    this.launchTemplate = new ec2.LaunchTemplate(
      name,
      {
        updateDefaultVersion: true,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeType: "gp3",
              volumeSize: plan.volumeGib,
              iops: plan.volumeIops,
              throughput: plan.volumeThroughputMibps,
              encrypted: "true",
              deleteOnTermination: "true",
              ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
            },
          },
        ],
      },
      { parent: this },
    );
    this.group = new eks.NodeGroup(
      name,
      {
        clusterName: args.clusterName,
        nodeRoleArn: args.roleArn,
        subnetIds: args.subnetIds,
        amiType: plan.amiType,
        capacityType: plan.capacityType,
        instanceTypes: [plan.instance],
        launchTemplate: {
          id: this.launchTemplate.id,
          version: this.launchTemplate.latestVersion.apply((version) => String(version)),
        },
        scalingConfig: { minSize: plan.min, maxSize: plan.max, desiredSize: plan.desired },
        updateConfig: { maxUnavailable: 1 },
        labels: plan.labels,
        taints: plan.taints,
      },
      { parent: this },
    );
    this.registerOutputs({ nodeGroupArn: this.group.arn });
  }

  /** The raw children. */
  get nodes() {
    return { launchTemplate: this.launchTemplate, nodeGroup: this.group };
  }
}
