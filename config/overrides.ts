import { parse } from "yaml";
import { type FreeholdError, freeholdError } from "./errors.ts";
import { type Path, parsePath } from "./path.ts";

export interface Override {
  path: Path;
  value: unknown;
}

/** `freehold:models[0].context=8192` as Pulumi writes property paths; the value is read as YAML. */
export function parseOverride(text: string): Override | FreeholdError {
  const equals = text.indexOf("=");
  const key = text.slice(0, Math.max(0, equals));
  const path = key.startsWith("freehold:") ? parsePath(key.slice("freehold:".length)) : null;
  if (
    equals < 0 ||
    path === null ||
    typeof path[0] !== "string" ||
    path.some((step) => step === "__proto__")
  ) {
    return freeholdError({
      code: "invalid-override",
      message: `--config ${text} is not an override`,
      file: "--config",
      value: text,
      allowed: ["freehold:path.to.key=value"],
      fix: "--config freehold:models[0].context=8192",
    });
  }
  let value: unknown;
  try {
    value = parse(text.slice(equals + 1));
  } catch {
    value = text.slice(equals + 1);
  }
  return { path, value };
}

/** Writes overrides into a copy of the data; maps and lists that are missing on the way are made. */
export function applyOverrides(
  data: Record<string, unknown>,
  overrides: readonly Override[],
): Record<string, unknown> {
  const copy = structuredClone(data);
  for (const { path, value } of overrides) {
    let here: Record<string | number, unknown> = copy;
    for (const [index, step] of path.slice(0, -1).entries()) {
      const next = Object.hasOwn(here, step) ? here[step] : undefined;
      if (typeof next !== "object" || next === null)
        here[step] = typeof path[index + 1] === "number" ? [] : {};
      here = here[step] as Record<string | number, unknown>;
    }
    here[path.at(-1)!] = value;
  }
  return copy;
}
