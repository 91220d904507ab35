import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import * as vpc from "@pulumi/aws/vpc/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { servicePrincipal } from "../plan/infrastructure/iam.ts";

export interface AccessArgs {
  readonly plan: InfrastructurePlan;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetId: pulumi.Input<string>;
  /** Security group of the cluster, which must let the instance in. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
}

/** Port on the runner's machine at which the port-forward listens. */
export const FORWARDED_PORT = 9443;
const IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/**
 * An instance without any ingress through which AWS Systems Manager forwards the cluster's private port.
 *
 * Cost: one t3.micro and its 10 GiB volume.
 */
export class Access extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  private readonly instance: ec2.Instance;

  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("freehold:cluster:Access", name, {}, opts);
    const { plan } = args;
    const parent = { parent: this };
    const role = new iam.Role(
      name,
      {
        name: `${plan.name}-access`,
        assumeRolePolicy: JSON.stringify(servicePrincipal("ec2.amazonaws.com")),
      },
      parent,
    );
    const policy = new iam.RolePolicyAttachment(
      name,
      { role: role.name, policyArn: `arn:${plan.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore` },
      parent,
    );
    const profile = new iam.InstanceProfile(name, { name: `${plan.name}-access`, role: role.name }, parent);
    const group = new ec2.SecurityGroup(
      name,
      { vpcId: args.vpcId, description: "Port-forward to the cluster endpoint: no ingress" },
      parent,
    );
    new vpc.SecurityGroupEgressRule(
      name,
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
      name,
      {
        imageId: IMAGE,
        updateDefaultVersion: true,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: { volumeType: "gp3", volumeSize: 10, encrypted: "true", deleteOnTermination: "true" },
          },
        ],
      },
      parent,
    );
    this.instance = new ec2.Instance(
      name,
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
