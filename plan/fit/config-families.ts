/** Which layers keep what, where a file does not list them one by one. */
export type Pattern =
  /** Every layer sees everything, or everything within `sliding_window` where one is given. */
  | "uniform"
  /** As `uniform`, but the window holds only with `use_sliding_window`, from layer `max_window_layers` on. */
  | "switched window"
  /** Windows, with every n-th layer seeing everything. */
  | { fullEvery: number }
  | "chunked"
  | "latent"
  /** Gated delta nets, with every n-th layer being attention. */
  | "delta net"
  | "kimi delta"
  | "mimo"
  | "nemotron"
  | "mamba list"
  | "mamba beside attention"
  | "jamba";

/** How a family of architectures (`model_type`) is to be read. */
export interface Family {
  pattern: Pattern;
  /** Matrices of one MLP: 3 with a gate, 2 without. Default 3. */
  mlpMatrices?: 2;
  moe?: true;
  /** Biases of the attention projections that the class always has. */
  bias?: "qkv" | "all";
  /** A gate as wide as the queries (Qwen3-Next and its successors). */
  queryGate?: true;
  /** Parts that a config.json does not size: only the bytes of the checkpoint tell the weights. */
  uncounted?: true;
  /** What the Hugging Face class assumes where the file is silent (transformers 5.24 configuration_*.py). */
  defaults?: Readonly<Record<string, number | boolean>>;
}

const TIED = { tie_word_embeddings: true };
const GEMMA3 = {
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  vocab_size: 262208,
  sliding_window: 4096,
};
const GEMMA3_TEXT: Family = {
  pattern: { fullEvery: 6 },
  defaults: { ...TIED, ...GEMMA3, max_position_embeddings: 131072 },
};
const QWEN2: Family = { pattern: "switched window", bias: "qkv", defaults: { num_key_value_heads: 32 } };
const QWEN3: Family = { pattern: "switched window", defaults: { num_key_value_heads: 32, head_dim: 128 } };
const QWEN3_VL: Family = { pattern: "uniform", defaults: { num_key_value_heads: 32, head_dim: 128 } };
const QWEN3_MOE: Family = { pattern: "switched window", moe: true, defaults: { num_key_value_heads: 4 } };
const DEEPSEEK: Family = { pattern: "latent", moe: true };
const LATENT: Family = { ...DEEPSEEK, defaults: { first_k_dense_replace: 3, n_shared_experts: 1 } };
const DELTA = { head_dim: 256, full_attention_interval: 4, linear_conv_kernel_dim: 4 };
const GEMMA4: Family = {
  pattern: { fullEvery: 6 },
  defaults: {
    ...TIED,
    head_dim: 256,
    global_head_dim: 512,
    sliding_window: 512,
    num_key_value_heads: 4,
    hidden_size_per_layer_input: 256,
    vocab_size: 262144,
    max_position_embeddings: 131072,
  },
};

