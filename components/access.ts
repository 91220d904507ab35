import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import * as vpc from "@pulumi/aws/vpc/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { servicePrincipal } from "../plan/infrastructure/iam.ts";
import { Component, type ComponentArgs } from "./base.ts";

export interface AccessArgs extends ComponentArgs {
  /** The AWS layer of the plan. */
  readonly plan: InfrastructurePlan;
  /** VPC of the cluster. */
  readonly vpcId: pulumi.Input<string>;
  /** A private subnet with a way to Systems Manager: a NAT gateway or its endpoints. */
  readonly subnetId: pulumi.Input<string>;
  /** Security group of the cluster, which must let the instance in. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  /** Customer key of the root volume. @default - the account's EBS key */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** Port on the runner's machine at which the port-forward listens. */
export const FORWARDED_PORT = 9443;
const IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/**
 * An instance without any ingress through which AWS Systems Manager forwards the cluster's private port.
 *
 * ### Cost
 * One t3.micro and its 10 GiB volume, by the hour.
 */
export class Access extends Component {
  static readonly __pulumiType = "freehold:cluster:Access";
  /** The instance to forward through: `aws ssm start-session --target <id>`. */
  readonly instanceId: pulumi.Output<string>;
  private readonly instance: ec2.Instance;

  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Access.__pulumiType, name, args, opts);
    const { plan } = args;
    const parent = { parent: this };
    const role = new iam.Role(
      `${name}-role`,
      {
        name: `${plan.name}-access`,
        assumeRolePolicy: JSON.stringify(servicePrincipal("ec2.amazonaws.com")),
      },
      parent,
    );
    const policy = new iam.RolePolicyAttachment(
      `${name}-ssm`,
      { role: role.name, policyArn: `arn:${plan.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore` },
      parent,
    );
    const profile = new iam.InstanceProfile(
      `${name}-profile`,
      { name: `${plan.name}-access`, role: role.name },
      parent,
    );
    const group = new ec2.SecurityGroup(
      `${name}-group`,
      { vpcId: args.vpcId, description: "Port-forward to the cluster endpoint: no ingress" },
      parent,
    );
    new vpc.SecurityGroupEgressRule(
      `${name}-https`,
      {
        securityGroupId: group.id,
        description: "HTTPS to the cluster and to Systems Manager",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
      parent,
    );
    new vpc.SecurityGroupIngressRule(
      `${name}-cluster`,
      {
        securityGroupId: args.clusterSecurityGroupId,
        referencedSecurityGroupId: group.id,
        description: "Kubernetes API from the port-forward",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
      parent,
    );
    const template = new ec2.LaunchTemplate(
      `${name}-template`,
      {
        imageId: IMAGE,
        updateDefaultVersion: true,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeType: "gp3",
              volumeSize: 10,
              encrypted: "true",
              deleteOnTermination: "true",
              ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
            },
          },
        ],
      },
      parent,
    );
    this.instance = new ec2.Instance(
      `${name}-instance`,
      {
        instanceType: "t3.micro",
        launchTemplate: { id: template.id, version: "$Latest" },
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        associatePublicIpAddress: false,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        tags: { Name: `${plan.name}-access` },
      },
      { parent: this, dependsOn: [policy] },
    );
    this.instanceId = this.instance.id;
    this.registerOutputs({ instanceId: this.instanceId });
  }

  /** The raw children. */
  get nodes() {
    return { instance: this.instance };
  }
}
