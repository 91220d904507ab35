import { forwardBytesPerToken, hasVision } from "./activation.ts";
import { profileRules } from "./engine-rules.ts";
import { GIB } from "./memory.ts";
import { FITTED_MEMORY } from "./memory-factors.ts";
import { type ReplicaMemory, replicaMemory } from "./replica.ts";
import type { FitInput, FitReason, Range } from "./types.ts";
import { type WhatIf, whatIf } from "./what-if.ts";

/** One step of the arithmetic: what it is, how it is computed, from which numbers, and where those come from. */
export interface ExplainedTerm {
  name: string;
  value: Range | null;
  unit: "GiB" | "KiB" | "tokens" | "requests";
  formula: string;
  numbers: string;
  source: string;
}

/** Every step from the card to the verdict, and what single changes of the request would make of it. */
export interface Explanation {
  terms: ExplainedTerm[];
  changes: WhatIf[];
}

const VLLM = "vLLM";
const LOGS = "median of logged start-ups (npm run accuracy)";

/**
 * The memory of a replica step by step.
 *
 * @returns a reason where the format or the number of weights is not known.
 */
export function explainFit(input: FitInput, tensor: number): Explanation | FitReason {
  const memory = replicaMemory(input, tensor);
  if ("code" in memory) return memory;
  return {
    terms: [...budgetTerms(input, memory), ...cacheTerms(input, memory)],
    changes: whatIf(input, tensor),
  };
}

function budgetTerms(input: FitInput, memory: ReplicaMemory): ExplainedTerm[] {
  const { gpu, engine } = input;
  const { budget, utilization } = memory;
  const [low, high] = gpu.visibleGib;
  const { parallel } = memory.facts;
  const ranks = parallel.tensor * parallel.pipeline;
  const graphs = engine.cudaGraphsInBudget
    ? "estimated at start and taken out of the cache"
    : "captured later, out of what the utilization leaves";
  return [
    {
      name: "asked for",
      value: same(budget.requestedGiB),
      unit: "GiB",
      formula: "memory that torch sees · utilization",
      numbers: `${low === high ? low : `${low} to ${high}`} GiB · ${utilization}`,
      source: `${gpu.note ?? gpu.name}; ${VLLM} v1/worker/utils.py request_memory`,
    },
    weightsTerm(input, memory),
    activationTerm(input, memory),
    {
      name: "beside torch",
      value: budget.nonTorchGiB,
      unit: "GiB",
      formula: "CUDA libraries, cuBLAS workspaces, buffers of the custom all-reduce (NVLink only)",
      numbers: ranks > 1 ? `${ranks} GPUs over ${gpu.link}` : "one GPU",
      source: LOGS,
    },
    {
      name: "CUDA graphs",
      value: budget.cudaGraphGiB,
      unit: "GiB",
      formula: input.enforceEager ? "none with --enforce-eager" : graphs,
      numbers: `vLLM ${engine.version}`,
      source: LOGS,
    },
    {
      name: "KV cache",
      value: budget.kvCacheGiB,
      unit: "GiB",
      formula: `asked for - weights - profile run - beside torch${engine.cudaGraphsInBudget ? " - CUDA graphs" : ""}`,
      numbers: [
        budget.requestedGiB,
        budget.weightsGiB.expected,
        budget.activationGiB.expected,
        budget.nonTorchGiB.expected,
        ...(engine.cudaGraphsInBudget ? [budget.cudaGraphGiB.expected] : []),
      ]
        .map((gib) => gib.toFixed(2))
        .join(" - "),
      source: `${VLLM} v1/worker/gpu_worker.py determine_available_memory`,
    },
  ];
}

function weightsTerm({ shape }: FitInput, { facts, budget }: ReplicaMemory): ExplainedTerm {
  const { parameters, format, parallel } = facts;
  const { total, embedding, lmHead, vision, experts } = parameters;
  const vocabulary = embedding + lmHead;
  const billions = (count: number) => `${(count / 1e9).toFixed(2)} B`;
  const parts = [
    `${billions(total - vocabulary - vision)} · ${format.bits} bits${format.expertsOnly ? " (experts alone)" : ""}`,
    `${billions(vocabulary)} of vocabulary · 16 bits`,
    ...(vision > 0 ? [`${billions(vision)} of encoder · 16 bits`] : []),
  ];
  const ranks = [
    `TP ${parallel.tensor}`,
    ...(parallel.pipeline > 1 ? [`PP ${parallel.pipeline}`] : []),
    ...(parallel.expert && experts > 0 ? [`experts over ${parallel.tensor * parallel.data}`] : []),
  ];
  return {
    name: "weights",
    value: budget.weightsGiB,
    unit: "GiB",
    formula: "(body · bits + vocabulary · 16 + encoder · 16) / 8 / ranks, plus what every rank keeps",
    numbers: `${parts.join(" + ")}; ${ranks.join(", ")}`,
    source: `${parameters.basis === "shape" ? "counted from the shape" : parameters.basis === "stated" ? `stated: ${shape.paramsBasis}` : "bytes of the checkpoint"}; ${shape.source}`,
  };
}

