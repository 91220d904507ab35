import { type FreeholdError, freeholdError } from "./errors.ts";
import { applyOverrides, type Override, parseOverride } from "./overrides.ts";
import { formatPath, NAMESPACE, valueAt } from "./path.ts";
import { filePlacing, type Placing, SECRET_FIELD } from "./placing.ts";
import { type StackSpec, stackSchema } from "./schema.ts";
import { show } from "./show.ts";
import { unknownKey } from "./unknown-key.ts";
import { finish, validate } from "./validate.ts";
import { readYaml, SECRET, type YamlFile } from "./yaml-document.ts";

/** Top-level keys that Pulumi itself writes. */
const PULUMI_KEYS = ["config", "secretsprovider", "encryptionsalt", "encryptedkey", "environment"];

export type Parsed =
  | {
      ok: true;
      spec: StackSpec;
      configMap: Record<string, string>;
      secretKeys: string[];
      warnings: string[];
      /** Where a value of the stack stands, for findings of later rooms. */
      locate: Placing["locate"];
    }
  | { ok: false; errors: FreeholdError[] };

/**
 * Reads a stack file. Everything that is wrong comes back at once, each with line, column, the value given, what is
 * allowed and the smallest change. Secrets (`secure:`) are replaced by a mark; their ciphertext is never shown.
 *
 * @param file name of the file in findings
 * @param overrides `freehold:path=value`, as given on the command line
 */
export function parseStack(
  text: string | Uint8Array,
  file: string,
  overrides: readonly string[] = [],
): Parsed {
  const errors: FreeholdError[] = [];
  const given: Override[] = [];
  for (const entry of overrides) {
    const parsed = parseOverride(entry);
    if ("override" in parsed) given.push(parsed.override);
    else errors.push(...parsed.errors);
  }
  const read = readYaml(text, file);
  errors.push(...read.errors);
  const { doc } = read;
  if (doc === null) return failed(errors);
  const config = configOf(doc, file, errors);
  if (config === null) return failed(errors);
  const { data, warnings } = ownKeys(config, doc, file, errors);
  const written = applyOverrides(data, given);
  errors.push(...written.errors);
  const placing = filePlacing(doc, file, given);
  const result = finish(validate(written.data, placing), errors);
  if (!result.ok) return result;
  const kubeconfig = valueAt(data, SECRET_FIELD);
  if (typeof kubeconfig === "string" && kubeconfig !== SECRET)
    warnings.push(
      `${file}: cluster.kubeconfig is plain text; encrypt it with pulumi config set --secret --path freehold:cluster.kubeconfig`,
    );
  const { locate } = placing;
  return { ok: true, spec: result.spec, warnings, locate, ...pulumiConfig(config, written.data, doc) };
}

/** The map under `config`; null, with the reason among the errors, where there is none. */
function configOf(doc: YamlFile, file: string, errors: FreeholdError[]): Record<string, unknown> | null {
  const { data } = doc;
  if (data === null || data === undefined) {
    if (errors.length === 0)
      errors.push(
        freeholdError({
          code: "empty-file",
          message: "the stack file is empty",
          file,
          line: 1,
          col: 1,
          fix: "copy one of the shipped stacks, or run freehold init",
        }),
      );
    return null;
  }
  if (!isMap(data)) {
    errors.push(
      freeholdError({
        code: "not-a-map",
        message: `a stack file is a map with the key config, not ${show(data)}`,
        file,
        ...doc.locate([], "value"),
        value: data,
        allowed: ["a map with the key config"],
        fix: "begin with config: and indent the freehold: keys under it",
      }),
    );
    return null;
  }
  for (const key of Object.keys(data)) {
    if (PULUMI_KEYS.includes(key)) continue;
    const known = unknownKey(key, PULUMI_KEYS);
    errors.push(
      freeholdError({
        ...known,
        file,
        ...doc.locate([key], "key"),
        path: formatPath([key]),
        fix: key.startsWith(NAMESPACE) ? "indent it under config:" : known.fix,
      }),
    );
  }
  const config = data["config"];
  if (isMap(config)) return config;
  const missing = !Object.hasOwn(data, "config");
  // Keys that stand beside config, not under it, say already what is wrong.
  if (missing && errors.length > 0) return null;
  errors.push(
    freeholdError({
      code: missing ? "missing" : config === null ? "empty-value" : "wrong-type",
      message: missing
        ? "config is missing"
        : config === null
          ? "config has no value"
          : `config must be a map of keys, not ${show(config)}`,
      file,
      ...doc.locate(["config"], "value"),
      path: "config",
      value: config,
      allowed: ["a map of keys"],
      fix: "indent freehold:cluster, freehold:models and the others under config:",
    }),
  );
  return null;
}

/** The `freehold:` keys without their namespace; the keys of other namespaces pass with a warning. */
function ownKeys(config: Record<string, unknown>, doc: YamlFile, file: string, errors: FreeholdError[]) {
  const known = Object.keys(stackSchema.shape);
  const data: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    const own = key.startsWith(NAMESPACE);
    const name = own ? key.slice(NAMESPACE.length) : key;
    if (own && known.includes(name)) data[name] = value;
    else if (own || !key.includes(":"))
      errors.push(
        freeholdError({
          ...unknownKey(name, known, NAMESPACE),
          message: `${formatPath([key])} is not a key of a stack file`,
          file,
          ...doc.locate(["config", key], "key"),
          path: formatPath([name]),
          value: key,
        }),
      );
    else warnings.push(`${file}: ${formatPath([key])} is not read; Freehold sets its own providers`);
  }
  return { data, warnings };
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

function failed(errors: FreeholdError[]): Parsed {
  return finish({ ok: false, errors }, []) as Parsed;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
