import { buildGraph, type Resource, type ResourceGraph } from "../graph/index.ts";

const REGION = "eu-central-1";

type Shape = [type: string, props: (index: number) => Record<string, unknown>];

/** What a large platform is made of, in turn: storage, logs, network, nodes, workloads. */
const SHAPES: Shape[] = [
  ["aws:s3/bucket:Bucket", (i) => ({ bucket: `data-${i}`, region: REGION })],
  [
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    (i) => ({
      bucket: `data-${i - 1}`,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      region: REGION,
    }),
  ],
  ["aws:cloudwatch/logGroup:LogGroup", (i) => ({ name: `/app/${i}`, retentionInDays: 365, region: REGION })],
  ["aws:ec2/vpc:Vpc", () => ({ cidrBlock: "10.0.0.0/16", region: REGION })],
  [
    "aws:ec2/subnet:Subnet",
    () => ({ vpcId: "vpc-1", availabilityZone: `${REGION}a`, cidrBlock: "10.0.0.0/20", region: REGION }),
  ],
  [
    "aws:ec2/securityGroup:SecurityGroup",
    () => ({
      vpcId: "vpc-1",
      ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }],
      region: REGION,
    }),
  ],
  [
    "aws:iam/rolePolicy:RolePolicy",
    () => ({
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data-1/*" }],
      }),
    }),
  ],
  [
    "kubernetes:apps/v1:Deployment",
    (i) => ({
      metadata: { name: `app-${i}`, namespace: "apps", labels: { app: `app-${i}` } },
      spec: {
        template: {
          metadata: { labels: { app: `app-${i}` } },
          spec: {
            containers: [
              {
                name: "main",
                image: "docker.io/vllm/vllm-openai:v0.30.0",
                args: ["--port=8000"],
                securityContext: { privileged: false },
              },
            ],
          },
        },
      },
    }),
  ],
  [
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    (i) => ({
      metadata: { name: `deny-${i}`, namespace: "apps" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    }),
  ],
  [
    "kubernetes:core/v1:ConfigMap",
    (i) => ({ metadata: { name: `config-${i}`, namespace: "apps" }, data: { key: "value" } }),
  ],
];

/** A graph of `count` resources, the same on every call. */
export function syntheticGraph(count: number): ResourceGraph {
  const resources = Array.from({ length: count }, (_, index): Resource => {
    const [type, props] = SHAPES[index % SHAPES.length]!;
    return {
      urn: `urn:pulumi:bench::synthetic::${type}::resource-${index}`,
      type,
      name: `resource-${index}`,
      custom: true,
      props: props(index),
      outputs: null,
      parent: null,
      provider: null,
      refs: {},
      dependencies: [],
      protect: false,
    };
  });
  return buildGraph("synthetic", resources);
}
