import type { Family } from "./config-families.ts";
import { type Fields, isSwitch, isText } from "./config-fields.ts";
import type { Heads, Mixer } from "./config-mixers.ts";

const SLIDING = "sliding_attention";

/** Full, sliding and chunked layers. A window at least as long as the longest request is none. */
export function attentionLayers(
  fields: Fields,
  family: Family,
  count: number,
  full: Mixer & Heads,
): Mixer[][] {
  const { pattern } = family;
  const longest = fields.optional("max_position_embeddings") ?? Number.POSITIVE_INFINITY;
  const global = globalHeads(fields, full);
  const whole: Mixer[] = [global];
  if (pattern === "chunked") {
    const chunk = fields.positive("attention_chunk_size");
    const types = fields.list("layer_types", count, isText);
    const rope = fields.list("no_rope_layers", count, isSwitch);
    const local: Mixer[] =
      chunk === null || chunk >= longest ? whole : [{ ...full, kind: "chunk", window: chunk }];
    return Array.from({ length: count }, (_, index) => {
      if (types) return types[index] === "chunked_attention" ? local : whole;
      // Every fourth layer has no rotary embedding and sees everything.
      return (rope ? rope[index] === 1 : (index + 1) % 4 !== 0) ? local : whole;
    });
  }
  const window = windowOf(fields, family, count);
  const types = fields.list("layer_types", count, isText);
  const windowed = (size: number): Mixer[] => [{ ...full, kind: "window", window: size }];
  if (types !== null) {
    const known = types.every((type) => type === SLIDING || type === "full_attention");
    if (!known) fields.fail("layer_types");
    if (!types.includes(SLIDING)) return types.map(() => whole);
    if (window === null) fields.fail("sliding_window");
    const local = window === null || window >= longest ? whole : windowed(window);
    // Gemma 4 makes its last layer a full one whatever the file says.
    const last = fields.config["global_head_dim"] === undefined ? -1 : count - 1;
    return types.map((type, index) => (type === SLIDING && index !== last ? local : whole));
  }
  if (window === null || window >= longest) return Array.from({ length: count }, () => whole);
  if (typeof pattern === "object") {
    const every = periodOf(fields) ?? pattern.fullEvery;
    return Array.from({ length: count }, (_, index) =>
      (index + 1) % every === 0 ? whole : windowed(window),
    );
  }
  return Array.from({ length: count }, () => windowed(window));
}

/** Layers from one that sees everything to the next: a number, or letters such as LLLG. */
function periodOf(fields: Fields): number | null {
  const letters = fields.config["sliding_window_pattern"];
  if (typeof letters === "string" && /^L{1,63}G$/.test(letters)) return letters.length;
  return fields.positive("sliding_window_pattern", "_sliding_window_pattern");
}

/** The window of a file; null where its layers see everything. */
function windowOf(fields: Fields, family: Family, count: number): number | null {
  const window = fields.positive("sliding_window");
  if (family.pattern !== "switched window") return window;
  if (!fields.flag("use_sliding_window") || window === null) return null;
  // vLLM takes one window for all layers of these families or refuses to start (model_executor/models/qwen2.py).
  const first = fields.optional("max_window_layers") ?? 28;
  if (first > 0 && first < count) fields.fail("max_window_layers");
  return first >= count ? null : window;
}

/** Heads of the ordinary attention layers. */
export function headsOf(fields: Fields): Heads {
  const heads = fields.needed("num_attention_heads", "n_heads");
  const kvHeads = fields.positive("num_key_value_heads", "num_kv_heads", "n_kv_heads") ?? heads;
  const even = fields.needed("hidden_size") / heads;
  const keyDim = fields.positive("head_dim", "attention_head_dim") ?? even;
  if (!Number.isInteger(keyDim)) fields.fail("head_dim");
  if (kvHeads > heads || heads % kvHeads !== 0) fields.fail("num_key_value_heads");
  return { heads, kvHeads, keyDim, valueDim: keyDim };
}

/** Gemma 4: the layers that see everything have heads of their own size, and keys may serve as values. */
function globalHeads(fields: Fields, full: Mixer & Heads): Mixer {
  const dim = fields.positive("global_head_dim");
  if (dim === null) return full;
  const oneMatrix = fields.flag("attention_k_eq_v");
  const kvHeads = oneMatrix ? (fields.positive("num_global_key_value_heads") ?? full.kvHeads) : full.kvHeads;
  return { kind: "full", heads: full.heads, kvHeads, keyDim: dim, valueDim: dim, oneMatrix };
}

/** MiMo-V2: two kinds of layers, each with its own heads; values are shorter than keys. */
export function mimo(fields: Fields, count: number): Mixer[][] {
  const heads = (prefix: string): Heads => ({
    heads: fields.needed(`${prefix}num_attention_heads`),
    kvHeads: fields.needed(`${prefix}num_key_value_heads`),
    keyDim: fields.needed(`${prefix}head_dim`),
    valueDim: fields.needed(`${prefix}v_head_dim`),
  });
  const full: Mixer = { kind: "full", ...heads("") };
  const window: Mixer = { kind: "window", window: fields.needed("sliding_window"), ...heads("swa_") };
  const pattern = fields.list("hybrid_layer_pattern", count, isSwitch);
  if (pattern === null) fields.fail("hybrid_layer_pattern");
  return (pattern ?? []).map((isWindow) => [isWindow === 1 ? window : full]);
}
