import { nothingKnown } from "./nothing-known.ts";
import { unknownField } from "./reasons.ts";
import { type ReplicaMemory, replicaMemory } from "./replica.ts";
import { throughput } from "./throughput/estimate.ts";
import { loadOf, throughputInput } from "./throughput/input.ts";
import type { ThroughputInput } from "./throughput/terms.ts";
import type { FitDocument, FitInput, FitReason, Stamp } from "./types.ts";
import { usersAt } from "./users.ts";

/** The fit of exactly these settings: memory first, and speed where a load is given and the engine starts. */
export function judge(input: FitInput, tensor: number, stamp: Stamp): FitDocument {
  const document = blank(input, tensor, stamp);
  const memory = replicaMemory(input, tensor);
  if ("code" in memory) return { ...document, verdict: "unknown", reasons: [memory] };
  return {
    ...document,
    quantization: memory.facts.name,
    verdict: memory.verdict,
    reasons: memory.reasons,
    perGpu: memory.budget,
    ...cacheOf(memory),
    usersAtLoad: input.load === undefined ? null : usersAt(memory, loadOf(input.load)),
    throughput: speedOf(input, memory),
  };
}

function cacheOf({ kv, context, concurrency, longest }: ReplicaMemory) {
  return {
    kvBytesPerToken: "unknown" in kv ? null : kv.bytesPerToken,
    kvCacheTokens:
      concurrency === null || context === null
        ? null
        : {
            low: Math.floor(concurrency.low * context),
            expected: Math.floor(concurrency.expected * context),
            high: Math.floor(concurrency.high * context),
          },
    maxModelLen: context,
    maxModelLenThatFits: longest,
    maxConcurrency: concurrency,
  };
}

function speedOf(input: FitInput, { facts, kv, cache, profile, verdict }: ReplicaMemory) {
  if (input.load === undefined || verdict === "no" || verdict === "unknown" || "unknown" in kv) return null;
  return throughput(throughputInput(input, facts, kv, cache.expected, profile, loadOf(input.load)));
}

/** What one copy of the model can be given to do, whatever the verdict; the name of the missing fact otherwise. */
export function workOf(input: FitInput, tensor: number): ThroughputInput | FitReason {
  const memory = replicaMemory(input, tensor);
  if ("code" in memory) return memory;
  const { facts, kv, cache, profile } = memory;
  if ("unknown" in kv) return unknownField(input.shape.repo, kv.unknown);
  return throughputInput(input, facts, kv, cache.expected, profile, loadOf(input.load ?? {}));
}

function blank(input: FitInput, tensor: number, stamp: Stamp): FitDocument {
  return {
    schema: "freehold.fit/v1",
    ...stamp,
    model: input.shape.repo,
    quantization: input.quantization ?? input.shape.weightsDtype,
    gpu: input.gpu.name,
    gpus: input.gpusPerNode,
    instance: input.instance ?? null,
    tensorParallel: tensor,
    pipelineParallel: input.pipelineParallel ?? 1,
    engineVersion: input.engine.version,
    verdict: "unknown",
    reasons: [],
    ...nothingKnown(),
    maxModelLen: input.maxModelLen ?? input.shape.maxPositionEmbeddings,
  };
}
