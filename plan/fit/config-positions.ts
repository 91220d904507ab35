import type { Fields } from "./config-fields.ts";
import { isObject } from "./json-value.ts";

/** Scalings whose result `max_position_embeddings` already states. */
const STATED = new Set([
  "default",
  "proportional",
  "mrope",
  "su",
  "longrope",
  "llama3",
  "yarn",
  "deepseek_yarn",
  "deepseek_llama_scaling",
]);

/**
 * The longest request that a model was made for, as vLLM derives it (`_get_and_verify_max_len` in config/model.py of
 * 0.30): the positions, times the factor of a scaling that they do not contain yet. Null where the file names none.
 */
export function contextLength(fields: Fields): number | null {
  const positions = fields.positive("max_position_embeddings", "n_positions", "max_seq_len", "seq_length");
  const scaling = [fields.config["rope_scaling"], fields.config["rope_parameters"]].find(isObject);
  const isStated = String(fields.config["model_type"]).includes("gemma3");
  if (positions === null || scaling === undefined || isStated) return positions;
  const type = scaling["rope_type"] ?? scaling["type"];
  const factor = scaling["factor"];
  if (typeof type !== "string" || STATED.has(type) || factor === undefined || factor === null)
    return positions;
  if (typeof factor !== "number" || !(factor >= 1 && factor <= 1e4)) {
    fields.fail("rope_scaling.factor");
    return null;
  }
  return Math.round(positions * factor);
}
