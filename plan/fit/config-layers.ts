import { attentionLayers, headsOf, mimo } from "./config-attention.ts";
import type { Family } from "./config-families.ts";
import { type Fields, isSwitch, isText } from "./config-fields.ts";
import type { Heads, Layer, Mixer } from "./config-mixers.ts";
import { deltaNet, kimiDelta, mamba1, mamba2 } from "./config-state.ts";

/** The layers of a model one by one. Nonsense and gaps are left in `fields.problem`. */
export function layersOf(fields: Fields, family: Family): Layer[] {
  const blocks = blockNames(fields, family);
  const count = blocks?.length ?? fields.needed("num_hidden_layers", "n_layers");
  if (fields.problem !== null) return [];
  const mixers = mixersOf(fields, family, count, blocks);
  const sparse = expertLayers(fields, family, count, blocks);
  const sharedFrom = count - (fields.optional("num_kv_shared_layers") ?? 0);
  if (sharedFrom < 1) fields.fail("num_kv_shared_layers");
  if (fields.problem !== null) return [];
  return mixers.map((list, index) => ({
    mixers: list,
    shared: index >= sharedFrom,
    mlp: sparse[index]!,
  }));
}

const NEMOTRON_LETTERS: Readonly<Record<string, string>> = {
  M: "mamba",
  "*": "attention",
  "-": "mlp",
  E: "moe",
};

/** One name a layer, for families that mix kinds of blocks. */
function blockNames(fields: Fields, family: Family): string[] | null {
  const { config } = fields;
  if (family.pattern === "nemotron") {
    const pattern = config["hybrid_override_pattern"];
    if (typeof pattern === "string" && pattern.length <= 2000) {
      const names = [...pattern].filter((letter) => letter !== "|").map((letter) => NEMOTRON_LETTERS[letter]);
      if (names.length > 0 && names.every(isText)) return names;
    }
    return named(fields, ["layers_block_type", "layer_types"]) ?? missing(fields, "hybrid_override_pattern");
  }
  if (family.pattern === "mamba list") {
    const count = fields.needed("num_hidden_layers");
    if (fields.problem !== null) return null;
    const listed =
      fields.list("layer_types", count, isText) ?? fields.list("layers_block_type", count, isText);
    if (listed) return listed;
    const attention = config["attn_layer_indices"];
    if (!Array.isArray(attention)) return missing(fields, "layer_types");
    return Array.from({ length: count }, (_, index) => (attention.includes(index) ? "attention" : "mamba"));
  }
  return null;
}

function named(fields: Fields, names: string[]): string[] | null {
  for (const name of names) {
    const value = fields.config[name];
    if (Array.isArray(value) && value.length > 0 && value.length <= 2000 && value.every(isText)) return value;
  }
  return null;
}

function missing(fields: Fields, name: string): null {
  fields.fail(name);
  return null;
}

function mixersOf(fields: Fields, family: Family, count: number, blocks: string[] | null): Mixer[][] {
  const { pattern } = family;
  const each = (pick: (index: number) => Mixer[]) => Array.from({ length: count }, (_, index) => pick(index));
  if (pattern === "latent") {
    fields.needed("kv_lora_rank");
    fields.needed("qk_rope_head_dim");
    return each(() => [{ kind: "latent" }]);
  }
  if (pattern === "kimi delta") {
    const state = kimiDelta(fields, count);
    return each((index) => (state.full.has(index + 1) ? [{ kind: "latent" }] : [state.mixer]));
  }
  if (pattern === "mimo") return mimo(fields, count);
  const full: Mixer = { kind: "full", ...headsOf(fields) };
  switch (pattern) {
    case "delta net": {
      const state = deltaNet(fields);
      const types = fields.list("layer_types", count, isText);
      const every = fields.needed("full_attention_interval");
      return each((index) => {
        const isFull = types ? types[index] === "full_attention" : (index + 1) % every === 0;
        return [isFull ? full : state];
      });
    }
    case "nemotron":
    case "mamba list": {
      const state = blocks!.some(isMamba)
        ? mamba2(fields, pattern === "nemotron" ? "nemotron" : "mamba")
        : null;
      return blocks!.map((name) => {
        if (isMamba(name)) return [state!];
        if (name === "attention" || name === "full_attention") return [full];
        if (name !== "mlp" && name !== "moe") fields.fail(`layer type ${name.slice(0, 40)}`);
        return [];
      });
    }
    case "mamba beside attention": {
      const state = mamba2(fields, "mamba");
      return each(() => [full, state]);
    }
    case "jamba": {
      const state = mamba1(fields);
      const [period, offset] = [
        fields.needed("attn_layer_period"),
        fields.optional("attn_layer_offset") ?? 0,
      ];
      return each((index) => [index % period === offset ? full : state]);
    }
    default:
      return attentionLayers(fields, family, count, full as Mixer & Heads);
  }
}

