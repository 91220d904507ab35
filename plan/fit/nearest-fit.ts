import type { Gpu } from "../../catalog/index.ts";
import { replicaMemory } from "./replica.ts";
import type { FitDocument, FitInput, NearestFit } from "./types.ts";

/** A machine that could be taken instead. */
export interface Candidate {
  instance: string | null;
  gpu: Gpu;
  gpus: number;
  allocatableMib: number | null;
}

/** Contexts shorter than this are not proposed. */
const SHORTEST_CONTEXT = 1024;

/**
 * The smallest change after which the low case fits: half-precision on a card without bfloat16, a context no shorter
 * than half, an fp8 cache, more (or other) tensor parallelism in the same node, the next machine, any shorter context.
 *
 * @returns null where none of them does.
 */
export function nearestThatFits(
  input: FitInput,
  document: FitDocument,
  candidates: readonly Candidate[],
): NearestFit | null {
  const tensor = document.tensorParallel ?? 1;
  const context = document.maxModelLen;
  if (context === null) return null;
  const kvDtype = input.kvCacheDtype ?? "auto";
  const tries = [
    ...(input.quantization == null || document.quantization === "bf16" ? halfPrecision(input, document) : []),
    ...shorter(document, context / 2),
    ...(kvDtype === "auto" && input.gpu.computeCapability >= 8.0
      ? [{ change: "--kv-dtype fp8", input: { ...input, kvCacheDtype: "fp8" as const }, tensor }]
      : []),
    ...otherTensorParallel(input, tensor),
    ...otherMachines(input, candidates),
    ...shorter(document, SHORTEST_CONTEXT),
  ];
  for (const { change, input: changed, tensor: size } of tries) {
    const result = replicaMemory(changed, size);
    if ("code" in result || result.verdict !== "fits") continue;
    return {
      change,
      instance: changed.instance ?? null,
      gpu: changed.gpu.name,
      gpus: changed.gpusPerNode,
      tensorParallel: size,
      quantization: result.facts.name,
      maxModelLen: result.context!,
      kvDtype: changed.kvCacheDtype ?? "auto",
    };
  }
  return null;

  function shorter(of: FitDocument, floor: number): Try[] {
    const fits = of.maxModelLenThatFits ?? 0;
    // Round numbers are what people write; vLLM takes any.
    const length = fits >= 2048 ? Math.floor(fits / 1024) * 1024 : fits;
    if (length < Math.max(floor, SHORTEST_CONTEXT) || length >= context!) return [];
    return [{ change: `--context ${length}`, input: { ...input, maxModelLen: length }, tensor }];
  }
}

interface Try {
  change: string;
  input: FitInput;
  tensor: number;
}

function halfPrecision(input: FitInput, document: FitDocument): Try[] {
  if (input.gpu.computeCapability >= 8 || document.quantization !== "bf16") return [];
  const tensor = document.tensorParallel ?? 1;
  return [{ change: "--quantization fp16", input: { ...input, quantization: "fp16" }, tensor }];
}

function otherTensorParallel(input: FitInput, tensor: number): Try[] {
  const sizes = [1, 2, 4, 8, 16].filter(
    (size) => size !== tensor && size <= input.gpusPerNode && input.gpusPerNode % size === 0,
  );
  // More ranks first: fewer only help where a quantization group does not divide.
  const ordered = [
    ...sizes.filter((size) => size > tensor),
    ...sizes.filter((size) => size < tensor).reverse(),
  ];
  return ordered.map((size) => ({ change: `--tp ${size}`, input, tensor: size }));
}

function otherMachines(input: FitInput, candidates: readonly Candidate[]): Try[] {
  const alone = candidates.length === 0 ? null : replicaMemory(input, 1);
  // No rank holds less than its even share: most machines are ruled out without the whole arithmetic.
  const least = alone === null || "code" in alone ? 0 : alone.budget.weightsGiB.low;
  return candidates.flatMap(({ instance, gpu, gpus, allocatableMib }) => {
    const moved: FitInput = {
      ...input,
      instance,
      gpu,
      gpusPerNode: gpus,
      allocatableMib,
      hostMemoryGib: null,
    };
    return [1, 2, 4, 8, 16]
      .filter((size) => size <= gpus && gpus % size === 0 && least / size < gpu.visibleGib[1])
      .map((size) => ({
        change: `${instance === null ? `--gpu ${gpu.name} --gpus ${gpus}` : `--instance ${instance}`} --tp ${size}`,
        input: moved,
        tensor: size,
      }));
  });
}
