import type { StackSpec } from "../config/index.ts";
import { type LoadSubject, nodeBounds } from "./load/index.ts";
import { interruptionOf } from "./load/interruption.ts";
import { startUp } from "./startup.ts";
import type { ModelPlan, NodePool } from "./types.ts";

/** Root volume of a GPU node: the engine image unpacks to about 25 GiB, and the weights stream past the disk. */
const GPU_VOLUME_GIB = 150;
const SYSTEM_VOLUME_GIB = 50;

/**
 * Nodes that will exist, each counted once.
 *
 * GPU nodes come in two parts. The floor (nodes of the always-on replicas) is a managed node group of fixed
 * size: it is there without any controller and survives a broken one. What the scaler adds above it is started
 * by Karpenter. With a schedule or on spot there is no floor: all of it comes and goes.
 */
export function planPools(spec: StackSpec, models: ModelPlan[]): NodePool[] {
  const pools: NodePool[] = [];
  if (spec.cluster.kind === "eks") {
    const { instance, count } = spec.cluster.systemNodes;
    pools.push({
      name: "system",
      role: "system",
      instance,
      capacity: "on-demand",
      nodes: { min: count, expected: count, max: count },
      peakNodes: count,
      provisioner: "managed",
      volumeGib: SYSTEM_VOLUME_GIB,
      why: "the operators run apart from the GPUs, so that an idle GPU node can go",
    });
  }
  for (const model of models) pools.push(...modelPools(spec, model));
  return pools;
}

/** Nodes of a model that are there whatever the scaler asks for. */
function floorNodes(model: ModelPlan, spec: StackSpec): number {
  if (spec.cluster.kind === "existing" || spec.schedule) return 0;
  if (model.capacity !== "spot") return model.nodes.min;
  const { onDemandReplicas } = spec.models.find(({ name }) => name === model.name)!;
  return Math.ceil(onDemandReplicas / model.replicasPerNode);
}

/** What the simulation of the load reads of a model. */
export function subjectOf(model: ModelPlan, spec: StackSpec): LoadSubject {
  return {
    outputTokensPerSecond: model.outputTokensPerSecond,
    replicasPerNode: model.replicasPerNode,
    floorNodes: floorNodes(model, spec),
    waitingPerReplica: model.targetWaitingRequests,
    startupSeconds: startUp(model, spec.weights.from).seconds.expected,
    owned: spec.cluster.kind === "existing",
    interruption: model.capacity === "spot" ? interruptionOf(model.instance, spec.aws?.region ?? null) : null,
  };
}

function modelPools(spec: StackSpec, model: ModelPlan): NodePool[] {
  const stated = spec.models.find(({ name }) => name === model.name)!;
  const bounds = nodeBounds(stated, spec, subjectOf(model, spec));
  // Without a load the expected case is the floor: nothing is known that would ask for more.
  const means = { ...bounds, expected: model.load?.simulation.nodes ?? bounds.min };
  const base = {
    role: "gpu" as const,
    instance: model.instance,
    capacity: model.capacity,
    volumeGib: GPU_VOLUME_GIB,
  };
  if (spec.cluster.kind === "existing") {
    const all = spec.cluster.nodes.count;
    return [
      {
        ...base,
        name: model.name,
        nodes: { min: model.nodes.min, expected: Math.min(means.expected, all), max: model.nodes.max },
        peakNodes: model.nodes.max,
        provisioner: "existing",
        why: "nodes that the cluster already has",
      },
    ];
  }
  const floor = floorNodes(model, spec);
  const pools: NodePool[] = [];
  if (floor > 0) {
    pools.push({
      ...base,
      name: `${model.name}-floor`,
      capacity: "on-demand",
      nodes: { min: floor, expected: floor, max: floor },
      peakNodes: floor,
      provisioner: "managed",
      why: "nodes of the always-on replicas, a managed node group that needs no controller",
    });
  }
  if (model.nodes.max > floor) {
    pools.push({
      ...base,
      name: `${model.name}-elastic`,
      nodes: {
        min: means.min - floor,
        expected: Math.max(means.min, means.expected) - floor,
        max: means.max - floor,
      },
      peakNodes: model.nodes.max - floor,
      provisioner: "karpenter",
      why: spec.schedule
        ? "started by Karpenter inside the schedule and removed after it"
        : model.capacity === "spot"
          ? "started by Karpenter on spot, replaced when reclaimed"
          : "started by Karpenter above the floor",
    });
  }
  return pools;
}
