import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import * as components from "../../components/index.ts";
import type { InfrastructurePlan, StackPlan } from "../../plan/index.ts";
import { planOf, run } from "./harness.ts";

let dev: StackPlan;
let layer: InfrastructurePlan;
beforeAll(async () => {
  dev = await planOf("dev");
  layer = dev.infrastructure!;
});

/** What a constructor throws, and how many resources were registered before it did. */
async function refusal(build: (opts: pulumi.ComponentResourceOptions) => unknown) {
  const registered: string[] = [];
  let error: unknown;
  await run((opts) => {
    const count: pulumi.ResourceTransformation = ({ name }) => {
      registered.push(name);
      return undefined;
    };
    try {
      build({ ...opts, transformations: [count] });
    } catch (thrown) {
      error = thrown;
    }
  });
  return { error, registered };
}

type Case = [
  what: string,
  path: string,
  words: string,
  build: (opts: pulumi.ComponentResourceOptions) => unknown,
];
const subnets = ["subnet-1", "subnet-2"];
const storage = { bucket: "weights", policy: {}, noncurrentDays: 30, abortMultipartDays: 7 };
const CASES: Case[] = [
  [
    "a platform with neither spec nor plan",
    "spec",
    "is missing; give spec or plan",
    (opts) => new components.Platform("p", {}, opts),
  ],
  [
    "a platform with both",
    "spec",
    "is given beside plan; give one of them",
    (opts) => new components.Platform("p", { plan: dev, spec: {} as never }, opts),
  ],
  [
    "a kubeconfig for a cluster that is yet to be built",
    "kubeconfig",
    "is given although this plan builds its own cluster",
    (opts) => new components.Platform("p", { plan: dev, kubeconfig: "apiVersion: v1" }, opts),
  ],
  [
    "an autoscaler for a plan without elastic pools",
    "plan.karpenter",
    "is null: no pool of this plan is elastic",
    (opts) => new components.Autoscaler("a", { plan: { ...layer, karpenter: null }, clusterName: "c" }, opts),
  ],
  [
    "a cluster in one subnet",
    "subnetIds",
    "1 given; EKS asks for subnets in two zones",
    (opts) => new components.Cluster("c", { plan: { ...layer, keys: [] }, subnetIds: ["subnet-1"] }, opts),
  ],
  [
    "a cluster without the secrets key that its plan has",
    "secretsKeyArn",
    "is missing although the plan has a key for secrets",
    (opts) => new components.Cluster("c", { plan: layer, subnetIds: subnets, dataKeyArn: "arn" }, opts),
  ],
  [
    "a cluster without the data key that its plan has",
    "dataKeyArn",
    "is missing although the plan has a key for data",
    (opts) => new components.Cluster("c", { plan: layer, subnetIds: subnets, secretsKeyArn: "arn" }, opts),
  ],
  [
    "two node groups of one name",
    "plan.nodeGroups",
    "system is named twice",
    (opts) =>
      new components.Cluster(
        "c",
        {
          plan: { ...layer, keys: [], nodeGroups: [...layer.nodeGroups, ...layer.nodeGroups] },
          subnetIds: subnets,
        },
        opts,
      ),
  ],
  [
    "a node group that wants more than it may have",
    "plan.desired",
    "5 is not between min 1 and max 4",
    (opts) =>
      new components.NodeGroup(
        "g",
        {
          plan: { ...layer.nodeGroups[0]!, min: 1, desired: 5, max: 4 },
          clusterName: "c",
          subnetIds: subnets,
          roleArn: "arn",
        },
        opts,
      ),
  ],
  [
    "a node group without a subnet",
    "subnetIds",
    "is empty",
    (opts) =>
      new components.NodeGroup(
        "g",
        { plan: layer.nodeGroups[0]!, clusterName: "c", subnetIds: [], roleArn: "arn" },
        opts,
      ),
  ],
  [
    "two keys for one purpose",
    "plan.keys",
    "data is named twice",
    (opts) =>
      new components.Governance("g", { plan: { ...layer, keys: [layer.keys[0]!, layer.keys[0]!] } }, opts),
  ],
  [
    "a network without private subnets",
    "plan.network.privateSubnets",
    "is empty",
    (opts) =>
      new components.Network(
        "n",
        { plan: { ...layer, network: { ...layer.network, privateSubnets: [] } }, flowLogGroupArn: "arn" },
        opts,
      ),
  ],
  [
    "NAT gateways without a subnet each",
    "plan.network.publicSubnets",
    "1 subnets for 3 NAT gateways",
    (opts) =>
      new components.Network(
        "n",
        { plan: { ...layer, network: { ...layer.network, natGateways: 3 } }, flowLogGroupArn: "arn" },
        opts,
      ),
  ],
  [
    "endpoints in more zones than there are subnets",
    "subnetIds",
    "0 subnets; the plan puts each endpoint into 1 zones",
    (opts) =>
      new components.VpcEndpoints("e", { plan: layer, vpcId: "vpc", subnetIds: [], routeTableIds: [] }, opts),
  ],
  [
    "a bucket whose name S3 refuses",
    "plan.bucket",
    "My_Bucket is not a bucket name",
    (opts) => new components.WeightsBucket("w", { plan: { ...storage, bucket: "My_Bucket" } }, opts),
  ],
  [
    "old versions kept for no day",
    "plan.noncurrentDays",
    "0 is not a whole number of days from 1 on",
    (opts) => new components.WeightsBucket("w", { plan: { ...storage, noncurrentDays: 0 } }, opts),
  ],
  [
    "a chart of any version",
    "charts[0].version",
    `${"karpenter-crd"} ^1.0 is not a pinned version`,
    (opts) => new components.Operators("o", { charts: [{ ...dev.charts[0]!, version: "^1.0" }] }, opts),
  ],
  [
    "a chart twice",
    "charts",
    "is named twice",
    (opts) => new components.Operators("o", { charts: [dev.charts[0]!, dev.charts[0]!] }, opts),
  ],
  [
    "a pod role without a cluster",
    "clusterName",
    "give both or neither",
    (opts) =>
      new components.ModelService("m", { plan: dev.kubernetes!.models[0]!, role: layer.podRoles[0]! }, opts),
  ],
  [
    "two models of one name under one scaler",
    "plan.models",
    "chat is named twice",
    (opts) => new components.Scaling("s", { plan: twice(dev) }, opts),
  ],
  [
    "two models of one name on one dashboard",
    "plan.models",
    "chat is named twice",
    (opts) => new components.Monitoring("m", { plan: twice(dev) }, opts),
  ],
];

