import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { servicePrincipal } from "../plan/infrastructure/iam.ts";

export interface NodeRoleArgs {
  readonly plan: InfrastructurePlan;
  /** Suffix of the role's name. */
  readonly role: string;
}

const POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

/** The IAM role of EKS nodes: join the cluster, run the CNI, pull images. Pods get roles of their own. Cost: none. */
export class NodeRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  private readonly role: iam.Role;
  private readonly policies: iam.RolePolicyAttachment[];

  constructor(name: string, args: NodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("freehold:cluster:NodeRole", name, {}, opts);
    this.role = new iam.Role(
      name,
      {
        name: `${args.plan.name}-${args.role}`,
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
