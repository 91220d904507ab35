import type { ModelShape } from "../../catalog/index.ts";
import { type Json, number } from "./json-value.ts";

/**
 * Weights of families whose catalogue shape leaves something open: low-rank queries of MLA and dense first layers of
 * mixture-of-experts models, both of which a config.json states. For the others the shape itself is enough and both
 * figures are null.
 */
export function countedParameters(config: Json): Pick<ModelShape, "paramsTotalB" | "paramsActiveB"> {
  const unknown = { paramsTotalB: null, paramsActiveB: null };
  const dense = number(config, "first_k_dense_replace") ?? 0;
  const latent = number(config, "kv_lora_rank");
  if (dense === 0 && latent === null) return unknown;
  const need = (...names: string[]) => number(config, ...names) ?? Number.NaN;
  const [H, layers, heads] = [need("hidden_size"), need("num_hidden_layers"), need("num_attention_heads")];
  const attention =
    latent === null ? plainAttention(config, H, heads) : latentAttention(config, H, heads, latent);
  const width = need("moe_intermediate_size");
  const experts = need("n_routed_experts", "num_experts", "num_local_experts");
  const shared = number(config, "n_shared_experts") ?? 0;
  const expert = 3 * H * width;
  const vocabulary = need("vocab_size") * H * (config["tie_word_embeddings"] === true ? 1 : 2);
  const always = vocabulary + layers * attention + dense * 3 * H * need("intermediate_size");
  const perLayer = (count: number) => (count + shared) * expert + H * experts;
  const total = always + (layers - dense) * perLayer(experts);
  const active = always + (layers - dense) * perLayer(need("num_experts_per_tok"));
  return Number.isFinite(total) && Number.isFinite(active)
    ? { paramsTotalB: total / 1e9, paramsActiveB: active / 1e9 }
    : unknown;
}

function plainAttention(config: Json, H: number, heads: number): number {
  const width = number(config, "head_dim") ?? H / heads;
  return 2 * H * width * (heads + (number(config, "num_key_value_heads") ?? heads));
}

/** Queries through their own low rank where there is one; keys and values from the latent. */
function latentAttention(config: Json, H: number, heads: number, latent: number): number {
  const need = (name: string) => number(config, name) ?? Number.NaN;
  const [plain, rope, value] = [need("qk_nope_head_dim"), need("qk_rope_head_dim"), need("v_head_dim")];
  const rank = number(config, "q_lora_rank");
  const queries = heads * (plain + rope);
  return (
    (rank === null ? H * queries : rank * (H + queries)) +
    H * (latent + rope) +
    latent * heads * (plain + value) +
    heads * value * H
  );
}
