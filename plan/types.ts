import type { Estimate } from "./estimate.ts";
import type { InfrastructurePlan } from "./types-infrastructure.ts";
import type { ChartRef, KubernetesPlan } from "./types-kubernetes.ts";

export type { Estimate } from "./estimate.ts";

/** One decision of the planner: the value, who made it, why, and what was passed over. */
export interface Decision<T = unknown> {
  value: T;
  from: "user" | "default" | "derived";
  why: string;
  rejected: { value: unknown; because: string }[];
}

/** One model as it will be served. Sizes are those of one replica. */
export interface ModelPlan {
  name: string;
  model: string;
  revision: string | null;
  quantization: string;
  /** EC2 type; null on a cluster that exists. */
  instance: string | null;
  gpu: string;
  gpusPerNode: number;
  tensorParallel: number;
  pipelineParallel: number;
  replicas: { min: number; max: number };
  /** Replicas that fit on one node. */
  replicasPerNode: number;
  nodes: { min: number; max: number };
  capacity: "on-demand" | "spot" | "owned";
  contextTokens: number;
  image: string;
  engineVersion: string;
  /** Arguments of `vllm serve`, in order. */
  engineArgs: string[];
  weightsGib: number;
  verdict: "fits" | "tight" | "no" | "unknown";
  /** Waiting requests a replica above which the scaler adds one. */
  targetWaitingRequests: number;
  /** Output tokens per second of one replica at the concurrency of the decision; null = not estimated. */
  outputTokensPerSecond: Estimate | null;
  /** Traffic the bill uses; null = no load given. */
  load: LoadPlan | null;
  decisions: Record<string, Decision>;
}

export interface LoadPlan {
  requestsPerHour: number;
  inputTokens: number;
  outputTokens: number;
  /** Share of the busy-hour traffic in each hour of a week, Monday 00:00 first; 168 numbers from 0 to 1. */
  week: number[];
  /** Replicas in each hour of the week, starting ones too: means over the simulated weeks, 168 numbers. */
  replicas: number[];
  requestsPerMonth: number;
  simulation: LoadSimulation;
}

/** What came out of running the load through the scaler hour by hour. Shares are from 0 to 1. */
export interface LoadSimulation {
  weeks: LoadWeek[];
  /** Hourly means, the weeks by their weight. */
  replicas: number;
  nodes: number;
  /** Requests answered against what ready replicas could answer; null with `reason`. */
  utilisation: number | null;
  /** Share of the paid node-hours in which no request is answered: 1 − answered / what the nodes could answer. */
  idleShare: number | null;
  /** Hours in which more arrives than ready replicas can answer: requests wait. */
  hoursAboveCapacityShare: number | null;
  hoursAboveCapacityPerMonth: number | null;
  /** Most requests that wait at the end of an hour. */
  longestQueue: number | null;
  /** Starts of a replica. */
  startsPerMonth: number;
  /** Reclaimed spot nodes, expected value; null where the share is not known. */
  interruptionsPerMonth: number | null;
  /** Why figures are null. */
  reason: string | null;
  why: string[];
}

/** One simulated week, or the hours of a file. */
export interface LoadWeek {
  season: string | null;
  /** Its traffic against that of the base week: season × growth. */
  factor: number;
  /** Share of the expected case. */
  weight: number;
  peakRequestsPerHour: number;
  nodes: number;
  hoursAboveCapacityShare: number | null;
}

/** Why a stack cannot be built as written: the arithmetic and the nearest thing that can. */
export interface Refusal {
  code: string;
  model: string | null;
  message: string;
  need: number | null;
  have: number | null;
  unit: string | null;
  nearest: string | null;
}

/** Nodes that will exist. Cost prices them and policies see them through the graph. */
export interface NodePool {
  name: string;
  role: "system" | "gpu";
  instance: string | null;
  capacity: "on-demand" | "spot" | "owned";
  /** Hourly means over a week in the three cases of the bill. */
  nodes: { min: number; expected: number; max: number };
  /** "managed": an EKS node group with that many nodes; "karpenter": started on demand. */
  provisioner: "managed" | "karpenter" | "existing";
  /** Most nodes at any one time: the bound that the provisioner is given. */
  peakNodes: number;
  volumeGib: number;
  why: string;
}

export interface StackPlan {
  schema: "freehold.plan/v1";
  freeholdVersion: string;
  catalogAsOf: string;
  stack: string;
  profiles: string[];
  region: string | null;
  accountId: string | null;
  verdict: "ok" | "does-not-fit";
  refusals: Refusal[];
  warnings: string[];
  decisions: Record<string, Decision>;
  models: ModelPlan[];
  nodePools: NodePool[];
  charts: ChartRef[];
  /** null for a cluster that exists, or when the layer is left out. */
  infrastructure: InfrastructurePlan | null;
  kubernetes: KubernetesPlan | null;
  /** The cluster the kubernetes layer talks to. A kubeconfig is a secret and therefore not part of the plan. */
  cluster: { kind: "eks" | "existing"; context: string | null };
  hardware: HardwarePlan | null;
  /** Terms with AWS; null = list prices. */
  pricing: { discountPct: number } | null;
  budget: { basis: "expected" | "max"; monthlyUsd: number | null; perMillionTokensUsd: number | null } | null;
  /** Parameters of the policy rules, regions expanded; the platform component carries them to the rules. */
  policy: {
    profiles: string[];
    providerRegion: string | null;
    partition: string | null;
    allowedRegions: string[];
    allowedRegistries: string[];
    allowedEgressHosts: string[];
    allowedLlmHosts: string[];
    allowGlobalServices: string[];
    minLogDays: number;
    waivers: PlannedWaiver[];
  };
}

/** A waiver as the stack file has it; the policies room judges dates and names. */
export interface PlannedWaiver {
  control: string;
  resource: string;
  owner: string;
  reason: string;
  ticket: string;
  expires: string;
  approver: string;
  alternativeMeasure?: string;
}

/** Owned hardware, straight from the stack file. */
export interface HardwarePlan {
  purchaseUsd: number;
  purchasedOn: string | null;
  source: string;
  salvagePct: number;
  years: number;
  interestPct: number;
  powerWatts: number;
  pue: number;
  usdPerKwh: number;
  colocationUsdPerMonth: number;
  sparesPctPerYear: number;
  engineerHoursPerMonth: number;
  usdPerEngineerHour: number;
}
