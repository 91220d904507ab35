import { Fields } from "./config-fields.ts";
import type { Json } from "./json-value.ts";

/** Towers with a gated MLP. */
const GATED = new Set(["pixtral", "qwen2_5_vl", "gemma4_vision"]);

/**
 * Weights of a vision tower: `L·(4·W² + m·W·I)`, its patches and positions, and the layers that carry its output into
 * the language model. Within a few per cent of the tower, which is itself a few per cent of the model.
 *
 * @returns the missing or unreadable field where the tower cannot be sized.
 */
export function visionWeights(vision: Json, hiddenSize: number): number | { unknown: string } {
  const fields = new Fields(vision, {}, "vision_config.");
  const layers = fields.needed("num_hidden_layers", "depth", "vt_num_hidden_layers", "layers");
  // Qwen2-VL names the width of its output `hidden_size` and its own `embed_dim`.
  const width = fields.needed(
    ...(vision["embed_dim"] === undefined ? ["hidden_size", "vt_hidden_size", "width"] : ["embed_dim"]),
  );
  const inner =
    fields.positive("intermediate_size", "vt_intermediate_size") ??
    (typeof vision["mlp_ratio"] === "number" ? vision["mlp_ratio"] * width : null);
  if (inner === null || !(inner > 0 && inner < 1e7)) fields.fail("intermediate_size");
  if (fields.problem !== null) return { unknown: fields.problem };
  const patch = fields.positive("patch_size") ?? 14;
  const image = fields.positive("image_size");
  const side = image === null ? 0 : image / patch;
  const positions = fields.positive("num_position_embeddings") ?? side * side;
  const merged = (fields.positive("spatial_merge_size", "merge_kernel_size") ?? 1) ** 2 * width;
  const joint =
    fields.positive("spatial_merge_size") === null
      ? width * hiddenSize
      : merged * merged + merged * (fields.positive("out_hidden_size") ?? hiddenSize);
  const deep = Array.isArray(vision["deepstack_visual_indexes"])
    ? vision["deepstack_visual_indexes"].length
    : 0;
  const matrices = GATED.has(String(vision["model_type"])) ? 3 : 2;
  return (
    layers * (4 * width * width + matrices * width * inner!) +
    3 * patch * patch * width * (fields.positive("temporal_patch_size") ?? 1) +
    positions * width +
    joint * (1 + deep)
  );
}
