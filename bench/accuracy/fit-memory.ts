import { activationBytes, hasVision } from "../../plan/fit/activation.ts";
import { profileRules } from "../../plan/fit/engine-rules.ts";
import { GIB } from "../../plan/fit/memory.ts";
import { FITTED_MEMORY, type MemoryFactors } from "../../plan/fit/memory-factors.ts";
import { replicaMemory } from "../../plan/fit/replica.ts";
import { numberOf, type StartUp } from "./start-ups.ts";

/** Rows that a factor is the median of, by factor. */
export interface Samples {
  native: number[];
  fused: number[];
  runner2: number[];
  vision: number[];
  apart: number[];
  linked: number[];
  graphs: number[];
}

/** The factors of the memory model as medians over these start-ups; a factor without a row keeps its value. */
export function fitMemory(rows: readonly StartUp[]): MemoryFactors {
  const samples = memorySamples(rows);
  const { bytesPerLogit, nonTorchGib } = FITTED_MEMORY;
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  const of = (key: keyof Samples, fallback: number, digits = 2) =>
    round(median(samples[key]) ?? fallback, digits);
  return {
    bytesPerLogit: {
      native: of("native", bytesPerLogit.native, 1),
      fused: of("fused", bytesPerLogit.fused, 1),
      runner2: of("runner2", bytesPerLogit.runner2, 1),
    },
    visionGib: of("vision", FITTED_MEMORY.visionGib),
    nonTorchGib: {
      apart: of("apart", nonTorchGib.apart),
      linked: of("linked", nonTorchGib.linked),
    },
    cudaGraphGib: of("graphs", FITTED_MEMORY.cudaGraphGib),
  };
}

/** What each start-up says about each factor. */
export function memorySamples(rows: readonly StartUp[]): Samples {
  const samples: Samples = {
    native: [],
    fused: [],
    runner2: [],
    vision: [],
    apart: [],
    linked: [],
    graphs: [],
  };
  for (const row of rows) {
    if (row.input === null) continue;
    const { shape, engine } = row.input;
    const tensor = row.input.tensorParallel ?? 1;
    const nonTorch = nonTorchOf(row);
    if (nonTorch !== null)
      samples[tensor > 1 && row.input.gpu.link === "nvlink" ? "linked" : "apart"].push(nonTorch);
    const graphs = numberOf(row, "cuda_graph_gib");
    // Earlier logs print what graphs took in the end, or the difference of two readings.
    if (engine.cudaGraphsInBudget && graphs !== undefined && graphs > 0) samples.graphs.push(graphs);
    const peak = numberOf(row, "activation_peak_gib");
    const memory = replicaMemory(row.input, tensor);
    if (peak === undefined || "code" in memory) continue;
    const rules = profileRules(engine);
    if (hasVision(shape)) samples.vision.push(peak);
    if (shape.vocabSize === null) continue;
    const { profile } = memory;
    const logits = Math.min(profile.maxNumSeqs, profile.maxNumBatchedTokens) * shape.vocabSize;
    const none = { ...FITTED_MEMORY, visionGib: 0, bytesPerLogit: { native: 0, fused: 0, runner2: 0 } };
    const forward = activationBytes(shape, engine, profile, tensor, none).expected;
    const bytes = peak * GIB;
    if (rules.sampler === "runner2") samples.runner2.push((bytes - forward) / logits);
    else if (hasVision(shape) || profile.chunked) continue;
    else if (rules.sampler !== "fused") {
      if (bytes > 1.1 * forward) samples.native.push(bytes / logits);
    } else if (!/native sampler/.test(row.cells["notes"] ?? ""))
      samples.fused.push(Math.max(0, bytes - forward) / logits);
  }
  return samples;
}

/** Logged, or what is consumed beside the weights in releases that print only the sum. */
function nonTorchOf(row: StartUp): number | null {
  const logged = numberOf(row, "non_torch_gib");
  if (logged !== undefined) return logged;
  const [consumed, weights] = [numberOf(row, "consumed_gib"), numberOf(row, "weights_gib")];
  return consumed === undefined || weights === undefined ? null : consumed - weights;
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
