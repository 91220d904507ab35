import { Fields } from "./config-fields.ts";
import type { Mixer } from "./config-mixers.ts";

type State = Extract<Mixer, { kind: "state" }>;

/**
 * Gated delta net (Qwen3-Next and its successors): vLLM `gated_delta_net_state_shape`; the matrices take the type that
 * the file names, else that of the model.
 */
export function deltaNet(fields: Fields): State {
  const keyHeads = fields.needed("linear_num_key_heads");
  const valueHeads = fields.needed("linear_num_value_heads");
  const keyDim = fields.needed("linear_key_head_dim");
  const valueDim = fields.needed("linear_value_head_dim");
  const kernel = fields.needed("linear_conv_kernel_dim");
  const H = fields.needed("hidden_size");
  const [keys, values] = [keyHeads * keyDim, valueHeads * valueDim];
  const channels = 2 * keys + values;
  const projections = H * (2 * keys + 2 * values + 2 * valueHeads) + values * H;
  return {
    kind: "state",
    state: {
      convChannels: channels,
      convTokens: kernel - 1,
      heads: valueHeads,
      headDim: valueDim,
      stateDim: keyDim,
      stateBytes: wide(fields, ["mamba_ssm_dtype"], 2),
    },
    weights: projections + channels * kernel + 2 * valueHeads + valueDim,
  };
}

/** Kimi's delta attention: a convolution over queries, keys and values, and fp32 matrices (vLLM `kda_state_shape`). */
export function kimiDelta(fields: Fields, count: number): { full: Set<unknown>; mixer: State } {
  const inner = new Fields(fields.object("linear_attn_config") ?? {}, {}, "linear_attn_config.");
  const heads = inner.needed("num_heads");
  const headDim = inner.needed("head_dim");
  const kernel = inner.needed("short_conv_kernel_size");
  const listed = inner.config["full_attn_layers"];
  if (!Array.isArray(listed) || listed.length > count) inner.fail("full_attn_layers");
  if (inner.problem !== null) fields.fail(inner.problem);
  return {
    full: new Set(Array.isArray(listed) ? listed : []),
    mixer: {
      kind: "state",
      state: {
        convChannels: 3 * heads * headDim,
        convTokens: kernel - 1,
        heads,
        headDim,
        stateDim: headDim,
        stateBytes: 4,
      },
      weights: 0,
    },
  };
}

/** Mamba 2: vLLM `mamba2_state_shape`. Nemotron keeps fp32 matrices unless its file says otherwise. */
export function mamba2(fields: Fields, naming: "nemotron" | "mamba"): State {
  const H = fields.needed("hidden_size");
  const isNemotron = naming === "nemotron";
  const heads = isNemotron ? fields.needed("mamba_num_heads") : fields.needed("mamba_n_heads");
  const given = isNemotron
    ? null
    : (fields.positive("mamba_d_ssm") ?? (fields.positive("mamba_expand") ?? 2) * H);
  const headDim = isNemotron
    ? fields.needed("mamba_head_dim")
    : fields.config["mamba_d_head"] === "auto"
      ? given! / heads
      : (fields.positive("mamba_d_head") ?? given! / heads);
  const inner = given ?? heads * headDim;
  if (!Number.isInteger(headDim) || heads * headDim !== inner) fields.fail("mamba_d_head");
  const groups = isNemotron ? fields.needed("n_groups") : fields.needed("mamba_n_groups");
  const stateDim = isNemotron ? fields.needed("ssm_state_size") : fields.needed("mamba_d_state");
  const kernel = isNemotron ? fields.needed("conv_kernel") : fields.needed("mamba_d_conv");
  const channels = inner + 2 * groups * stateDim;
  return {
    kind: "state",
    state: {
      convChannels: channels,
      convTokens: kernel - 1,
      heads,
      headDim,
      stateDim,
      stateBytes: isNemotron ? wide(fields, ["mamba_ssm_cache_dtype"], 4) : 2,
    },
    weights: H * (inner + channels + heads) + channels * (kernel + 1) + 3 * heads + inner + inner * H,
  };
}

/** Mamba 1 (Jamba): one state row per channel (vLLM `mamba1_state_shape`). */
export function mamba1(fields: Fields): State {
  const H = fields.needed("hidden_size");
  const inner = fields.needed("mamba_expand") * H;
  const stateDim = fields.needed("mamba_d_state");
  const kernel = fields.needed("mamba_d_conv");
  const rank =
    fields.config["mamba_dt_rank"] === "auto" || fields.config["mamba_dt_rank"] === undefined
      ? Math.ceil(H / 16)
      : fields.needed("mamba_dt_rank");
  return {
    kind: "state",
    state: { convChannels: inner, convTokens: kernel - 1, heads: inner, headDim: 1, stateDim, stateBytes: 2 },
    weights:
      H * 2 * inner +
      inner * (kernel + 1) +
      inner * (rank + 2 * stateDim) +
      rank * inner +
      inner +
      inner * stateDim +
      inner +
      inner * H +
      rank +
      2 * stateDim,
  };
}

function wide(fields: Fields, names: string[], otherwise: 2 | 4): 2 | 4 {
  for (const name of names) {
    const value = fields.config[name];
    if (value === undefined || value === null || value === "auto") continue;
    if (value === "float32") return 4;
    if (value === "bfloat16" || value === "float16") return 2;
    fields.fail(name);
  }
  return otherwise;
}
