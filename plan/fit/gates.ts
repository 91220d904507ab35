import { instance } from "../../catalog/index.ts";
import type { GateInput } from "./gate-input.ts";
import { divisibility, integerFormats, kernelShapes, paddedVocabulary } from "./gate-shapes.ts";
import { kernelRules } from "./kernel-rules.ts";
import { gateReason as reason } from "./reasons-gate.ts";
import type { FitReason } from "./types.ts";

export interface Gates {
  /** The engine would not start. */
  refusals: FitReason[];
  /** Worth saying; changes no verdict. */
  notes: FitReason[];
}

/** Host memory of `vllm serve` itself and of each worker process; weights are mapped from files and not counted. */
const HOST_GIB = { server: 4, worker: 3 };
/** /dev/shm that NCCL and the workers' queues take of the pod's memory, for each of several ranks, GiB. */
const SHARED_GIB = 2;

/** Everything that stops an engine before memory is even looked at. */
export function gates(input: GateInput): Gates {
  const refusals = [
    ...capability(input),
    ...half(input),
    ...plugins(input),
    ...divisibility(input),
    ...integerFormats(input),
    ...kernelShapes(input),
    ...driver(input),
    ...architecture(input),
    ...hostMemory(input),
  ];
  return { refusals, notes: notes(input) };
}

function capability({ gpu, format, engine }: GateInput): FitReason[] {
  const have = gpu.computeCapability;
  const found: FitReason[] = [];
  if (have < engine.computeCapabilityFloor) {
    const message = `vLLM ${engine.version} needs compute capability ${engine.computeCapabilityFloor}, ${gpu.name} has ${have}`;
    found.push(
      reason("engine-compute-capability", message, engine.computeCapabilityFloor, have, "compute capability"),
    );
  }
  const floor = format.method.startsWith("modelopt fp8")
    ? kernelRules(engine).modelOptFp8
    : format.minComputeCapability;
  if (have < floor) {
    const fix =
      format.name === "bf16"
        ? "; use float16 (quantization fp16, --dtype half)"
        : "; no kernel for older cards";
    const message = `${format.name} needs compute capability ${floor}, ${gpu.name} has ${have}${fix}`;
    found.push(reason("format-compute-capability", message, floor, have, "compute capability"));
  }
  return found;
}

/** Families that vLLM does not run at float16 (`_FLOAT16_NOT_SUPPORTED_MODELS`), which is all that older cards have. */
const NO_HALF = new Set(["gemma2", "gemma3", "gemma3_text", "glm4"]);
const NO_HALF_NAMED = /(^|\/)(gemma-[23]-|GLM-4-(9B|32B)-0414)/i;

function half({ shape, gpu, format }: GateInput): FitReason[] {
  const isHalf = format.name === "fp16" || gpu.computeCapability < 8;
  const refuses = shape.modelType == null ? NO_HALF_NAMED.test(shape.repo) : NO_HALF.has(shape.modelType);
  if (!isHalf || !refuses) return [];
  const message = `${shape.repo} is not numerically stable at float16, and vLLM refuses it: it needs bfloat16 (compute capability 8.0), ${gpu.name} has ${gpu.computeCapability}`;
  return [reason("float16-unstable", message, 8, gpu.computeCapability, "compute capability")];
}

function plugins({ format, engine }: GateInput): FitReason[] {
  if (format.name !== "bnb-4bit" || !kernelRules(engine).plugins.includes("bitsandbytes")) return [];
  const message = `bitsandbytes is not part of vLLM ${engine.version}: its image loads no such checkpoint without a plugin`;
  return [reason("format-plugin", message)];
}

/** Cards that an older driver does not know (amazon-eks-ami doc/usage/g7-ami.md: g7 needs a custom AMI). */
const CARD_DRIVERS: Readonly<Record<string, number>> = { "RTXPRO4500-32G": 595 };

