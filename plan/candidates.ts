import {
  ami,
  type EngineVersion,
  type Gpu,
  gpu as gpuNamed,
  type Instance,
  instance as instanceNamed,
  instancePrice,
  instances,
  type ModelShape,
} from "../catalog/index.ts";
import type { ModelSpec, StackSpec } from "../config/index.ts";
import { type Broken, type FitDocument, type FitInput, fitReplica, tooSlowAlone } from "./fit/index.ts";
import { limitsOf } from "./serving-point.ts";

/** One way to serve a replica: a node type, the GPUs of one replica, and what the fit says about it. */
export interface Candidate {
  /** null for a node of a cluster that exists. */
  instance: Instance | null;
  gpu: Gpu;
  gpusPerNode: number;
  tensorParallel: number;
  /** US dollars of one node-hour at the chosen capacity; null = no price known, or owned. */
  usdPerHour: number | null;
  fit: FitDocument;
  /** What was asked of the fit, and the lengths of the load. */
  input: FitInput;
  /** The latency of the load that a single request does not keep. */
  tooSlow: Broken | null;
}

/** What the GPUs of one replica make of a model. */
type OnNode = Pick<Candidate, "tensorParallel" | "fit" | "input" | "tooSlow">;

/** Image of the GPU nodes: AL2023 with the NVIDIA driver. */
export const GPU_AMI = "AL2023_x86_64_NVIDIA";

export interface Rejection {
  value: string;
  because: string;
}

/** Tensor-parallel sizes that a node with that many GPUs can host. */
function tensorParallelSizes(gpus: number, wanted: number | undefined): number[] {
  const sizes = [1, 2, 4, 8, 16].filter((size) => size <= gpus && gpus % size === 0);
  return wanted === undefined ? sizes : wanted <= gpus ? [wanted] : [];
}

/** What of the node and of the traffic the fit looks at. */
interface Host {
  allocatableMib: number | null;
  /** NVIDIA driver of the node image; null = not known. */
  driver: string | null;
  load: { inputTokens: number; outputTokens: number };
  limits: { maxTtftMs?: number; maxItlMs?: number };
}

function hostOf(model: ModelSpec, spec: StackSpec, allocatableMib: number | null): Host {
  const { inputTokens, outputTokens } = model.load ?? spec.load ?? { inputTokens: 1000, outputTokens: 300 };
  const driver =
    spec.cluster.kind === "existing" ? spec.cluster.nodes.driver : (ami(GPU_AMI)?.driver ?? null);
  return {
    allocatableMib,
    driver,
    load: { inputTokens, outputTokens },
    limits: limitsOf(model, spec),
  };
}

function fitOn(
  model: ModelSpec,
  shape: ModelShape,
  engine: EngineVersion,
  gpu: Gpu,
  gpusPerNode: number,
  tensorParallel: number,
  host: Host,
): OnNode {
  const input: FitInput = {
    shape,
    quantization: model.quantization === "auto" ? null : model.quantization,
    gpu,
    gpusPerNode,
    tensorParallel,
    maxModelLen: model.context,
    kvCacheDtype: model.kvCacheDtype,
    gpuMemoryUtilization: model.gpuMemoryUtilization,
    maxNumSeqs: model.maxNumSeqs,
    maxNumBatchedTokens: model.maxNumBatchedTokens,
    engine,
    allocatableMib: host.allocatableMib,
    driver: host.driver,
  };
  const fit = fitReplica(input);
  const starts = fit.verdict === "fits" || fit.verdict === "tight";
  const loaded = { ...input, load: host.load };
  const tooSlow = starts ? tooSlowAlone(loaded, tensorParallel, host.limits) : null;
  return { tensorParallel, fit, input: loaded, tooSlow };
}

