import { arn } from "../names.ts";
import type { KarpenterPlan } from "../types-infrastructure.ts";
import { policyDocument, type Where } from "./iam.ts";

/**
 * What the Karpenter controller may do. Node instances take an instance profile that exists, so the controller
 * needs no right to write IAM; what it starts or stops carries the cluster's tag.
 * Source of the action list: the controller policy in Karpenter's own documentation, version 1.14.
 */
export function planKarpenter(where: Where, name: string): KarpenterPlan {
  const { partition, region, accountId } = where;
  const ec2 = (resource: string, account = accountId) => arn(partition, "ec2", region, account, resource);
  const owned = { [`aws:ResourceTag/kubernetes.io/cluster/${name}`]: "owned" };
  const requested = { [`aws:RequestTag/kubernetes.io/cluster/${name}`]: "owned" };
  const nodeRole = `${name}-gpu-node`;
  return {
    queueName: `${name}-interruption`,
    nodeRole,
    controllerPolicy: policyDocument([
      {
        Sid: "LaunchFrom",
        Effect: "Allow",
        Action: ["ec2:RunInstances", "ec2:CreateFleet"],
        Resource: [
          ec2("image/*", ""),
          ec2("snapshot/*", ""),
          ec2("security-group/*"),
          ec2("subnet/*"),
          ec2("capacity-reservation/*"),
        ],
      },
      {
        Sid: "LaunchTemplates",
        Effect: "Allow",
        Action: ["ec2:RunInstances", "ec2:CreateFleet"],
        Resource: [ec2("launch-template/*")],
        Condition: { StringEquals: owned },
      },
      {
        Sid: "Launch",
        Effect: "Allow",
        Action: ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:CreateTags"],
        Resource: [
          "fleet",
          "instance",
          "volume",
          "network-interface",
          "launch-template",
          "spot-instances-request",
        ].map((kind) => ec2(`${kind}/*`)),
        Condition: { StringEquals: requested },
      },
      {
        Sid: "Remove",
        Effect: "Allow",
        Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate", "ec2:CreateTags"],
        Resource: [ec2("instance/*"), ec2("launch-template/*")],
        Condition: { StringEquals: owned },
      },
      {
        Sid: "Read",
        Effect: "Allow",
        Action: [
          "ec2:DescribeCapacityReservations",
          "ec2:DescribeImages",
          "ec2:DescribeInstances",
          "ec2:DescribeInstanceTypeOfferings",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplates",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSpotPriceHistory",
          "ec2:DescribeSubnets",
        ],
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestedRegion": region } },
      },
      {
        Sid: "AmiParameters",
        Effect: "Allow",
        Action: "ssm:GetParameter",
        Resource: arn(partition, "ssm", region, "", "parameter/aws/service/*"),
      },
      { Sid: "Prices", Effect: "Allow", Action: "pricing:GetProducts", Resource: "*" },
      {
        Sid: "Interruptions",
        Effect: "Allow",
        Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
        Resource: arn(partition, "sqs", region, accountId, `${name}-interruption`),
      },
      {
        Sid: "PassNodeRole",
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: `arn:${partition}:iam::${accountId}:role/${nodeRole}`,
        Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com"] } },
      },
      {
        Sid: "ReadInstanceProfile",
        Effect: "Allow",
        Action: ["iam:GetInstanceProfile", "iam:ListInstanceProfiles"],
        Resource: `arn:${partition}:iam::${accountId}:instance-profile/*`,
      },
      {
        Sid: "Endpoint",
        Effect: "Allow",
        Action: "eks:DescribeCluster",
        Resource: arn(partition, "eks", region, accountId, `cluster/${name}`),
      },
    ]),
  };
}