const isMamba = (name: string) => name === "mamba" || name === "mamba2" || name === "linear_attention";

/** Which layers hold experts. */
function expertLayers(
  fields: Fields,
  family: Family,
  count: number,
  blocks: string[] | null,
): Layer["mlp"][] {
  const all = (mlp: Layer["mlp"]) => Array.from({ length: count }, () => mlp);
  if (family.pattern === "nemotron")
    return blocks!.map((name) => (name === "mlp" ? "dense" : name === "moe" ? "experts" : "none"));
  if (!hasExperts(fields, family)) return all("dense");
  const each = (isSparse: (index: number) => boolean) =>
    Array.from({ length: count }, (_, index): Layer["mlp"] => (isSparse(index) ? "experts" : "dense"));
  if (fields.config["enable_moe_block"] === true) return all("both");
  const types = fields.list("mlp_layer_types", count, isText);
  if (types) return each((index) => types[index] === "sparse");
  if (family.pattern === "jamba") {
    const [period, offset] = [
      fields.needed("expert_layer_period"),
      fields.optional("expert_layer_offset") ?? 0,
    ];
    return each((index) => index % period === offset);
  }
  if (family.pattern === "chunked") {
    const step = fields.needed("interleave_moe_layer_step");
    return each((index) => (index + 1) % step === 0);
  }
  const dense = fields.optional("first_k_dense_replace") ?? 0;
  const frequency = fields.config["moe_layer_freq"];
  if (Array.isArray(frequency)) {
    const listed = fields.list("moe_layer_freq", count, isSwitch);
    return each((index) => listed?.[index] === 1);
  }
  const every = fields.positive("moe_layer_freq", "decoder_sparse_step") ?? 1;
  const kept = fields.config["mlp_only_layers"];
  const only = new Set(Array.isArray(kept) ? kept : []);
  const isQwen = fields.config["decoder_sparse_step"] !== undefined;
  return each(
    (index) =>
      index >= dense && !only.has(index) && (isQwen ? (index + 1) % every === 0 : index % every === 0),
  );
}

/** Whether a model of the family has routed experts: some families have both kinds. */
export function hasExperts(fields: Fields, family: Family): boolean {
  if (fields.config["enable_moe_block"] === true) return true;
  if (family.moe !== true) return false;
  if (family.pattern === "mamba list" || family.pattern === "jamba" || family.pattern === "nemotron")
    return (fields.optional("num_local_experts", "num_experts", "n_routed_experts") ?? 0) > 1;
  return true;
}

/** The latent width that one token costs in every MLA layer. */
export function latentWidth(fields: Fields): number {
  return fields.needed("kv_lora_rank") + fields.needed("qk_rope_head_dim");
}

/**
 * Bytes that the index of sparse attention keeps of a token in a layer: an 8-bit key and a 32-bit scale for each 128
 * of it (vLLM `DeepseekV32IndexerCache`). Layers that use the index of an earlier one keep none.
 */
export function indexBytes(fields: Fields, count: number): (layer: number) => number {
  const dim = fields.positive("index_head_dim");
  if (dim === null) return () => 0;
  const types = fields.list("indexer_types", count, isText);
  const bytes = dim + 4 * Math.ceil(dim / 128);
  return (layer) => (types === null || types[layer] === "full" ? bytes : 0);
}