/** The fewest GPUs of one node on which the model fits and keeps the latencies; else the try that says why not. */
function bestOnNode(
  model: ModelSpec,
  shape: ModelShape,
  engine: EngineVersion,
  gpu: Gpu,
  gpusPerNode: number,
  host: Host,
): OnNode | null {
  let tight: OnNode | null = null;
  let slow: OnNode | null = null;
  let last: OnNode | null = null;
  for (const tensorParallel of tensorParallelSizes(gpusPerNode, model.tensorParallel)) {
    const tried = fitOn(model, shape, engine, gpu, gpusPerNode, tensorParallel, host);
    if (tried.tooSlow !== null) slow = tried;
    else if (tried.fit.verdict === "fits") return tried;
    else if (tried.fit.verdict === "tight") tight ??= tried;
    last = tried;
  }
  return tight ?? slow ?? last;
}

/** Nodes of a cluster that exists: one candidate, whatever it says. */
export function ownedCandidates(
  model: ModelSpec,
  spec: StackSpec,
  shape: ModelShape,
  engine: EngineVersion,
): Candidate[] {
  if (spec.cluster.kind !== "existing") return [];
  const { nodes } = spec.cluster;
  const gpu = gpuNamed(nodes.gpu);
  if (!gpu) return [];
  const allocatableMib = Math.floor(nodes.memoryGib * 1024);
  const best = bestOnNode(model, shape, engine, gpu, nodes.gpusPerNode, hostOf(model, spec, allocatableMib));
  return best ? [{ instance: null, gpu, gpusPerNode: nodes.gpusPerNode, usdPerHour: null, ...best }] : [];
}

/**
 * Every instance type of the region that could host the model, cheapest group of nodes for the wanted replicas
 * first, and for those passed over the reason.
 */
export function awsCandidates(
  model: ModelSpec,
  spec: StackSpec,
  region: string,
  shape: ModelShape,
  engine: EngineVersion,
): { candidates: Candidate[]; rejected: Rejection[] } {
  const rejected: Rejection[] = [];
  const candidates: Candidate[] = [];
  const unpriced: { value: string; onDemand: number }[] = [];
  const pool = model.instance
    ? [instanceNamed(model.instance)].filter((row) => row !== undefined)
    : instances();
  for (const row of pool) {
    if (!row.gpu || row.gpus < 1 || row.arch !== "x86_64") continue;
    if (model.gpu && row.gpu.toLowerCase() !== model.gpu.toLowerCase()) continue;
    const gpu = gpuNamed(row.gpu);
    if (!gpu) continue;
    const price = instancePrice(row.type, region);
    const text = model.capacity === "spot" ? price.spotUsdPerHour : price.onDemandUsdPerHour;
    if (price.onDemandUsdPerHour === null && price.spotUsdPerHour === null && !model.instance) continue;
    if (text === null && !model.instance) {
      unpriced.push({ value: row.type, onDemand: Number(price.onDemandUsdPerHour) });
      continue;
    }
    const best = bestOnNode(model, shape, engine, gpu, row.gpus, hostOf(model, spec, row.allocatableMib));
    if (!best) {
      rejected.push({
        value: row.type,
        because: `has ${row.gpus} GPUs, tensorParallel asks for ${model.tensorParallel}`,
      });
      continue;
    }
    candidates.push({
      instance: row,
      gpu,
      gpusPerNode: row.gpus,
      usdPerHour: text === null ? null : Number(text),
      ...best,
    });
  }
  unpriced.sort((a, b) => a.onDemand - b.onDemand || a.value.localeCompare(b.value));
  for (const { value, onDemand } of unpriced) {
    rejected.push({
      value,
      because: `$${onDemand}/h on demand, but no ${model.capacity} price is known in ${region}`,
    });
  }
  candidates.sort((a, b) => groupCost(a, model) - groupCost(b, model) || name(a).localeCompare(name(b)));
  return { candidates, rejected };
}

function name(candidate: Candidate): string {
  return candidate.instance?.type ?? candidate.gpu.name;
}

/** US dollars an hour of the nodes that the always-on replicas need; unknown prices sort last. */
export function groupCost(candidate: Candidate, model: ModelSpec): number {
  if (candidate.usdPerHour === null) return Number.POSITIVE_INFINITY;
  const perNode = Math.max(1, Math.floor(candidate.gpusPerNode / candidate.tensorParallel));
  return Math.ceil(Math.max(1, model.replicas.min) / perNode) * candidate.usdPerHour;
}
