import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { policyDocument, servicePrincipal } from "../plan/infrastructure/iam.ts";
import { Component, type ComponentArgs, demand, demandUnique } from "./base.ts";
import { NodeGroup } from "./node-group.ts";
import { NodeRole } from "./node-role.ts";

export interface ClusterArgs extends ComponentArgs {
  /** The AWS layer of the plan. */
  readonly plan: InfrastructurePlan;
  /** Private subnets in at least two zones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Customer key of Kubernetes secrets; needed where the plan has one. */
  readonly secretsKeyArn?: pulumi.Input<string>;
  /** Customer key of node volumes; needed where the plan has one. */
  readonly dataKeyArn?: pulumi.Input<string>;
}

/** Add-ons that nodes need before they can become ready. */
const BEFORE_NODES = new Set(["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]);

/**
 * An EKS cluster with a private endpoint, envelope encryption, every log type, access entries, add-ons and its
 * managed node groups.
 *
 * ### Cost
 * The control plane by the hour; nodes by instance type.
 */
export class Cluster extends Component {
  static readonly __pulumiType = "freehold:cluster:Cluster";
  readonly clusterName: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly certificateAuthority: pulumi.Output<string>;
  readonly cluster: eks.Cluster;
  readonly nodeGroups: NodeGroup[];
  private readonly addons: eks.Addon[];

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    checkCluster(args);
    super(Cluster.__pulumiType, name, args, opts);
    const parent = { parent: this };
    const role = this.clusterRole(name, plan, args.secretsKeyArn !== undefined);
    this.cluster = new eks.Cluster(
      `${name}-control-plane`,
      {
        name: plan.cluster.name,
        version: plan.cluster.version,
        roleArn: role.role.arn,
        vpcConfig: { subnetIds: args.subnetIds, endpointPrivateAccess: true, endpointPublicAccess: false },
        kubernetesNetworkConfig: { serviceIpv4Cidr: plan.cluster.serviceCidr },
        enabledClusterLogTypes: plan.cluster.logTypes,
        accessConfig: {
          authenticationMode: "API",
          // Without a named administrator the creator is the only way in.
          bootstrapClusterCreatorAdminPermissions: plan.cluster.admins.length === 0,
        },
        bootstrapSelfManagedAddons: false,
        ...(args.secretsKeyArn !== undefined && {
          encryptionConfig: { provider: { keyArn: args.secretsKeyArn }, resources: ["secrets"] },
        }),
      },
      { parent: this, dependsOn: role.policies },
    );
    this.clusterName = this.cluster.name;
    this.endpoint = this.cluster.endpoint;
    this.certificateAuthority = this.cluster.certificateAuthority.data;
    this.accessEntries(name, plan);

    const addon = (entry: InfrastructurePlan["cluster"]["addons"][number], dependsOn: pulumi.Resource[]) =>
      new eks.Addon(
        `${name}-addon-${entry.name}`,
        {
          clusterName: this.cluster.name,
          addonName: entry.name,
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
          ...(entry.version !== null && { addonVersion: entry.version }),
          ...(entry.configuration !== null && { configurationValues: JSON.stringify(entry.configuration) }),
        },
        { parent: this, dependsOn },
      );
    const early = plan.cluster.addons
      .filter((entry) => BEFORE_NODES.has(entry.name))
      .map((entry) => addon(entry, []));
    const nodeRole = new NodeRole(
      `${name}-managed-node`,
      { plan, roleName: `${plan.name}-managed-node` },
      parent,
    );
    this.nodeGroups = plan.nodeGroups.map(
      (group) =>
        new NodeGroup(
          `${name}-group-${group.name}`,
          {
            plan: group,
            clusterName: this.cluster.name,
            subnetIds: args.subnetIds,
            roleArn: nodeRole.arn,
            ...(args.dataKeyArn !== undefined && { kmsKeyArn: args.dataKeyArn }),
          },
          {
            parent: this,
            dependsOn: [...early, ...nodeRole.nodes.policies],
          },
        ),
    );
    const late = plan.cluster.addons
      .filter((entry) => !BEFORE_NODES.has(entry.name))
      .map((entry) => addon(entry, this.nodeGroups));
    this.addons = [...early, ...late];
    this.registerOutputs({ clusterName: this.clusterName, endpoint: this.endpoint });
  }

  private clusterRole(name: string, plan: InfrastructurePlan, ownKey: boolean) {
    const role = new iam.Role(
      `${name}-role`,
      {
        name: `${plan.name}-cluster`,
        assumeRolePolicy: JSON.stringify(servicePrincipal("eks.amazonaws.com")),
      },
      { parent: this },
    );
    const policies: pulumi.Resource[] = [
      new iam.RolePolicyAttachment(
        `${name}-role-policy`,
        { role: role.name, policyArn: `arn:${plan.partition}:iam::aws:policy/AmazonEKSClusterPolicy` },
        { parent: this },
      ),
    ];
    if (ownKey) {
      // The key's policy hands the decision to IAM; the alias condition names the one key.
      const policy = policyDocument([
        {
          Effect: "Allow",
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:CreateGrant"],
          Resource: [`arn:${plan.partition}:kms:${plan.region}:${plan.accountId}:key/*`],
          Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": `alias/${plan.name}-secrets` } },
        },
      ]);
      policies.push(
        new iam.RolePolicy(
          `${name}-secrets-policy`,
          { role: role.name, policy: JSON.stringify(policy) },
          { parent: this },
        ),
      );
    }
    return { role, policies };
  }

  private accessEntries(name: string, plan: InfrastructurePlan): void {
    for (const [index, principalArn] of plan.cluster.admins.entries()) {
      const entry = new eks.AccessEntry(
        `${name}-admin-${index}-entry`,
        { clusterName: this.cluster.name, principalArn, type: "STANDARD" },
        { parent: this },
      );
      new eks.AccessPolicyAssociation(
        `${name}-admin-${index}-policy`,
        {
          clusterName: this.cluster.name,
          principalArn,
          policyArn: `arn:${plan.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
          accessScope: { type: "cluster" },
        },
        { parent: this, dependsOn: [entry] },
      );
    }
  }

  /** The raw children. */
  get nodes() {
    return { cluster: this.cluster, nodeGroups: this.nodeGroups, addons: this.addons };
  }
}

/** A key that the plan has and the caller forgot would leave its data under a key that is not the customer's. */
function checkCluster({ plan, subnetIds, secretsKeyArn, dataKeyArn }: ClusterArgs): void {
  demand(subnetIds.length >= 2, "subnetIds", `${subnetIds.length} given; EKS asks for subnets in two zones`);
  demandUnique(
    plan.nodeGroups.map((group) => group.name),
    "plan.nodeGroups",
  );
  const planned = new Set(plan.keys.map((key) => key.role));
  for (const [role, arn, path] of [
    ["secrets", secretsKeyArn, "secretsKeyArn"],
    ["data", dataKeyArn, "dataKeyArn"],
  ] as const) {
    demand(
      !planned.has(role) || arn !== undefined,
      path,
      `is missing although the plan has a key for ${role}; pass its ARN`,
    );
  }
}
