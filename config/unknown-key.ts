import type { FreeholdError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { clip } from "./show.ts";

/**
 * The finding about a key that is not allowed, without its place.
 *
 * @param key the key without its namespace
 * @param known keys that are allowed there, without it
 * @param namespace what stands before each of them in the file
 */
export function unknownKey(
  key: string,
  known: readonly string[],
  namespace = "",
): Pick<FreeholdError, "code" | "message" | "value" | "allowed" | "fix"> {
  const close = nearest(key, known, 1)[0];
  return {
    code: "unknown-key",
    message: `${clip(namespace + key)} is not a key of a stack file`,
    value: namespace + key,
    allowed: known.length > 0 ? known.map((entry) => namespace + entry) : null,
    fix: close ? `did you mean ${namespace}${close}?` : "remove it",
  };
}