/** Families whose arithmetic is known, by `model_type`. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  llama: { pattern: "uniform" },
  mistral: { pattern: "uniform", defaults: { num_key_value_heads: 8 } },
  ministral3: { pattern: "uniform", defaults: { num_key_value_heads: 8, head_dim: 128 } },
  qwen2: QWEN2,
  qwen2_vl: QWEN2,
  qwen2_vl_text: QWEN2,
  qwen2_5_vl: QWEN2,
  qwen2_5_vl_text: QWEN2,
  qwen3: QWEN3,
  qwen3_vl_text: QWEN3_VL,
  mimo: QWEN2,
  phi3: { pattern: "uniform" },
  glm: { pattern: "uniform", bias: "qkv", defaults: { num_key_value_heads: 2, head_dim: 128 } },
  glm4: { pattern: "uniform", bias: "qkv", defaults: { num_key_value_heads: 2, head_dim: 128 } },
  granite: { pattern: "uniform" },
  olmo2: { pattern: "uniform" },
  olmo3: { pattern: { fullEvery: 4 }, defaults: { sliding_window: 4096 } },
  smollm3: { pattern: "uniform", defaults: { ...TIED, num_key_value_heads: 4 } },
  seed_oss: { pattern: "uniform", bias: "qkv", defaults: { num_key_value_heads: 8, head_dim: 128 } },
  exaone4: { pattern: { fullEvery: 4 }, defaults: { num_key_value_heads: 32, sliding_window: 4096 } },
  cohere: { pattern: "uniform", defaults: TIED },
  cohere2: { pattern: { fullEvery: 4 }, defaults: { ...TIED, sliding_window: 4096 } },
  starcoder2: {
    pattern: "uniform",
    mlpMatrices: 2,
    bias: "all",
    defaults: { ...TIED, num_key_value_heads: 2 },
  },
  nemotron: { pattern: "uniform", mlpMatrices: 2 },
  arcee: { pattern: "uniform", mlpMatrices: 2 },
  apertus: { pattern: "uniform", mlpMatrices: 2 },
  gemma: { pattern: "uniform", defaults: { ...TIED, num_key_value_heads: 16, head_dim: 256 } },
  gemma2: {
    pattern: { fullEvery: 2 },
    defaults: { ...TIED, num_key_value_heads: 4, head_dim: 256, sliding_window: 4096 },
  },
  gemma3: GEMMA3_TEXT,
  gemma3_text: GEMMA3_TEXT,
  gemma3n_text: {
    pattern: { fullEvery: 5 },
    uncounted: true,
    defaults: {
      ...TIED,
      num_key_value_heads: 2,
      head_dim: 256,
      sliding_window: 512,
      num_kv_shared_layers: 15,
    },
  },
  gemma4_text: GEMMA4,
  olmo: { pattern: "uniform" },
  stablelm: { pattern: "uniform", defaults: { num_key_value_heads: 32 } },
  ernie4_5: { pattern: "uniform", defaults: { ...TIED, num_key_value_heads: 2, head_dim: 128 } },
  exaone_moe: {
    pattern: { fullEvery: 4 },
    moe: true,
    defaults: { num_key_value_heads: 32, first_k_dense_replace: 1, sliding_window: 4096 },
  },
  glm4_moe_lite: {
    pattern: "latent",
    moe: true,
    defaults: { first_k_dense_replace: 1, n_shared_experts: 1 },
  },
  mixtral: { pattern: "uniform", moe: true, defaults: { num_key_value_heads: 8 } },
  qwen2_moe: { ...QWEN2, moe: true, defaults: { num_key_value_heads: 16 } },
  qwen3_moe: QWEN3_MOE,
  qwen3_vl_moe_text: { ...QWEN3_MOE, pattern: "uniform", defaults: { num_key_value_heads: 16 } },
  gpt_oss: {
    pattern: { fullEvery: 2 },
    moe: true,
    bias: "all",
    defaults: { num_key_value_heads: 8, head_dim: 64, sliding_window: 128 },
  },
  phimoe: { pattern: "uniform", moe: true, defaults: { num_key_value_heads: 8 } },
  olmoe: { pattern: "uniform", moe: true },
  granitemoe: { pattern: "uniform", moe: true },
  glm4_moe: {
    pattern: "uniform",
    moe: true,
    defaults: { num_key_value_heads: 8, first_k_dense_replace: 1, n_shared_experts: 1 },
  },
  minimax_m2: { pattern: "uniform", moe: true, defaults: { num_key_value_heads: 8, head_dim: 128 } },
  llama4_text: {
    pattern: "chunked",
    moe: true,
    defaults: {
      num_key_value_heads: 8,
      head_dim: 128,
      attention_chunk_size: 8192,
      interleave_moe_layer_step: 1,
    },
  },
  deepseek_v2: { ...DEEPSEEK, defaults: { n_shared_experts: 2 } },
  deepseek_v3: LATENT,
  deepseek_v32: LATENT,
  kimi_k2: LATENT,
  glm_moe_dsa: LATENT,
  mimo_v2_flash: { pattern: "mimo", moe: true },
  qwen3_next: {
    pattern: "delta net",
    moe: true,
    queryGate: true,
    defaults: { ...DELTA, num_key_value_heads: 2 },
  },
  qwen3_5_text: { pattern: "delta net", queryGate: true, defaults: { ...DELTA, num_key_value_heads: 4 } },
  qwen3_5_moe_text: {
    pattern: "delta net",
    moe: true,
    queryGate: true,
    defaults: { ...DELTA, num_key_value_heads: 2 },
  },
  kimi_linear: { pattern: "kimi delta", moe: true, uncounted: true },
  nemotron_h: {
    pattern: "nemotron",
    mlpMatrices: 2,
    moe: true,
    defaults: { num_key_value_heads: 8, head_dim: 128 },
  },
  granitemoehybrid: {
    pattern: "mamba list",
    moe: true,
    defaults: { mamba_d_conv: 4, mamba_expand: 2, mamba_n_groups: 1 },
  },
  bamba: {
    pattern: "mamba list",
    defaults: { num_key_value_heads: 8, mamba_d_conv: 4, mamba_expand: 2, mamba_n_groups: 1 },
  },
  falcon_h1: {
    pattern: "mamba beside attention",
    defaults: { num_key_value_heads: 8, mamba_d_conv: 4, mamba_expand: 2, mamba_n_groups: 1 },
  },
  jamba: {
    pattern: "jamba",
    moe: true,
    defaults: {
      num_key_value_heads: 8,
      mamba_d_conv: 4,
      mamba_expand: 2,
      mamba_d_state: 16,
      attn_layer_period: 8,
      attn_layer_offset: 4,
      expert_layer_period: 2,
      expert_layer_offset: 1,
      num_experts: 16,
      num_experts_per_tok: 2,
    },
  },
};

/** Outer types that mean the text family where the file has no `text_config` of its own type. */
const OUTER: Readonly<Record<string, string>> = {
  qwen3_vl: "qwen3_vl_text",
  qwen3_vl_moe: "qwen3_vl_moe_text",
  qwen3_5: "qwen3_5_text",
  qwen3_5_moe: "qwen3_5_moe_text",
  gemma4: "gemma4_text",
  gemma3n: "gemma3n_text",
  llama4: "llama4_text",
  mistral3: "mistral",
};

/** The family of a `model_type`; undefined = its arithmetic is not known. */
export function familyOf(type: string): Family | undefined {
  const name = OUTER[type] ?? type;
  return Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
}