function driver({ gpu, engine, driver: installed }: GateInput): FitReason[] {
  if (installed === null) return [];
  const have = Number.parseInt(installed, 10);
  const found: FitReason[] = [];
  const image = Number.parseInt(engine.driverFloor, 10);
  if (have < image) {
    const message = `the image of vLLM ${engine.version} needs NVIDIA driver ${engine.driverFloor}, the node has ${installed}`;
    found.push(reason("driver", message, image, have, "driver branch"));
  }
  const card = CARD_DRIVERS[gpu.name];
  if (card !== undefined && have < card) {
    const message = `${gpu.name} needs NVIDIA driver ${card}, the node has ${installed}: it takes a node image of its own`;
    found.push(reason("driver", message, card, have, "driver branch"));
  }
  return found;
}

/** The images of the engine are built for x86_64. */
function architecture({ instance: type, engine }: GateInput): FitReason[] {
  const row = type == null ? undefined : instance(type);
  if (row === undefined || row.arch === "x86_64") return [];
  return [
    reason("architecture", `the image of vLLM ${engine.version} is for x86_64, ${row.type} is ${row.arch}`),
  ];
}

function hostMemory({ workers, hostMemoryGib }: GateInput): FitReason[] {
  if (hostMemoryGib === null) return [];
  const need = HOST_GIB.server + HOST_GIB.worker * workers;
  const shared = workers > 1 ? SHARED_GIB * workers : 0;
  const have = hostMemoryGib.toFixed(1);
  if (hostMemoryGib < need) {
    const message = `the engine and its ${workers} worker(s) need about ${need} GiB of host memory, a pod may have ${have}`;
    return [reason("host-memory", message, need, hostMemoryGib, "GiB")];
  }
  if (hostMemoryGib >= need + shared) return [];
  const message = `/dev/shm of ${shared} GiB for ${workers} ranks comes out of the pod's memory: ${need + shared} GiB with the engine, a pod may have ${have}`;
  return [reason("shared-memory", message, need + shared, hostMemoryGib, "GiB")];
}

function notes(input: GateInput): FitReason[] {
  const { shape, gpu, format, parallel, nodes = 1 } = input;
  const found: FitReason[] = [];
  if (gpu.computeCapability < 8 && format.name !== "fp16" && format.minComputeCapability < 8)
    found.push(reason("dtype-half", `${gpu.name} has no bfloat16: start with --dtype half`));
  if (format.nativeComputeCapability !== null && gpu.computeCapability < format.nativeComputeCapability) {
    const message = `${format.name} is unpacked to 16 bits on compute capability ${gpu.computeCapability}: memory is saved, arithmetic is not faster`;
    found.push(
      reason(
        "weight-only",
        message,
        format.nativeComputeCapability,
        gpu.computeCapability,
        "compute capability",
      ),
    );
  }
  const { tensor } = parallel;
  if (shape.kvLoraRank !== null && tensor > 1) {
    const message = `the latent KV cache is copied on all ${tensor} ranks: more GPUs hold no more tokens each`;
    found.push(reason("kv-replicated", message));
  } else if (shape.kvHeads !== null && tensor > shape.kvHeads) {
    const message = `${shape.kvHeads} KV heads on ${tensor} ranks: each head is kept ${tensor / shape.kvHeads} times`;
    found.push(reason("kv-replicated", message, tensor, shape.kvHeads, "heads"));
  }
  const rows = paddedVocabulary(shape);
  if (rows !== null && rows !== shape.vocabSize) {
    const message = `the vocabulary of ${shape.vocabSize} is padded to ${rows} rows`;
    found.push(reason("vocabulary-padded", message, rows, shape.vocabSize, "rows"));
  }
  const ranks = tensor * parallel.data;
  if (parallel.expert && shape.moeExperts !== null && shape.moeExperts % ranks !== 0) {
    const message = `${shape.moeExperts} experts on ${ranks} ranks are not spread evenly: the fullest has ${Math.ceil(shape.moeExperts / ranks)}`;
    found.push(reason("experts-uneven", message, ranks, shape.moeExperts, "experts"));
  }
  return [...found, ...network(input, nodes)];
}

/** Replicas over several nodes: EFA carries NCCL between them; without it TCP does. */
function network({ instance: type }: GateInput, nodes: number): FitReason[] {
  const row = type == null ? undefined : instance(type);
  if (nodes <= 1 || row === undefined || row.efa > 0) return [];
  const message = `${nodes} nodes of ${row.type} have no EFA: what passes between pipeline stages goes over TCP`;
  return [reason("efa", message, 1, row.efa, "EFA devices")];
}
