import * as iam from "@pulumi/aws/iam/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { servicePrincipal } from "../plan/infrastructure/iam.ts";
import { Component, type ComponentArgs } from "./base.ts";

export interface NodeRoleArgs extends ComponentArgs {
  /** The AWS layer of the plan. */
  readonly plan: InfrastructurePlan;
  /** Name of the role in IAM. */
  readonly roleName: string;
}

const POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

/**
 * The IAM role of EKS nodes: join the cluster, run the CNI, pull images. Pods get roles of their own.
 *
 * ### Cost
 * None.
 */
export class NodeRole extends Component {
  static readonly __pulumiType = "freehold:cluster:NodeRole";
  readonly arn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  private readonly role: iam.Role;
  private readonly policies: iam.RolePolicyAttachment[];

  constructor(name: string, args: NodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super(NodeRole.__pulumiType, name, args, opts);
    this.role = new iam.Role(
      `${name}-role`,
      {
        name: args.roleName,
        assumeRolePolicy: JSON.stringify(servicePrincipal("ec2.amazonaws.com")),
      },
      { parent: this },
    );
    this.policies = POLICIES.map(
      (policy) =>
        new iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: this.role.name, policyArn: `arn:${args.plan.partition}:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
    this.arn = this.role.arn;
    this.roleName = this.role.name;
    this.registerOutputs({ arn: this.arn });
  }

  /** The raw children. */
  get nodes() {
    return { role: this.role, policies: this.policies };
  }
}
