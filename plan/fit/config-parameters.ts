import type { Family } from "./config-families.ts";
import type { Fields } from "./config-fields.ts";
import { hasExperts } from "./config-layers.ts";
import type { Layer, Mixer } from "./config-mixers.ts";

/** Routed and shared experts of one layer; null for a model without. */
export interface Experts {
  count: number;
  perToken: number;
  /** Width of one routed expert. */
  width: number;
  /** Width of all shared experts together; 0 = none. */
  sharedWidth: number;
  /** Width that the experts read and write; the model's own unless it compresses before them. */
  hidden: number;
}

/** Weights of a whole model, lm_head counted only where it is a matrix of its own. */
export interface Counted {
  total: number;
  /** Weights that one token passes through. */
  active: number;
  /** Routed experts of all layers. */
  experts: number;
}

/** What a file says about its experts. Gaps are left in `fields.problem`. */
export function expertsOf(fields: Fields, family: Family): Experts | null {
  if (!hasExperts(fields, family)) return null;
  const count = fields.needed("n_routed_experts", "num_local_experts", "num_experts");
  const perToken = fields.needed(
    "num_experts_per_tok",
    "num_experts_per_token",
    "top_k_experts",
    "experts_per_token",
    "moe_topk",
  );
  if (perToken > count) fields.fail("num_experts_per_tok");
  // Families without a width of their own give it as intermediate_size.
  const width = fields.positive("moe_intermediate_size") ?? fields.needed("intermediate_size");
  return {
    count,
    perToken,
    width,
    sharedWidth: sharedWidth(fields, family, width),
    hidden: fields.positive("moe_latent_size") ?? fields.needed("hidden_size"),
  };
}

function sharedWidth(fields: Fields, family: Family, width: number): number {
  if (family.pattern === "chunked") return width;
  const shared = fields.optional("n_shared_experts", "num_shared_experts");
  const own = fields.optional("moe_shared_expert_intermediate_size");
  if (own !== null) return own * (shared ?? 1);
  const sized = fields.optional("shared_expert_intermediate_size", "shared_intermediate_size");
  return sized ?? (shared ?? 0) * width;
}

/** Width of the MLPs of dense layers; null where every layer has experts. */
export function denseWidth(fields: Fields, family: Family, layers: readonly Layer[]): number | null {
  if (!layers.some((layer) => layer.mlp === "dense" || layer.mlp === "both"))
    return fields.optional("intermediate_size");
  // Granite's hybrids without experts keep the MLP that stands beside the experts in the others.
  if (family.pattern === "mamba list" && fields.config["shared_intermediate_size"] !== undefined)
    return fields.needed("shared_intermediate_size");
  return fields.needed(
    ...["intermediate_size_mlp", "dense_intermediate_size", "intermediate_size"].filter(
      (name) => fields.config[name] !== undefined || name === "intermediate_size",
    ),
  );
}

/**
 * Counts the weights of a model layer by layer: `V·H` for embedding and lm_head, `H·(q + k + v) + o·H` for attention,
 * the low-rank products of MLA, the projections of recurrent layers, `m·H·I` for an MLP of m matrices, experts and
 * their routers, and norms.
 */
export function countWeights(
  fields: Fields,
  family: Family,
  layers: readonly Layer[],
  experts: Experts | null,
  tied: boolean,
): Counted {
  const H = fields.needed("hidden_size");
  const matrices = family.mlpMatrices ?? 3;
  const dense = matrices * H * (denseWidth(fields, family, layers) ?? 0);
  const one = experts === null ? 0 : matrices * experts.hidden * experts.width;
  const latent = experts === null || experts.hidden === H ? 0 : 2 * H * experts.hidden;
  const biased = family.bias === "all" && experts !== null ? 2 * experts.width + H : 0;
  const aside =
    experts === null
      ? 0
      : matrices * H * experts.sharedWidth +
        latent +
        experts.count * H +
        (fields.config["shared_expert_intermediate_size"] === undefined ? 0 : H);
  let [total, active, routedTotal] = [0, 0, 0];
  for (const layer of layers) {
    const mixed = layer.mixers.reduce((sum, mixer) => sum + mixerWeights(fields, family, mixer), 0);
    const plain = layer.mlp === "dense" || layer.mlp === "both" ? dense : 0;
    const hasRouter = layer.mlp === "experts" || layer.mlp === "both";
    const routed = (chosen: number) => (hasRouter ? chosen * (one + biased) + aside : 0);
    total += mixed + plain + routed(experts?.count ?? 0) + 2 * H;
    active += mixed + plain + routed(experts?.perToken ?? 0) + 2 * H;
    routedTotal += hasRouter ? (experts?.count ?? 0) * (one + biased) : 0;
  }
  const vocabulary = fields.needed("vocab_size") * H * (tied ? 1 : 2) + H;
  return { total: total + vocabulary, active: active + vocabulary, experts: routedTotal };
}

function mixerWeights(fields: Fields, family: Family, mixer: Mixer): number {
  if (mixer.kind === "state") return mixer.weights;
  if (mixer.kind === "latent") return latentAttention(fields);
  const H = fields.needed("hidden_size");
  const { heads, kvHeads, keyDim, valueDim } = mixer;
  const [queries, keys, values] = [heads * keyDim, kvHeads * keyDim, kvHeads * valueDim];
  const gate = family.queryGate ? H * queries : 0;
  const second = mixer.kind === "full" && mixer.oneMatrix ? 0 : H * values;
  const bias = hasBias(fields, family) ? queries + keys + values : 0;
  return H * (queries + keys) + second + gate + heads * valueDim * H + bias + (family.bias === "all" ? H : 0);
}

function hasBias(fields: Fields, family: Family): boolean {
  return fields.config["attention_bias"] === undefined
    ? family.bias !== undefined
    : fields.flag("attention_bias");
}

/** Queries through their own low rank where there is one; keys and values from the latent; the index of sparse attention. */
function latentAttention(fields: Fields): number {
  const H = fields.needed("hidden_size");
  const heads = fields.needed("num_attention_heads");
  const latent = fields.needed("kv_lora_rank");
  const [plain, rope, value] = [
    fields.needed("qk_nope_head_dim"),
    fields.needed("qk_rope_head_dim"),
    fields.needed("v_head_dim"),
  ];
  const rank = fields.positive("q_lora_rank");
  const queries = heads * (plain + rope);
  const [indexDim, indexHeads] = [fields.positive("index_head_dim"), fields.positive("index_n_heads")];
  const index =
    indexDim === null || indexHeads === null
      ? 0
      : (rank ?? H) * indexHeads * indexDim + H * (indexDim + indexHeads);
  return (
    (rank === null ? H * queries : rank * (H + queries)) +
    H * (latent + rope) +
    latent * heads * (plain + value) +
    heads * value * H +
    index
  );
}
