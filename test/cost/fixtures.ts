import { instancePrice, servicePrice } from "../../catalog/index.ts";
import {
  type BillDocument,
  type BillLine,
  type BillOptions,
  billOf,
  type PriceBook,
} from "../../cost/index.ts";
import { buildGraph, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { ModelPlan, NodePool, StackPlan } from "../../plan/index.ts";

export const urn = (type: string, name: string) => `urn:pulumi:test::cost::${type}::${name}`;

export function resource(
  type: string,
  name: string,
  props: Resource["props"] = {},
  rest: Partial<Resource> = {},
): Resource {
  return {
    urn: urn(type, name),
    type,
    name,
    custom: true,
    props,
    outputs: null,
    parent: null,
    provider: null,
    refs: {},
    dependencies: [],
    protect: false,
    ...rest,
  };
}

export const graphOf = (...resources: Resource[]): ResourceGraph => buildGraph("test", resources);

export function bill(graph: ResourceGraph, options: Partial<BillOptions> = {}): BillDocument {
  return billOf(graph, {
    plan: null,
    date: "2026-11-24",
    catalogAsOf: "2026-09-28",
    region: "us-east-1",
    ...options,
  });
}

export const billed = (...resources: Resource[]) => bill(graphOf(...resources));

/** The lines of a resource by its name. */
export const linesOf = (document: BillDocument, name: string): BillLine[] =>
  document.lines.filter((line) => line.resource.endsWith(`::${name}`) || line.resource === name);

/** The catalogue without some prices. */
export const without = (...keys: string[]): PriceBook => ({
  servicePrice: (key, region) => (keys.includes(key) ? null : servicePrice(key, region)),
  instancePrice: (type, region) => {
    const row = instancePrice(type, region);
    return keys.includes(type) ? { ...row, onDemandUsdPerHour: null, reason: "no-data" } : row;
  },
});

export const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** A managed group and its launch template, as the components write them. */
export function nodeGroup(
  name: string,
  size: { min: number; desired: number; max: number },
  options: { instance?: string; gib?: number; iops?: number; mibps?: number; capacityType?: string } = {},
): Resource[] {
  const { instance = "m6i.large", gib = 50, iops, mibps, capacityType } = options;
  const template = resource(TEMPLATE, name, {
    blockDeviceMappings: [
      { deviceName: "/dev/xvda", ebs: { volumeType: "gp3", volumeSize: gib, iops, throughput: mibps } },
    ],
  });
  const group = resource(
    NODE_GROUP,
    name,
    {
      instanceTypes: [instance],
      ...(capacityType && { capacityType }),
      launchTemplate: { id: { $unknown: true } },
      scalingConfig: { minSize: size.min, desiredSize: size.desired, maxSize: size.max },
    },
    { refs: { "launchTemplate.id": [template.urn] } },
  );
  return [template, group];
}

export function pool(part: Partial<NodePool> = {}): NodePool {
  return {
    name: "chat-elastic",
    role: "gpu",
    instance: "g6e.xlarge",
    capacity: "on-demand",
    nodes: { min: 0, expected: 0.5, max: 2 },
    provisioner: "karpenter",
    peakNodes: 2,
    volumeGib: 150,
    why: "started by Karpenter above the floor",
    ...part,
  };
}

export function model(part: Partial<ModelPlan> = {}): ModelPlan {
  return {
    name: "chat",
    replicas: { min: 1, max: 3 },
    weightsGib: 10,
    engineArgs: ["s3://weights/org/chat"],
    load: null,
    ...part,
  } as ModelPlan;
}

export function plan(part: Partial<StackPlan> = {}): StackPlan {
  return {
    stack: "test",
    region: "us-east-1",
    models: [],
    nodePools: [],
    infrastructure: null,
    kubernetes: { karpenter: [] },
    hardware: null,
    pricing: null,
    budget: null,
    ...part,
  } as unknown as StackPlan;
}
