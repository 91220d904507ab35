import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as kms from "@pulumi/aws/kms/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { Component, type ComponentArgs, demandUnique } from "./base.ts";

export interface GovernanceArgs extends ComponentArgs {
  /** The AWS layer of the plan. */
  readonly plan: InfrastructurePlan;
}

/**
 * Customer-managed keys (one for data, one for Kubernetes secrets, one for logs) and the audit log groups.
 *
 * ### Cost
 * 1 USD a month for each key, and what the log groups take in and store, by the GB.
 */
export class Governance extends Component {
  static readonly __pulumiType = "freehold:governance:Governance";
  /** ARNs of the keys by role; empty without customer keys. */
  readonly keyArns: Partial<Record<"data" | "secrets" | "logs", pulumi.Output<string>>> = {};
  readonly clusterLogGroup: cloudwatch.LogGroup;
  readonly flowLogGroup: cloudwatch.LogGroup;
  private readonly keys: kms.Key[] = [];

  constructor(name: string, args: GovernanceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    demandUnique(
      plan.keys.map((key) => key.role),
      "plan.keys",
    );
    super(Governance.__pulumiType, name, args, opts);
    for (const key of plan.keys) {
      const resource = new kms.Key(
        `${name}-${key.role}-key`,
        {
          description: key.description,
          enableKeyRotation: true,
          deletionWindowInDays: 30,
          policy: JSON.stringify(key.policy),
        },
        { parent: this },
      );
      new kms.Alias(
        `${name}-${key.role}-alias`,
        { name: `alias/${plan.name}-${key.role}`, targetKeyId: resource.keyId },
        { parent: this },
      );
      this.keyArns[key.role] = resource.arn;
      this.keys.push(resource);
    }
    const logGroup = (role: string, group: string, retentionInDays: number) =>
      new cloudwatch.LogGroup(
        `${name}-${role}`,
        {
          name: group,
          retentionInDays,
          kmsKeyId: this.keyArns.logs,
          tags: { "freehold:data": "audit" },
        },
        { parent: this },
      );
    this.clusterLogGroup = logGroup("cluster-logs", plan.cluster.logGroup, plan.cluster.retentionDays);
    this.flowLogGroup = logGroup(
      "flow-logs",
      plan.network.flowLogs.logGroup,
      plan.network.flowLogs.retentionDays,
    );
    this.registerOutputs({
      clusterLogGroup: this.clusterLogGroup.name,
      flowLogGroup: this.flowLogGroup.name,
    });
  }

  /** The raw children. */
  get nodes() {
    return { keys: this.keys, logGroups: [this.clusterLogGroup, this.flowLogGroup] };
  }
}
