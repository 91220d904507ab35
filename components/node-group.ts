import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as eks from "@pulumi/aws/eks/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { NodeGroupPlan } from "../plan/index.ts";
import { Component, type ComponentArgs, demand } from "./base.ts";

export interface NodeGroupArgs extends ComponentArgs {
  /** One node group of the AWS layer. */
  readonly plan: NodeGroupPlan;
  /** The EKS cluster that the nodes join. */
  readonly clusterName: pulumi.Input<string>;
  /** Private subnets. */
  readonly subnetIds: pulumi.Input<string>[];
  /** IAM role of the nodes. */
  readonly roleArn: pulumi.Input<string>;
  /** Customer key of the root volumes. @default - the account's EBS key */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * A managed node group with its launch template: session-token metadata, encrypted gp3 root volume, and for
 * GPU nodes the AMI that carries the NVIDIA driver.
 *
 * ### Cost
 * The instances and their volumes, by the hour.
 */
export class NodeGroup extends Component {
  static readonly __pulumiType = "freehold:cluster:NodeGroup";
  private readonly launchTemplate: ec2.LaunchTemplate;
  private readonly group: eks.NodeGroup;

  constructor(name: string, args: NodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    demand(
      plan.min <= plan.desired && plan.desired <= plan.max,
      "plan.desired",
      `${plan.desired} is not between min ${plan.min} and max ${plan.max}`,
    );
    demand(args.subnetIds.length > 0, "subnetIds", "is empty; name the private subnets of the cluster");
    super(NodeGroup.__pulumiType, name, args, opts);
    this.launchTemplate = new ec2.LaunchTemplate(
      `${name}-template`,
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
      `${name}-nodes`,
      {
        // The logical name is too long for the 63 characters that EKS allows.
        nodeGroupNamePrefix: `${plan.name.slice(0, 36)}-`,
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
