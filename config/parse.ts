import { byPosition, type FreeholdError, freeholdError } from "./errors.ts";
import type { Placing } from "./issues.ts";
import { nearest } from "./nearest.ts";
import { applyOverrides, type Override } from "./overrides.ts";
import { type Path, startsWith } from "./path.ts";
import { type StackSpec, stackSchema } from "./schema.ts";
import { validate } from "./validate.ts";
import { readYaml, type YamlFile } from "./yaml-document.ts";

const NAMESPACE = "freehold:";
/** Top-level keys that Pulumi itself writes. */
const PULUMI_KEYS = ["config", "secretsprovider", "encryptionsalt", "encryptedkey", "environment"];

export type Parsed =
  | { ok: true; spec: StackSpec; configMap: Record<string, string>; secretKeys: string[]; warnings: string[] }
  | { ok: false; errors: FreeholdError[] };

/**
 * Reads a stack file. Everything that is wrong comes back at once, each with line, column, the value given, what is
 * allowed and the smallest change. Secrets (`secure:`) are replaced by a mark; their ciphertext is never shown.
 */
export function parseStack(
  text: string | Uint8Array,
  file: string,
  overrides: readonly Override[] = [],
): Parsed {
  const read = readYaml(text, file);
  if (!read.ok) return read;
  const { doc } = read;
  if (doc.data === null || doc.data === undefined) {
    return single(
      "empty-file",
      "the stack file is empty",
      file,
      "copy one of the shipped stacks, or run `freehold init`",
    );
  }
  if (!isMap(doc.data))
    return single(
      "not-a-map",
      "a stack file is a map with the key config",
      file,
      "config:\n  freehold:models: …",
    );
  const errors: FreeholdError[] = [];
  for (const key of Object.keys(doc.data)) {
    if (PULUMI_KEYS.includes(key)) continue;
    const fix = key.startsWith(NAMESPACE) ? "indent it under config:" : undefined;
    errors.push(unknownKey(doc, [key], key, PULUMI_KEYS, file, fix));
  }
  const config = doc.data["config"] ?? {};
  if (!isMap(config)) {
    errors.push(
      freeholdError({
        code: "wrong-type",
        message: "config must be a map of keys",
        file,
        ...doc.locate(["config"], "value"),
        path: "config",
      }),
    );
    return { ok: false, errors };
  }
  const { data, warnings } = ownKeys(config, doc, file, errors);
  const result = validate(applyOverrides(data, overrides), placing(doc, file, overrides));
  if (!result.ok) errors.push(...result.errors);
  if (errors.length > 0 || !result.ok) return { ok: false, errors: errors.sort(byPosition) };
  return {
    ok: true,
    spec: result.spec,
    warnings,
    ...pulumiConfig(config, applyOverrides(data, overrides), doc),
  };
}

/** The `freehold:` keys without their namespace; the keys of other namespaces pass with a warning. */
function ownKeys(config: Record<string, unknown>, doc: YamlFile, file: string, errors: FreeholdError[]) {
  const known = Object.keys(stackSchema.shape);
  const data: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith(NAMESPACE)) {
      if (known.includes(key))
        errors.push(unknownKey(doc, ["config", key], key, known, file, `${NAMESPACE}${key}`));
      else warnings.push(`${file}: ${key} is not read; Freehold sets its own providers`);
      continue;
    }
    const name = key.slice(NAMESPACE.length);
    if (known.includes(name)) data[name] = value;
    else
      errors.push(
        unknownKey(
          doc,
          ["config", key],
          key,
          known.map((entry) => NAMESPACE + entry),
          file,
        ),
      );
  }
  return { data, warnings };
}

function unknownKey(
  doc: YamlFile,
  path: Path,
  key: string,
  allowed: string[],
  file: string,
  fix?: string,
): FreeholdError {
  const close = nearest(key, allowed, 1)[0];
  return freeholdError({
    code: "unknown-key",
    message: `${key} is not a key of a stack file`,
    file,
    ...doc.locate(path, "key"),
    path: key,
    value: key,
    allowed,
    fix: fix ?? (close ? `did you mean ${close}?` : "remove it"),
  });
}

/** Paths of the schema begin below the namespace: models[0] stands at config → freehold:models → 0. */
function placing(doc: YamlFile, file: string, overrides: readonly Override[]): Placing {
  const inFile = (path: Path): Path =>
    path.length === 0 ? ["config"] : ["config", `${NAMESPACE}${path[0]}`, ...path.slice(1)];
  return {
    file,
    locate: (path, at) =>
      overrides.some((override) => startsWith(path, override.path))
        ? { line: null, col: null }
        : doc.locate(inFile(path), at),
    secret: (path) => doc.secrets.some((secret) => startsWith(inFile(path), secret)),
  };
}

/** Configuration as the engine hands it to a program: objects as JSON text, secret keys named. */
function pulumiConfig(config: Record<string, unknown>, data: Record<string, unknown>, doc: YamlFile) {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const others = Object.entries(config).filter(([key]) => !key.startsWith(NAMESPACE));
  const configMap = Object.fromEntries(
    [...others, ...Object.entries(data).map(([key, value]) => [NAMESPACE + key, value] as const)].map(
      ([key, value]) => [key, text(value)],
    ),
  );
  const secretKeys = [
    ...new Set(doc.secrets.filter((path) => path[0] === "config").map((path) => String(path[1]))),
  ];
  return { configMap, secretKeys };
}

function single(code: string, message: string, file: string, fix: string): Parsed {
  return { ok: false, errors: [freeholdError({ code, message, file, line: 1, col: 1, fix })] };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
