import type { Gpu, ModelShape } from "../../catalog/index.ts";
import * as catalog from "../../catalog/index.ts";
import type { Sample } from "../accuracy/throughput-rows.ts";
import { configOf, namesOf } from "./configs.ts";

/** What `aiconfigurator.py` is asked. */
export interface Question {
  key: string;
  names: string[];
  config: Record<string, unknown>;
  /** null: aiconfigurator 0.12.0 has no file for the card. */
  system: string | null;
  /** Arguments of `cli_estimate`. */
  estimate: Record<string, number | string>;
}

/** Which of its settings a question uses: its defaults, or one of them changed. */
export type Setting =
  | "defaults"
  | "ctx_tokens = max_num_batched_tokens"
  | "kvcache_quant_mode inferred"
  | "batch_size ≤ what Freehold admits";

/** Cards with a file in its `systems` folder. An A100 of 40 GB is none: its file is of the 80 GB card. */
const SYSTEMS: Record<string, string> = {
  "A100-80G": "a100_sxm",
  "H100-80G": "h100_sxm",
  "H100PCIe-80G": "h100_pcie",
  "H200-141G": "h200_sxm",
  "B200-180G": "b200_sxm",
  "L40S-48G": "l40s",
  "L4-24G": "l4",
  "RTXPRO6000-96G": "rtx_pro_6000_server",
};

/** Shapes that the catalogue lacks, from the model that the repository was trained from. */
const TRAINED_FROM: Record<string, string> = {
  "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B": "Qwen/Qwen2.5-14B-Instruct",
};

/** Requests of one copy at which the rate is asked where a run is paced by its clients. */
const PACED = [1, 4, 16, 64, 256];

/**
 * Requests of one copy that run at once: what its clients send; of a run whose requests all arrive at once, what cache
 * and `max_num_seqs` admit of them.
 */
export function runningOf({ input }: Sample): number {
  const sent = input.load.concurrency / input.data;
  return Math.max(1, Math.floor(input.burst ? Math.min(sent, input.admitted) : sent));
}

/** Batch sizes at which a row needs the rate of one copy. */
export function batchesOf(sample: Sample, setting: Setting = "defaults"): number[] {
  const most = Math.max(1, Math.floor(sample.input.admitted));
  if (sample.arrivals !== null) return [...new Set(PACED.map((batch) => Math.min(batch, most)))];
  const running = runningOf(sample);
  return [setting === "batch_size ≤ what Freehold admits" ? Math.min(running, most) : running];
}

/** Copies that aiconfigurator does not model itself: its attention data parallelism is for mixtures of experts. */
export function copiesBeside({ input }: Sample): number {
  return input.shape.moeExperts === null ? input.data : 1;
}

/** Questions of a row, one for each batch size. */
export function questionsOf(sample: Sample, setting: Setting): Question[] {
  const { input, row } = sample;
  const shape = TRAINED_FROM[row.repo ?? ""] ? catalog.model(TRAINED_FROM[row.repo!]!)! : input.shape;
  const system = SYSTEMS[row.gpu] ?? null;
  return batchesOf(sample, setting).map((batch) => {
    const estimate = {
      isl: Math.max(1, Math.round(row.inputTokens)),
      osl: Math.max(1, Math.round(row.outputTokens)),
      batch_size: batch,
      tp_size: input.tensor,
      ...parallelism(sample),
      ...weights(shape, row.quantization, input.gpu),
      // vLLM keeps the cache in the type of the model whatever the weights are.
      ...(setting === "kvcache_quant_mode inferred"
        ? {}
        : { kvcache_quant_mode: /kv.cache.dtype[ =]+fp8/.test(sample.notes) ? "fp8" : "bfloat16" }),
      ...(setting === "ctx_tokens = max_num_batched_tokens" ? { ctx_tokens: input.maxNumBatchedTokens } : {}),
    };
    const question = { names: namesOf(shape, row.quantization), config: configOf(shape), system, estimate };
    return { key: JSON.stringify(question), ...question };
  });
}

/** Experts are cut over all ranks, or spread over as many as the row says. */
function parallelism({ input, notes }: Sample): Record<string, number> {
  if (input.shape.moeExperts === null) return {};
  const ranks = input.tensor * input.data;
  const said = Number(/expert parallel (\d+)/.exec(notes)?.[1] ?? 1);
  const spread = /enable-expert-parallel/.test(notes) ? ranks : Math.min(said, ranks);
  return { attention_dp_size: input.data, moe_ep_size: spread, moe_tp_size: ranks / spread };
}

/**
 * Quantization flags; none where the wheel's config.json of the repository says it. FP8 in blocks of 128 as Qwen and
 * DeepSeek publish it. A card without FP8 units unpacks FP8 weights to 16 bits: 8-bit weights only.
 */
function weights(shape: ModelShape, quantization: string, gpu: Gpu): Record<string, string> {
  const both = (mode: string) => ({ gemm_quant_mode: mode, moe_quant_mode: mode });
  if (quantization === "mxfp4" || /Kimi|DeepSeek-(R1|V3)/.test(shape.repo)) return dense(shape);
  if (/^(awq|gptq-int4|w4a16)$/.test(quantization)) return both("int4_wo");
  if (quantization === "gptq-int8") return { gemm_quant_mode: "int8_wo" };
  if (quantization === "w8a8") return { gemm_quant_mode: "sq" };
  if (quantization === "nvfp4") return both("nvfp4");
  if (quantization !== "fp8") return both("bfloat16");
  if (gpu.fp8Tflops === null) return { gemm_quant_mode: "int8_wo", moe_quant_mode: "fp8" };
  return both(/^Qwen\//.test(shape.repo) ? "fp8_block" : "fp8");
}

/** Distillations bear the name of the teacher but are dense models of 16 bits. */
function dense(shape: ModelShape): Record<string, string> {
  return /Distill/.test(shape.repo) ? { gemm_quant_mode: "bfloat16" } : {};
}
