/** Keys and indices from the root of the stack's configuration to a value. */
export type Path = (string | number)[];

/** Pulumi's property path syntax: `models[0].replicas.max`, `tags["cost centre"]`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!/^[^.[\]"\p{C}\p{Zl}\p{Zp}]+$/u.test(step)) text += `[${quoted(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** A key in quotes; characters that a terminal or an editor would obey are written as escapes. */
function quoted(key: string): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(key).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

/** Namespace of Freehold's keys in a stack file. */
export const NAMESPACE = "freehold:";

/** From a place in the file to the path inside the stack: config → freehold:models → 0 is models[0]. */
export function stackPath(path: Path): Path {
  const [config, key, ...rest] = path;
  return config === "config" && typeof key === "string" && key.startsWith(NAMESPACE)
    ? [key.slice(NAMESPACE.length), ...rest]
    : path;
}

/** From a path inside the stack to its place in the file. */
export function filePath(path: Path): Path {
  return path.length === 0 ? ["config"] : ["config", `${NAMESPACE}${path[0]}`, ...path.slice(1)];
}

/** Reads Pulumi's property path syntax; null when it is malformed. */
export function parsePath(text: string): Path | null {
  const path: Path = [];
  let rest = text;
  while (rest !== "") {
    const step = /^(?:\[(\d{1,9})\]|\[("(?:[^"\\]|\\["\\])*")\]|(\.?)([^.[\]"]+))/.exec(rest);
    if (!step) return null;
    const [all, index, quoted, dot, name] = step;
    if (name !== undefined && (dot === ".") !== path.length > 0) return null;
    path.push(index !== undefined ? Number(index) : quoted !== undefined ? JSON.parse(quoted) : name!);
    rest = rest.slice(all.length);
  }
  return path.length > 0 ? path : null;
}

/** Whether `path` is `prefix` or lies below it. */
export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, i) => step === path[i]);
}

/** The value at a path of plain data; own properties only. Undefined when there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
