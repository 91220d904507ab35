/** Where a fact comes from and on which day it was true. Every row of the catalogue carries both. */
export interface Sourced {
  /** Public address, or `repository@commit` of the file the fact was read from. */
  source: string;
  /** ISO date of the fact. */
  asOf: string;
}

export interface Region extends Sourced {
  region: string;
  name: string;
  /** ISO 3166-1 alpha-2 of the country that hosts the region. */
  country: string;
  partition: "aws" | "aws-us-gov" | "aws-cn" | "aws-eusc";
  eea: boolean;
  /** Named sets that the region belongs to: eea, eu-adequate, us, eusc. */
  sets: string[];
  availabilityZones: string[] | null;
}

/** A service on the list of HIPAA-eligible services, which holds under a business associate agreement. */
export interface HipaaService extends Sourced {
  /** Module of the provider that makes it: "s3". */
  module: string;
  service: string;
  /** What of the service the list leaves out; null = nothing is named. */
  except: string | null;
}

export interface Instance extends Sourced {
  type: string;
  vcpu: number;
  memoryGib: number;
  /** Name of a row in gpus.json, e.g. "L40S-48G"; null without a usable NVIDIA GPU. */
  gpu: string | null;
  gpus: number;
  /** Memory a pod may request on AL2023 (Karpenter's table); null = not known. */
  allocatableMib: number | null;
  nvmeGb: number | null;
  arch: "x86_64" | "arm64";
  efa: number;
}

export interface InstancePrice {
  instance: string;
  region: string;
  /** Decimal string at source precision; null with `reason`. */
  onDemandUsdPerHour: string | null;
  /** Minimum over the zones at one moment; null = not known. */
  spotUsdPerHour: string | null;
  reason: "not-offered" | "capacity-block-only" | "no-data" | null;
  source: string | null;
  asOf: string | null;
}

export interface Gpu extends Sourced {
  /** e.g. "H100-80G", "RTX4090-24G", "A10G-24G". */
  name: string;
  nameplateGib: number;
  /** Memory that torch sees, GiB: [low, high]. */
  visibleGib: [number, number];
  bandwidthGBps: number;
  /** Dense TFLOPS. */
  fp16Tflops: number;
  fp8Tflops: number | null;
  int8Tflops: number | null;
  /** Compute capability, e.g. 8.9. */
  computeCapability: number;
  /** One-way link per GPU to its neighbours, GB/s, and its kind. */
  linkGBps: number;
  link: "nvlink" | "pcie4" | "pcie5" | "pcie3";
  /** PCI bus or measured note on where visibleGib comes from. */
  note: string | null;
}

export type AttentionType = "mha" | "gqa" | "mqa" | "mla" | "hybrid-swa" | "hybrid-linear" | string;

/** Fixed state of a recurrent layer for one sequence: a convolution window and a matrix per head. */
export interface RecurrentState {
  /** Channels of the convolution, all heads together, and how many past tokens it keeps (kernel - 1). */
  convChannels: number;
  convTokens: number;
  heads: number;
  /** Elements of one head's matrix are `headDim * stateDim`. */
  headDim: number;
  stateDim: number;
  /** Bytes of an element of the matrices; the convolution has those of the model. */
  stateBytes: 2 | 4;
}

/** Layers whose cache is alike; whole model, before any parallelism. */
export type CacheLayers = { layers: number } & (
  | { kind: "full"; kvHeads: number; headDim: number }
  /** Holds the last `window` tokens only. */
  | { kind: "window" | "chunk"; kvHeads: number; headDim: number; window: number }
  /** One vector of `width` stands for keys and values of all heads (MLA); a sparse one keeps an index beside it. */
  | { kind: "latent"; width: number; indexBytes: number }
  | { kind: "state"; state: RecurrentState }
);