function twice({ kubernetes }: StackPlan) {
  return { ...kubernetes!, models: [...kubernetes!.models, ...kubernetes!.models] };
}

describe("misuse", () => {
  it.each(CASES)("refuses %s before anything is registered", async (_, path, words, build) => {
    const { error, registered } = await refusal(build);
    expect(error).toBeInstanceOf(pulumi.InputPropertyError);
    expect(error).toMatchObject({ propertyPath: path });
    expect((error as pulumi.InputPropertyError).reason).toContain(words);
    expect(registered).toEqual([]);
  });
});

const spec = {
  aws: { region: "eu-west-1", accountId: "111122223333" },
  cluster: { kind: "eks" as const, version: "1.35", access: { via: "in-vpc" as const } },
  models: [{ name: "chat", model: "Qwen/Qwen2.5-7B-Instruct-AWQ", context: 16384 }],
};

describe("a platform from a spec", () => {
  it("is the platform of the same stack file", async () => {
    const { component } = await run((opts) => new components.Platform("p", { spec }, opts), "prod");
    expect(component.plan.stack).toBe("prod");
    expect(component.endpoints).toEqual({ chat: "http://chat.llm-serving.svc:8000/v1" });
    expect(component.plan.models[0]).toMatchObject({
      model: "Qwen/Qwen2.5-7B-Instruct-AWQ",
      verdict: "fits",
    });
  });

  it("that does not fit is refused with the arithmetic", async () => {
    const models = [{ ...spec.models[0]!, instance: "g6.xlarge", model: "openai/gpt-oss-120b" }];
    const build = (opts: pulumi.ComponentResourceOptions) =>
      new components.Platform(
        "p",
        { spec: { ...spec, aws: { ...spec.aws, region: "us-east-1" }, models } },
        opts,
      );
    const { error, registered } = await refusal(build);
    expect(error).toBeInstanceOf(pulumi.InputPropertyError);
    expect((error as pulumi.InputPropertyError).reason).toMatch(/GiB/);
    expect(registered).toEqual([]);
  });

  it("that is not valid is refused with every finding", async () => {
    const wrong = {
      ...spec,
      modles: [],
      models: [{ ...spec.models[0]!, replicas: { min: 3, max: 1 } }],
      aws: { region: "eu-west-1", accountId: "12" },
    };
    const { error, registered } = await refusal(
      (opts) => new components.Platform("p", { spec: wrong }, opts),
    );
    expect(error).toBeInstanceOf(pulumi.InputPropertiesError);
    const paths = (error as pulumi.InputPropertiesError).errors.map(({ propertyPath }) => propertyPath);
    expect(paths).toEqual(expect.arrayContaining(["spec.modles", "spec.aws.accountId"]));
    expect(registered).toEqual([]);
  });

  it("hands the kubeconfig of an existing cluster to the provider, as a secret", async () => {
    const existing = {
      layers: ["kubernetes" as const],
      cluster: {
        kind: "existing" as const,
        version: "1.35",
        kubeconfig: "apiVersion: v1",
        nodes: { gpu: "A100-80G", gpusPerNode: 4, count: 2, memoryGib: 480, vcpu: 128 },
      },
      weights: { from: "pvc" as const, claim: "weights" },
      models: [{ name: "chat", model: "Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4", context: 16384 }],
    };
    const { one } = await run((opts) => new components.Platform("p", { spec: existing }, opts));
    const provider = one("pulumi:providers:kubernetes");
    expect(provider.inputs["kubeconfig"]).toBe("apiVersion: v1");
    expect(provider.secrets).toEqual(["kubeconfig"]);
  });
});

describe("a plan that does not fit", () => {
  it("is refused with its reasons", async () => {
    const plan = await planOf("dev", [
      "freehold:models[0].instance=g4dn.xlarge",
      "freehold:models[0].model=openai/gpt-oss-120b",
    ]);
    expect(plan.verdict).toBe("does-not-fit");
    const { error, registered } = await refusal((opts) => new components.Platform("p", { plan }, opts));
    expect(error).toMatchObject({
      propertyPath: "plan",
      reason: plan.refusals.map(({ message }) => message).join("; "),
    });
    expect(registered).toEqual([]);
  });
});
