import { type FreeholdError, freeholdError } from "./errors.ts";
import { NAMESPACE } from "./path.ts";
import { enginePlacing } from "./placing.ts";
import { stackSchema } from "./schema.ts";
import { unknownKey } from "./unknown-key.ts";
import { finish, type Validated, validate } from "./validate.ts";

/**
 * Reads a stack from the engine's configuration: the same schema and rules as for a file, without positions.
 *
 * @param config every key with its namespace, as the engine hands it over: objects and lists as JSON text,
 *   everything else as plain text
 * @param isSecret whether a key holds a secret; its values are then never shown
 */
export function specFromConfig(
  config: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean,
): Validated {
  const data: Record<string, unknown> = {};
  const errors: FreeholdError[] = [];
  const known = Object.keys(stackSchema.shape);
  for (const [key, text] of Object.entries(config)) {
    if (!key.startsWith(NAMESPACE)) continue;
    const name = key.slice(NAMESPACE.length);
    if (known.includes(name)) data[name] = parse(text);
    else errors.push(freeholdError({ ...unknownKey(name, known, NAMESPACE), path: name }));
  }
  const placing = enginePlacing(Object.keys(data).filter((name) => isSecret(NAMESPACE + name)));
  return finish(validate(data, placing), errors);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
