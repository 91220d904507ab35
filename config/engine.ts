import { stackSchema } from "./schema.ts";
import { type Validated, validate } from "./validate.ts";

/**
 * Reads a stack from the engine's configuration: the same schema and rules, without a file to point to.
 *
 * @param get value of a top-level key (`models` for `freehold:models`); undefined when it is not set
 */
export function specFromConfig(get: (key: string) => unknown): Validated {
  const data: Record<string, unknown> = {};
  for (const key of Object.keys(stackSchema.shape)) {
    const value = get(key);
    if (value !== undefined) data[key] = value;
  }
  return validate(data, { file: null, locate: () => ({ line: null, col: null }), secret: () => false });
}
