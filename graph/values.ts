import { SECRET, UNKNOWN } from "./types.ts";

/** The engine's sentinels for values of each kind that are not known yet (pulumi/sdk/go/common/resource/plugin). */
const SENTINELS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const SENTINEL = new RegExp(SENTINELS.join("|"));
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** Assets, archives and resource references: their content is not judged. */
const OTHER_SIGNATURES = /^(c44067f5952c0a294b673a41bacd8c17|0def7320c3a5731c473e5ecbe6d01bc7)$/;
const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** Deeper than any cloud resource; a hostile file must not exhaust the stack. */
const MAX_DEPTH = 200;

/**
 * Turns the engine's spellings into ours: sentinels (also inside a longer text) become UNKNOWN, secret objects
 * become SECRET without their content.
 *
 * @throws RangeError when the value is nested deeper than 200 levels.
 */
export function normalize(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value === "string") return SENTINEL.test(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => normalize(entry, depth + 1));
  const object = value as Record<string, unknown>;
  if (object["$unknown"] === true || object["__pulumiUnknown"] === true) return UNKNOWN;
  if (object["$secret"] === true) return SECRET;
  const signature = object[SIGNATURE];
  if (signature === SECRET_SIGNATURE) return SECRET;
  if (signature === OUTPUT_VALUE) {
    if (object["secret"] === true) return SECRET;
    return "value" in object ? normalize(object["value"], depth + 1) : UNKNOWN;
  }
  if (signature === RESOURCE_REFERENCE) return object["id"] ? normalize(object["id"], depth + 1) : UNKNOWN;
  if (typeof signature === "string" && OTHER_SIGNATURES.test(signature)) return UNKNOWN;
  // A map without prototype-named surprises: every key is an own, enumerable property.
  const copy: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(object)) {
    if (key === "__defaults") continue;
    Object.defineProperty(copy, key, {
      value: normalize(entry, depth + 1),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}