function activationTerm(input: FitInput, { budget, profile, facts }: ReplicaMemory): ExplainedTerm {
  const { sampler } = profileRules(input.engine);
  const perToken = forwardBytesPerToken(input.shape, facts.parallel.tensor);
  const rows = Math.min(profile.maxNumSeqs, profile.maxNumBatchedTokens);
  const { native, fused, runner2 } = FITTED_MEMORY.bytesPerLogit;
  const isSum = sampler === "fused" || sampler === "runner2";
  const bytes = sampler === "fused" ? fused : sampler === "runner2" ? runner2 : native;
  const forward = `${profile.maxNumBatchedTokens} tokens · ${(perToken / 1024).toFixed(0)} KiB = ${((profile.maxNumBatchedTokens * perToken) / GIB).toFixed(2)} GiB`;
  const vocabulary = input.shape.vocabSize ?? "an unknown vocabulary";
  const logits = `${rows} rows · ${vocabulary} · ${bytes} B`;
  const encoder = hasVision(input.shape) ? `; encoder ${FITTED_MEMORY.visionGib} GiB` : "";
  return {
    name: "profile run",
    value: budget.activationGiB,
    unit: "GiB",
    formula: profile.chunked
      ? "forward pass over one chunk"
      : isSum
        ? "forward pass + sampler, or the encoder where that is more"
        : "the largest of forward pass, sampler and encoder",
    numbers: profile.chunked ? forward : `${forward}; sampler ${logits}${encoder}`,
    source: `${VLLM} get_batch_defaults and profile_run; bytes per logit: ${LOGS}`,
  };
}

function cacheTerms(input: FitInput, memory: ReplicaMemory): ExplainedTerm[] {
  const { kv, context, concurrency, longest, cache } = memory;
  if ("unknown" in kv || context === null) return [];
  const need = kv.perRequest(context);
  const kinds = kv.layout.kinds.map(({ kind, layers, tokenBytes, stateBytes, window }) =>
    kind === "state"
      ? `${layers} recurrent · ${(stateBytes / 1024).toFixed(0)} KiB a sequence`
      : `${layers} ${kind}${Number.isFinite(window) ? ` ${window}` : ""} · ${tokenBytes} B a token`,
  );
  const { blockTokens, groupLayers, pageBytes } = kv.layout;
  const layout =
    kinds.length > 1
      ? `; blocks of ${blockTokens} tokens, groups of ${groupLayers} layers, pages of ${(pageBytes / 1024).toFixed(0)} KiB`
      : "";
  const terms: ExplainedTerm[] = [
    {
      name: "cache of a token",
      value: same(kv.bytesPerToken / 1024),
      unit: "KiB",
      formula: "2 · KV heads of a rank · head size · bytes, over the layers that grow",
      numbers: kinds.join(", ") + layout,
      source: `${input.shape.source}; ${VLLM} v1/kv_cache_interface.py`,
    },
    {
      name: "one full request",
      value: { low: need.low / GIB, expected: need.expected / GIB, high: need.high / GIB },
      unit: "GiB",
      formula: "whole blocks of every group, states included",
      numbers: `${context} tokens`,
      source: `${VLLM} v1/core/kv_cache_utils.py`,
    },
  ];
  if (concurrency !== null)
    terms.push({
      name: "requests at once",
      value: concurrency,
      unit: "requests",
      formula: "KV cache / one full request",
      numbers: `${Math.max(0, cache.expected / GIB).toFixed(2)} / ${(need.expected / GIB).toFixed(2)} GiB`,
      source: `${VLLM} get_max_concurrency_for_kv_cache_config`,
    });
  if (longest !== null)
    terms.push({
      name: "longest request",
      value: same(longest),
      unit: "tokens",
      formula: "the most tokens whose high case the low case of the cache holds",
      numbers: `at most ${input.shape.maxPositionEmbeddings ?? context} positions`,
      source: `${VLLM} estimate_max_model_len`,
    });
  return terms;
}

function same(value: number): Range {
  return { low: value, expected: value, high: value };
}
