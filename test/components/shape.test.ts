import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as components from "../../components/index.ts";
import { planOf, platformOf, ROOT, type Seen, STACKS } from "./harness.ts";

/** Resources by type: dev, eu-gdpr, us-hipaa, onprem. */
const COUNTS: Record<string, [number, number, number, number]> = {
  "aws:cloudwatch/eventRule:EventRule": [4, 4, 4, 0],
  "aws:cloudwatch/eventTarget:EventTarget": [4, 4, 4, 0],
  "aws:cloudwatch/logGroup:LogGroup": [2, 2, 2, 0],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [1, 1, 1, 0],
  "aws:ec2/eip:Eip": [1, 3, 3, 0],
  "aws:ec2/flowLog:FlowLog": [1, 1, 1, 0],
  "aws:ec2/instance:Instance": [1, 0, 0, 0],
  "aws:ec2/internetGateway:InternetGateway": [1, 1, 1, 0],
  "aws:ec2/launchTemplate:LaunchTemplate": [2, 2, 3, 0],
  "aws:ec2/natGateway:NatGateway": [1, 3, 3, 0],
  // To each zone's gateway, and from the public subnets to the internet.
  "aws:ec2/route:Route": [3, 4, 4, 0],
  "aws:ec2/routeTable:RouteTable": [3, 4, 4, 0],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [3, 6, 6, 0],
  "aws:ec2/securityGroup:SecurityGroup": [2, 1, 1, 0],
  // dev: two zones, one gateway; the others: three of each.
  "aws:ec2/subnet:Subnet": [3, 6, 6, 0],
  "aws:ec2/vpc:Vpc": [1, 1, 1, 0],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [2, 7, 7, 0],
  "aws:eks/accessEntry:AccessEntry": [1, 1, 1, 0],
  "aws:eks/addon:Addon": [4, 4, 4, 0],
  "aws:eks/cluster:Cluster": [1, 1, 1, 0],
  // The system group, and the floor of each model that has always-on replicas.
  "aws:eks/nodeGroup:NodeGroup": [1, 2, 3, 0],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": [2, 2, 3, 0],
  "aws:iam/instanceProfile:InstanceProfile": [2, 1, 1, 0],
  "aws:iam/role:Role": [7, 6, 7, 0],
  "aws:iam/rolePolicy:RolePolicy": [4, 4, 5, 0],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [8, 7, 7, 0],
  "aws:kms/alias:Alias": [3, 3, 3, 0],
  "aws:kms/key:Key": [3, 3, 3, 0],
  "aws:s3/bucket:Bucket": [1, 1, 1, 0],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [1, 1, 1, 0],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [1, 1, 1, 0],
  "aws:s3/bucketPolicy:BucketPolicy": [1, 1, 1, 0],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [1, 1, 1, 0],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [1, 1, 1, 0],
  "aws:s3/bucketVersioning:BucketVersioning": [1, 1, 1, 0],
  "aws:sqs/queue:Queue": [1, 1, 1, 0],
  "aws:sqs/queuePolicy:QueuePolicy": [1, 1, 1, 0],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [1, 0, 0, 0],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [2, 1, 1, 0],
  "freehold:cluster:Access": [1, 0, 0, 0],
  "freehold:cluster:Cluster": [1, 1, 1, 0],
  "freehold:cluster:NodeGroup": [1, 2, 3, 0],
  "freehold:cluster:NodeRole": [2, 2, 2, 0],
  "freehold:cluster:Operators": [1, 1, 1, 1],
  "freehold:governance:Governance": [1, 1, 1, 0],
  "freehold:monitoring:Monitoring": [1, 1, 1, 1],
  "freehold:network:Network": [1, 1, 1, 0],
  "freehold:network:VpcEndpoints": [1, 1, 1, 0],
  "freehold:platform:Infrastructure": [1, 1, 1, 0],
  "freehold:platform:Platform": [1, 1, 1, 1],
  "freehold:scaling:Autoscaler": [1, 1, 1, 0],
  "freehold:scaling:Scaling": [1, 1, 1, 1],
  "freehold:serving:ModelService": [1, 1, 2, 1],
  "freehold:serving:ServingNamespace": [1, 1, 1, 1],
  "freehold:serving:WeightsBucket": [1, 1, 1, 0],
  "kubernetes:apps/v1:Deployment": [1, 1, 2, 1],
  "kubernetes:core/v1:ConfigMap": [1, 1, 1, 1],
  // The engines', and those of KEDA and Prometheus where the operators are ours.
  "kubernetes:core/v1:Namespace": [3, 3, 3, 1],
  "kubernetes:core/v1:Secret": [1, 1, 1, 1],
  "kubernetes:core/v1:Service": [1, 1, 2, 1],
  "kubernetes:core/v1:ServiceAccount": [1, 1, 2, 1],
  "kubernetes:helm.sh/v3:Release": [6, 6, 6, 0],
  "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": [1, 1, 2, 0],
  "kubernetes:karpenter.sh/v1:NodePool": [1, 1, 2, 0],
  "kubernetes:keda.sh/v1alpha1:ScaledObject": [1, 1, 2, 1],
  "kubernetes:monitoring.coreos.com/v1:PodMonitor": [1, 1, 2, 1],
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule": [1, 1, 1, 1],
  // Default deny, name resolution, and one for each model.
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": [3, 3, 4, 3],
  // One replica cannot be disrupted and stay up.
  "kubernetes:policy/v1:PodDisruptionBudget": [0, 1, 0, 1],
  "pulumi:providers:aws": [1, 1, 1, 0],
  "pulumi:providers:kubernetes": [1, 1, 1, 1],
};

