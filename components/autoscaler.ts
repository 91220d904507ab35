import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import * as sqs from "@pulumi/aws/sqs/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { podIdentityTrust, policyDocument } from "../plan/infrastructure/iam.ts";

export interface AutoscalerArgs {
  readonly plan: InfrastructurePlan;
  readonly clusterName: pulumi.Input<string>;
  /** Role of the nodes that Karpenter starts. */
  readonly nodeRoleArn: pulumi.Input<string>;
  readonly nodeRoleName: pulumi.Input<string>;
}

/** Events that announce the end of a node. */
const EVENTS = {
  "spot-interruption": { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
  rebalance: { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
  "state-change": { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
  health: { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
};

/**
 * What Karpenter needs in AWS: a controller role for its pod, an instance profile for its nodes, and a queue
 * that hears of interruptions.
 *
 * Cost: queue requests; the nodes it starts are priced from the plan.
 */
export class Autoscaler extends pulumi.ComponentResource {
  readonly queueName: pulumi.Output<string>;
  private readonly queue: sqs.Queue;
  private readonly controllerRole: iam.Role;

  constructor(name: string, args: AutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("freehold:scaling:Autoscaler", name, {}, opts);
    const { plan } = args;
    const karpenter = plan.karpenter!;
    const parent = { parent: this };
    this.controllerRole = new iam.Role(
      `${name}-controller`,
      { name: `${plan.name}-karpenter`, assumeRolePolicy: JSON.stringify(podIdentityTrust()) },
      parent,
    );
    new iam.RolePolicy(
      `${name}-controller`,
      { role: this.controllerRole.name, policy: JSON.stringify(karpenter.controllerPolicy) },
      parent,
    );
    new eks.PodIdentityAssociation(
      `${name}-controller`,
      {
        clusterName: args.clusterName,
        namespace: "kube-system",
        serviceAccount: "karpenter",
        roleArn: this.controllerRole.arn,
      },
      parent,
    );
    new iam.InstanceProfile(`${name}-node`, { name: karpenter.nodeRole, role: args.nodeRoleName }, parent);
    new eks.AccessEntry(
      `${name}-node`,
      { clusterName: args.clusterName, principalArn: args.nodeRoleArn, type: "EC2_LINUX" },
      parent,
    );
    const queueArn = `arn:${plan.partition}:sqs:${plan.region}:${plan.accountId}:${karpenter.queueName}`;
    this.queue = new sqs.Queue(
      name,
      { name: karpenter.queueName, messageRetentionSeconds: 300, sqsManagedSseEnabled: true },
      parent,
    );
    new sqs.QueuePolicy(
      name,
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
        `${name}-${event}`,
        { name: `${plan.name}-${event}`, eventPattern: JSON.stringify(pattern) },
        parent,
      );
      new cloudwatch.EventTarget(`${name}-${event}`, { rule: rule.name, arn: queueArn }, parent);
    }
    this.queueName = this.queue.name;
    this.registerOutputs({ queueName: this.queueName });
  }

  /** The raw children. */
  get nodes() {
    return { queue: this.queue, controllerRole: this.controllerRole };
  }
}
