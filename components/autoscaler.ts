import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import * as sqs from "@pulumi/aws/sqs/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { podIdentityTrust, policyDocument } from "../plan/infrastructure/iam.ts";
import { Component, type ComponentArgs, demand } from "./base.ts";
import { NodeRole } from "./node-role.ts";

export interface AutoscalerArgs extends ComponentArgs {
  /** The AWS layer of a plan whose pools Karpenter provisions. */
  readonly plan: InfrastructurePlan;
  /** The EKS cluster that the nodes join. */
  readonly clusterName: pulumi.Input<string>;
}

/** Events that announce the end of a node. */
const EVENTS = {
  "spot-interruption": { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
  rebalance: { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
  "state-change": { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
  health: { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
};

/**
 * What Karpenter needs in AWS: a controller role for its pod, a role and profile for its nodes, and a queue
 * that hears of interruptions.
 *
 * ### Cost
 * Requests of the queue; the nodes it starts are priced from the plan.
 */
export class Autoscaler extends Component {
  static readonly __pulumiType = "freehold:scaling:Autoscaler";
  /** Queue that the chart's `settings.interruptionQueue` names. */
  readonly queueName: pulumi.Output<string>;
  private readonly queue: sqs.Queue;
  private readonly controllerRole: iam.Role;

  constructor(name: string, args: AutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    const { karpenter } = plan;
    demand(
      karpenter !== null,
      "plan.karpenter",
      "is null: no pool of this plan is elastic; leave the autoscaler out",
    );
    super(Autoscaler.__pulumiType, name, args, opts);
    const parent = { parent: this };
    this.controllerRole = new iam.Role(
      `${name}-controller-role`,
      { name: `${plan.name}-karpenter`, assumeRolePolicy: JSON.stringify(podIdentityTrust()) },
      parent,
    );
    new iam.RolePolicy(
      `${name}-controller-policy`,
      { role: this.controllerRole.name, policy: JSON.stringify(karpenter.controllerPolicy) },
      parent,
    );
    new eks.PodIdentityAssociation(
      `${name}-controller-identity`,
      {
        clusterName: args.clusterName,
        namespace: "kube-system",
        serviceAccount: "karpenter",
        roleArn: this.controllerRole.arn,
      },
      parent,
    );
    // EKS writes the access entry of a managed group's role itself, and a second one for the same role is refused:
    // the nodes that Karpenter starts have a role of their own.
    const node = new NodeRole(`${name}-node`, { plan, roleName: karpenter.nodeRole }, parent);
    new iam.InstanceProfile(
      `${name}-node-profile`,
      { name: karpenter.nodeRole, role: node.roleName },
      parent,
    );
    new eks.AccessEntry(
      `${name}-node-entry`,
      { clusterName: args.clusterName, principalArn: node.arn, type: "EC2_LINUX" },
      parent,
    );
    const queueArn = `arn:${plan.partition}:sqs:${plan.region}:${plan.accountId}:${karpenter.queueName}`;
    this.queue = new sqs.Queue(
      `${name}-queue`,
      { name: karpenter.queueName, messageRetentionSeconds: 300, sqsManagedSseEnabled: true },
      parent,
    );
    new sqs.QueuePolicy(
      `${name}-queue-policy`,
      {
        queueUrl: this.queue.id,
        policy: JSON.stringify(
          policyDocument([
            {
              Sid: "Events",
              Effect: "Allow",
              Principal: { Service: ["events.amazonaws.com"] },
              Action: "sqs:SendMessage",
              Resource: queueArn,
            },
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "sqs:*",
              Resource: queueArn,
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ]),
        ),
      },
      parent,
    );
    for (const [event, pattern] of Object.entries(EVENTS)) {
      const rule = new cloudwatch.EventRule(
        `${name}-${event}-rule`,
        { name: `${plan.name}-${event}`, eventPattern: JSON.stringify(pattern) },
        parent,
      );
      new cloudwatch.EventTarget(`${name}-${event}-target`, { rule: rule.name, arn: queueArn }, parent);
    }
    this.queueName = this.queue.name;
    this.registerOutputs({ queueName: this.queueName });
  }

  /** The raw children. */
  get nodes() {
    return { queue: this.queue, controllerRole: this.controllerRole };
  }
}
