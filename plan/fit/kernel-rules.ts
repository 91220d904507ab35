import { minorOf } from "./engine-rules.ts";
import type { EngineFacts } from "./types.ts";

/**
 * What the kernels of a release accept. Every entry is read out of the releases themselves and recorded in
 * catalog/sources/vllm-facts.json, against which the tests hold it.
 */
export interface KernelRules {
  /** Whether a dense weight whose shape misses Marlin's tiles is padded instead of refused (since 0.24). */
  padsDense: boolean;
  /** The same for experts (since 0.25). */
  padsExperts: boolean;
  /** Lowest compute capability of FP8 checkpoints of ModelOpt; they run weight-only below 8.9 since 0.27. */
  modelOptFp8: number;
  /** Formats that left the core for plugins: gguf with 0.24, bitsandbytes with 0.28. */
  plugins: readonly ("gguf" | "bitsandbytes")[];
}

/** Marlin's tiles: outputs and inputs of a weight on one rank, and the group sizes it has kernels for. */
export const MARLIN = { outputs: 64, inputs: 128, groups: [-1, 32, 64, 128] as readonly number[] };

/** Rows of embedding and lm_head are padded to this (vllm model_executor/layers/vocab_parallel_embedding.py). */
export const VOCABULARY_PADDING = 64;

/** The rules of a release. */
export function kernelRules(engine: Pick<EngineFacts, "version">): KernelRules {
  const minor = minorOf(engine.version);
  return {
    padsDense: minor >= 24,
    padsExperts: minor >= 25,
    modelOptFp8: minor >= 27 ? 8.0 : 8.9,
    plugins: minor >= 28 ? ["gguf", "bitsandbytes"] : minor >= 24 ? ["gguf"] : [],
  };
}
