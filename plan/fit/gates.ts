import type { Gpu, ModelShape } from "../../catalog/index.ts";
import type { Quantization } from "./quantization.ts";
import type { EngineFacts, FitReason } from "./types.ts";
import type { Parallel } from "./weights.ts";

export interface GateInput {
  shape: ModelShape;
  format: Quantization;
  gpu: Gpu;
  parallel: Parallel;
  engine: EngineFacts;
  driver: string | null;
  /** Worker processes on one node. */
  workers: number;
  /** Memory that a pod may request on the node, GiB; null = not known, not judged. */
  hostMemoryGib: number | null;
}

export interface Gates {
  /** The engine would not start. */
  refusals: FitReason[];
  /** Worth saying; changes no verdict. */
  notes: FitReason[];
}

/** Host memory of `vllm serve` itself and of each worker process; weights are mapped from files and not counted. */
const HOST_GIB = { server: 4, worker: 3 };

/** Everything that stops an engine before memory is even looked at. */
export function gates(input: GateInput): Gates {
  const refusals = [
    ...capability(input),
    ...divisibility(input),
    ...groups(input),
    ...driver(input),
    ...hostMemory(input),
  ];
  return { refusals, notes: notes(input) };
}

function reason(
  code: string,
  message: string,
  need: number | null = null,
  have: number | null = null,
  unit: string | null = null,
): FitReason {
  return { code, message, need, have, unit };
}

function capability({ gpu, format, engine }: GateInput): FitReason[] {
  const have = gpu.computeCapability;
  const found: FitReason[] = [];
  if (have < engine.computeCapabilityFloor) {
    found.push(
      reason(
        "engine-compute-capability",
        `vLLM ${engine.version} needs compute capability ${engine.computeCapabilityFloor}, ${gpu.name} has ${have}`,
        engine.computeCapabilityFloor,
        have,
        "compute capability",
      ),
    );
  }
  if (have < format.minComputeCapability) {
    const fix =
      format.name === "bf16"
        ? "; use float16 (quantization fp16, --dtype half)"
        : "; no kernel for older cards";
    found.push(
      reason(
        "format-compute-capability",
        `${format.name} needs compute capability ${format.minComputeCapability}, ${gpu.name} has ${have}${fix}`,
        format.minComputeCapability,
        have,
        "compute capability",
      ),
    );
  }
  return found;
}

/** Heads, KV heads and experts must divide evenly (vllm config/model.py, QKVParallelLinear). */
function divisibility({ shape, parallel }: GateInput): FitReason[] {
  const { tensor, pipeline } = parallel;
  const found: FitReason[] = [];
  if (shape.attentionHeads % tensor !== 0) {
    found.push(
      reason(
        "heads",
        `${shape.attentionHeads} attention heads are not divisible by tensor parallel ${tensor}`,
        tensor,
        shape.attentionHeads,
        "heads",
      ),
    );
  }
  const kv = shape.kvLoraRank === null ? shape.kvHeads : null;
  if (kv !== null && (tensor >= kv ? tensor % kv !== 0 : kv % tensor !== 0)) {
    found.push(
      reason(
        "kv-heads",
        `${kv} KV heads and tensor parallel ${tensor} do not divide each other`,
        tensor,
        kv,
        "heads",
      ),
    );
  }
  if (pipeline > shape.layers)
    found.push(
      reason("layers", `${pipeline} stages for ${shape.layers} layers`, pipeline, shape.layers, "layers"),
    );
  return found;
}

/** The part of a row-parallel weight on one rank must hold whole scale groups (Marlin and block-fp8 kernels). */
function groups({ shape, format, parallel }: GateInput): FitReason[] {
  if (format.group === null || format.name === "bnb-4bit" || format.name === "mxfp4") return [];
  const { tensor, expert } = parallel;
  const found: FitReason[] = [];
  const check = (what: string, width: number, group: number) => {
    if ((width / tensor) % group === 0) return;
    found.push(
      reason(
        "quantization-group",
        `${what} ${width} / tensor parallel ${tensor} = ${width / tensor} is not a multiple of the group size ${group} of ${format.name}`,
        group,
        width / tensor,
        "weights",
      ),
    );
  };
  if (shape.moeExperts === null) {
    if (shape.intermediateSize !== null) check("intermediate size", shape.intermediateSize, format.group);
  } else if (shape.moeIntermediateSize !== null && !expert) {
    const isMarlin = format.nativeComputeCapability === null;
    check("expert width", shape.moeIntermediateSize, isMarlin ? Math.max(64, format.group) : format.group);
  }
  if (shape.kvLoraRank === null && shape.headDim !== null && !format.expertsOnly)
    check("attention width", shape.attentionHeads * shape.headDim, format.group);
  return found;
}

function driver({ engine, driver: installed }: GateInput): FitReason[] {
  if (installed === null) return [];
  const [need, have] = [Number.parseInt(engine.driverFloor, 10), Number.parseInt(installed, 10)];
  if (!(have < need)) return [];
  return [
    reason(
      "driver",
      `the image of vLLM ${engine.version} needs NVIDIA driver ${engine.driverFloor}, the node has ${installed}`,
      need,
      have,
      "driver branch",
    ),
  ];
}

function hostMemory({ workers, hostMemoryGib }: GateInput): FitReason[] {
  if (hostMemoryGib === null) return [];
  const need = HOST_GIB.server + HOST_GIB.worker * workers;
  if (hostMemoryGib >= need) return [];
  return [
    reason(
      "host-memory",
      `the engine and its ${workers} worker(s) need about ${need} GiB of host memory, a pod may have ${hostMemoryGib.toFixed(1)}`,
      need,
      hostMemoryGib,
      "GiB",
    ),
  ];
}

function notes({ shape, gpu, format, parallel }: GateInput): FitReason[] {
  const found: FitReason[] = [];
  if (gpu.computeCapability < 8 && format.name !== "fp16" && format.minComputeCapability < 8)
    found.push(reason("dtype-half", `${gpu.name} has no bfloat16: start with --dtype half`));
  if (format.nativeComputeCapability !== null && gpu.computeCapability < format.nativeComputeCapability)
    found.push(
      reason(
        "weight-only",
        `${format.name} is unpacked to 16 bits on compute capability ${gpu.computeCapability}: memory is saved, arithmetic is not faster`,
        format.nativeComputeCapability,
        gpu.computeCapability,
        "compute capability",
      ),
    );
  const { tensor } = parallel;
  if (shape.kvLoraRank !== null && tensor > 1)
    found.push(
      reason(
        "kv-replicated",
        `the latent KV cache is copied on all ${tensor} ranks: more GPUs hold no more tokens each`,
      ),
    );
  else if (shape.kvHeads !== null && tensor > shape.kvHeads)
    found.push(
      reason(
        "kv-replicated",
        `${shape.kvHeads} KV heads on ${tensor} ranks: each head is kept ${tensor / shape.kvHeads} times`,
        tensor,
        shape.kvHeads,
        "heads",
      ),
    );
  return found;
}