/** Written into users' state: a change here needs an alias in the component. */
const TOKENS = {
  Access: "freehold:cluster:Access",
  Autoscaler: "freehold:scaling:Autoscaler",
  Cluster: "freehold:cluster:Cluster",
  Governance: "freehold:governance:Governance",
  Infrastructure: "freehold:platform:Infrastructure",
  ModelService: "freehold:serving:ModelService",
  Monitoring: "freehold:monitoring:Monitoring",
  Network: "freehold:network:Network",
  NodeGroup: "freehold:cluster:NodeGroup",
  NodeRole: "freehold:cluster:NodeRole",
  Operators: "freehold:cluster:Operators",
  Platform: "freehold:platform:Platform",
  Scaling: "freehold:scaling:Scaling",
  ServingNamespace: "freehold:serving:ServingNamespace",
  VpcEndpoints: "freehold:network:VpcEndpoints",
  WeightsBucket: "freehold:serving:WeightsBucket",
};

const ours = ({ type }: Seen) => type.startsWith("freehold:");

describe.each(STACKS)("the platform of %s", (stack) => {
  it("has exactly these resources", async () => {
    const { seen } = await platformOf(stack);
    const counts: Record<string, number> = {};
    for (const { type } of seen) counts[type] = (counts[type] ?? 0) + 1;
    const column = STACKS.indexOf(stack);
    const wanted = Object.entries(COUNTS).map(([type, columns]) => [type, columns[column]!] as const);
    expect(counts).toEqual(Object.fromEntries(wanted.filter(([, count]) => count > 0)));
  });

  it("is one tree, whose names say where each resource belongs", async () => {
    const { seen } = await platformOf(stack);
    const [root, ...rest] = seen;
    expect(root).toMatchObject({ type: "freehold:platform:Platform", name: "platform", parent: null });
    const orphans = rest.filter(({ parent }) => parent === null || !ours(parent));
    expect(orphans.map(({ name }) => name)).toEqual([]);
    const strangers = rest.filter(({ name, parent }) => !name.startsWith(`${parent!.name}-`));
    expect(strangers.map(({ name }) => name)).toEqual([]);
  });

  it("gives no two resources the same name", async () => {
    const { seen } = await platformOf(stack);
    const names = seen.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("registers the outputs of every component before its constructor returns", async () => {
    const { seen } = await platformOf(stack);
    const silent = seen.filter(ours).filter(({ outputs }) => !outputs || Object.keys(outputs).length === 0);
    expect(silent.map(({ type }) => type)).toEqual([]);
  });

  it("shows the engine nothing of a component but the policy of its stack", async () => {
    const plan = await planOf(stack);
    const { seen } = await platformOf(stack);
    const shown = seen.filter(ours).filter(({ inputs }) => Object.keys(inputs).length > 0);
    expect(shown.map(({ type, inputs }) => [type, inputs])).toEqual([
      ["freehold:platform:Platform", { policy: plan.policy }],
    ]);
  });

  it("sends every resource through the providers of the platform", async () => {
    const { seen } = await platformOf(stack);
    const astray = seen.filter(({ type, provider }) => {
      const pkg = /^(aws|kubernetes):/.exec(type)?.[1];
      return pkg !== undefined && !provider.endsWith(`::platform-${pkg}::platform-${pkg}-id`);
    });
    expect(astray.map(({ name }) => name)).toEqual([]);
  });
});

describe("type tokens", () => {
  it("are frozen", () => {
    const found = Object.entries(components).flatMap(([name, value]) =>
      typeof value === "function" && "__pulumiType" in value ? [[name, value.__pulumiType]] : [],
    );
    expect(Object.fromEntries(found)).toEqual(TOKENS);
  });

  it("are declared by every component file, and every file is exported", () => {
    const declared = readdirSync(join(ROOT, "components"))
      .flatMap((file) => [
        ...readFileSync(join(ROOT, "components", file), "utf8").matchAll(
          /class (\w+) extends Component \{\n {2}static readonly __pulumiType = "([^"]+)"/g,
        ),
      ])
      .map((match) => [match[1]!, match[2]!]);
    expect(Object.fromEntries(declared)).toEqual(TOKENS);
  });
});

describe("documentation", () => {
  it("says of every component what it costs, and of every argument what it is", () => {
    const missing = readdirSync(join(ROOT, "components")).flatMap((file) => {
      const text = readFileSync(join(ROOT, "components", file), "utf8");
      const classes = [
        ...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export class (\w+) extends Component \{/g),
      ]
        .filter((match) => !/ \* ### Cost\n \* \S/.test(match[1] ?? ""))
        .map((match) => `${file}: ${match[2]} has no cost`);
      const args = [...text.matchAll(/export interface (\w+Args)[^{]*\{\n([\s\S]*?)\n\}/g)].flatMap((match) =>
        [...match[2]!.matchAll(/(^|\n)( {2}\/\*\*[^\n]*\*\/\n)? {2}readonly (\w+)/g)]
          .filter((field) => field[2] === undefined)
          .map((field) => `${file}: ${match[1]}.${field[3]} is not described`),
      );
      return [...classes, ...args];
    });
    expect(missing).toEqual([]);
  });
});
