import type { Case, Doc } from "../graphs.ts";

const graph = (...types: string[]): Doc => ({
  resources: types.map((type) => ({ type, name: "x", props: {} })),
});

export const governanceCases: Case[] = [
  {
    id: "GOV-01",
    pass: [
      graph("aws:s3/bucket:Bucket"),
      graph("aws:s3/bucketV2:BucketV2", "aws:eks/cluster:Cluster", "aws:kms/key:Key"),
      // Identities hold no data, and no list names them.
      graph("aws:iam/role:Role"),
      // ScaleSec/terraform_aws_scp hipaa_scp/main.tf allows these services (2019-03-05).
      graph("aws:dynamodb/table:Table", "aws:sfn/stateMachine:StateMachine", "aws:alb/listener:Listener"),
    ],
    fail: [
      // Neither that policy nor the list of AWS of 2022-04-18 names them.
      [graph("aws:gamelift/fleet:Fleet"), "x", ""],
      [graph("aws:s3/bucket:Bucket", "aws:lightsail/instance:Instance"), "x", ""],
      [graph("aws:/thing:Thing"), "x", ""],
    ],
    unknown: "the type alone decides",
    notApplicable: [graph("pulumi:providers:aws", "kubernetes:core/v1:Namespace")],
  },
];
