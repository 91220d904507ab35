import { type FreeholdError, freeholdError } from "./errors.ts";
import { formatPath, NAMESPACE, type Path, parsePath } from "./path.ts";
import { clip } from "./show.ts";
import { readYaml } from "./yaml-document.ts";

/** Where a finding about an override stands. */
export const OVERRIDE_FILE = "--config";

export interface Override {
  path: Path;
  value: unknown;
  /** The value as typed, e.g. `1.30`. */
  source: string;
}

/**
 * `freehold:models[0].context=8192` as Pulumi writes property paths. The value is read as YAML, by the rules of the
 * stack file; what is no YAML is a text.
 */
export function parseOverride(text: string): { override: Override } | { errors: FreeholdError[] } {
  const equals = text.indexOf("=");
  const key = equals < 0 ? text : text.slice(0, equals);
  const path = key.startsWith(NAMESPACE) ? parsePath(key.slice(NAMESPACE.length)) : null;
  if (equals < 0 || path === null || typeof path[0] !== "string" || path.includes("__proto__")) {
    // What follows the equals sign may be a secret, so that it is not shown.
    return {
      errors: [
        freeholdError({
          code: "invalid-override",
          message: `--config ${clip(key)} is not an override`,
          file: OVERRIDE_FILE,
          value: clip(key),
          allowed: ["freehold:path.to.key=value"],
          fix: "--config freehold:models[0].context=8192",
        }),
      ],
    };
  }
  const source = text.slice(equals + 1);
  const { doc, errors } = readYaml(source, OVERRIDE_FILE);
  if (errors.length > 0 && errors.every((error) => error.code === "yaml-syntax"))
    return { override: { path, value: source, source } };
  if (errors.length > 0 || doc === null)
    return {
      errors: errors.map((error) => ({
        ...error,
        message: `--config ${clip(key)}: ${error.message}`,
        path: formatPath(path),
      })),
    };
  return { override: { path, value: doc.data, source } };
}

/**
 * Writes overrides into a copy of the data, as `pulumi config set --path` does: maps that are missing on the way are
 * made, a list grows by one entry at a time.
 */
export function applyOverrides(
  data: Record<string, unknown>,
  overrides: readonly Override[],
): { data: Record<string, unknown>; errors: FreeholdError[] } {
  const copy = structuredClone(data);
  const errors: FreeholdError[] = [];
  for (const override of overrides) {
    const problem = write(copy, override);
    if (problem) errors.push(problem);
  }
  return { data: copy, errors };
}

function write(root: Record<string, unknown>, { path, value }: Override): FreeholdError | null {
  let here: unknown = root;
  for (const [index, step] of path.entries()) {
    const problem = misfit(here, path, index);
    if (problem) return problem;
    const holder = here as Record<string | number, unknown>;
    if (index === path.length - 1) holder[step] = value;
    else {
      const next = Object.hasOwn(holder, step) ? holder[step] : undefined;
      if (next === undefined || next === null) holder[step] = typeof path[index + 1] === "number" ? [] : {};
      here = holder[step];
    }
  }
  return null;
}

/** Why a step of the path does not lead into the value there; null where it does. */
function misfit(here: unknown, path: Path, index: number): FreeholdError | null {
  const step = path[index]!;
  const parent = formatPath(path.slice(0, index));
  const error = (message: string, allowed: string[], fix: string) =>
    freeholdError({
      code: "invalid-override",
      message: `--config ${clip(formatPath(path))}: ${message}`,
      file: OVERRIDE_FILE,
      path: formatPath(path),
      value: step,
      allowed,
      fix,
    });
  if (typeof here !== "object" || here === null)
    return error(`${parent} is a single value`, [parent], `--config ${NAMESPACE}${parent}=…`);
  if (Array.isArray(here)) {
    const last = here.length;
    const entries = `${last} ${last === 1 ? "entry" : "entries"}`;
    const indexes = last === 0 ? [`${parent}[0]`] : [`${parent}[0] to ${parent}[${last}]`];
    if (typeof step !== "number")
      return error(
        `${parent} is a list of ${entries}; ${step} is no position`,
        indexes,
        `${NAMESPACE}${parent}[0].${step}`,
      );
    return step > last
      ? error(`${parent} has ${entries}`, indexes, `${NAMESPACE}${parent}[${Math.max(0, last - 1)}]`)
      : null;
  }
  return typeof step === "number"
    ? error(`${parent} is a map, not a list`, [`${parent}.key`], `${NAMESPACE}${parent}.key`)
    : null;
}