export interface ModelShape extends Sourced {
  repo: string;
  /** Git commit of the Hugging Face repository; null = not found in two independent public sources. */
  revision: string | null;
  paramsTotalB: number | null;
  paramsActiveB: number | null;
  paramsBasis: string;
  layers: number;
  hiddenSize: number;
  intermediateSize: number | null;
  moeIntermediateSize: number | null;
  attentionHeads: number;
  kvHeads: number | null;
  headDim: number | null;
  vocabSize: number | null;
  maxPositionEmbeddings: number | null;
  attentionType: string;
  slidingWindow: number | null;
  fullAttentionLayers: number | null;
  slidingOrLinearLayers: number | null;
  kvLoraRank: number | null;
  qkRopeHeadDim: number | null;
  moeExperts: number | null;
  moeTopK: number | null;
  sharedExperts: number | null;
  tieWordEmbeddings: boolean | null;
  /** "bf16" | "fp16" | "awq" | "gptq-int4" | … as the CSV writes it. */
  weightsDtype: string;
  quantMethod: string | null;
  quantGroupSize: number | null;
  license: string | null;
  checkpointGib: number | null;
  checkpointNote: string | null;
  kvBytesPerTokenBf16Tp1: number | null;
  /** `model_type` of the language model in config.json; null = not known. */
  modelType?: string | null;
  /** Where the fields above cannot tell the cache apart: every kind of layer that keeps something. */
  cacheLayers?: readonly CacheLayers[] | null;
  /** Weights of the vision tower, counted in `paramsTotalB`; kept at 16 bits by every format. null = none, or not known. */
  visionParamsB?: number | null;
  /** Weights of all routed experts; null = what `layers`, experts and their width give. */
  expertParamsB?: number | null;
  /** Bits per weight of the attention projections and of lm_head where the repository quantizes them otherwise than the rest. */
  attentionBits?: number | null;
  /** Whether grouped integers are centred on zero (GPTQ `sym`); null = not said. Kernels take only some of both. */
  quantSymmetric?: boolean | null;
  lmHeadBits?: number | null;
  /** Type of cache that the quantization of the repository asks for, which `auto` then means; null = that of the model. */
  kvCacheDtype?: "fp8" | null;
}

export interface LlmApiPrice extends Sourced {
  provider: string;
  model: string;
  inputUsdPerMtok: string | null;
  outputUsdPerMtok: string | null;
  cachedInputUsdPerMtok: string | null;
  contextWindow: number | null;
}

/** Which open weights a hosted model is. */
export interface HostedWeights extends Sourced {
  /** As `LlmApiPrice.model` has it. */
  apiModel: string;
  repo: string;
}

/** A condition of a hosted API that holds for the whole provider. */
export interface LlmTerm extends Sourced {
  provider: string;
  /** Per cent off in the batch tier, or per cent on credits bought. */
  term: "batch-discount-pct" | "credit-fee-pct";
  value: string;
  note: string | null;
}

/** A model of the published intelligence table; price and quotient are null where no provider listed a price. */
export interface IntelligenceRow extends Sourced {
  model: string;
  index: number;
  /** US dollars of a million tokens, three of input to one of output, as printed. */
  blendedUsdPerMtok: string | null;
  /** US dollars of a million tokens and point, as printed. */
  usdPerPoint: string | null;
  /** Names of the same model in the price table. */
  apiModels: string[];
  repo: string | null;
}

/** A figure that a public buying guide prints. */
export interface GuideFigure extends Sourced {
  key: string;
  /** Decimal string as printed. */
  value: string;
  unit: string;
  note: string | null;
}

/** How often spot instances of a type were reclaimed, by the spot advisor. */
export interface SpotInterruption extends Sourced {
  instance: string;
  region: string;
  /** Share reclaimed in a month, e.g. "5-10%". */
  band: string;
}

export interface EngineVersion extends Sourced {
  /** e.g. "0.30.0". */
  version: string;
  image: string;
  /** sha256:… or null when no two independent public sources were found. */
  digest: string | null;
  cuda: string;
  /** Lowest NVIDIA driver branch that the image runs on. */
  driverFloor: string;
  computeCapabilityFloor: number;
  gpuMemoryUtilizationDefault: number;
  /** Whether CUDA graphs are counted inside the memory budget (true since 0.21). */
  cudaGraphsInBudget: boolean;
  removedFlags: string[];
  pluginFormats: string[];
}

export interface Chart extends Sourced {
  name: string;
  /** Address of the chart repository or OCI registry (without the chart name for HTTP repositories). */
  repository: string;
  version: string;
  namespace: string;
  /** Requests of the chart's own workloads per cluster and per node; null = not known. */
  footprint: { cpuMillicores: number | null; memoryMib: number | null; perNode: boolean; note: string };
}

/** A price of an AWS service that is not an instance: one row per (key, region). */
export interface ServicePrice extends Sourced {
  /** e.g. "eks.cluster.hour", "ebs.gp3.gb-month", "nat.hour", "nat.gb". */
  key: string;
  region: string;
  unit: string;
  unitPriceUsd: string;
  /** First tier only, one source, and the like; null = nothing to add. */
  note: string | null;
}

/** Driver of a node image for NVIDIA GPUs. */
export interface AmiFact extends Sourced {
  /** EKS `amiType`, e.g. "AL2023_x86_64_NVIDIA". */
  amiType: string;
  release: string | null;
  driver: string;
  /** Kubernetes minors that the release exists for, e.g. "1.30-1.36". */
  kubernetes: string | null;
  note: string | null;
}

/** A Kubernetes minor on EKS. */
export interface KubernetesVersion extends Sourced {
  /** e.g. "1.35". */
  minor: string;
  /** ISO dates. After standard support the control plane costs extended support until that ends too. */
  released: string;
  standardSupportEnds: string;
  extendedSupportEnds: string;
}
