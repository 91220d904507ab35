import { type Lookup, type Props, SECRET, UNKNOWN } from "./types.ts";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN || (isObject(value) && value["$unknown"] === true);
}

export function isSecret(value: unknown): boolean {
  return value === SECRET || (isObject(value) && value["$secret"] === true);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Paths read so far. Rules ask every resource for the same few; reading them anew took most of their time. */
const known = new Map<string, readonly (string | number)[]>();
const MOST_KNOWN = 4096;

/** Steps of a property path: "rules[0].destination.bucket" = ["rules", 0, "destination", "bucket"]. */
export function steps(path: string): readonly (string | number)[] {
  let found = known.get(path);
  if (found === undefined) {
    found = readSteps(path);
    // Paths with indexes are as many as the graph has elements: the memory stays bounded.
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(path, found);
  }
  return found;
}

function readSteps(path: string): (string | number)[] {
  const found: (string | number)[] = [];
  for (const match of path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)) {
    if (match[1] !== undefined) found.push(Number(match[1]));
    else found.push(match[2] !== undefined ? match[2].replace(/\\(.)/g, "$1") : match[3]!);
  }
  return found;
}

/** What stands at a property path. Unknown or secret anywhere on the way is unknown or secret at the end. */
export function lookup(props: Props | unknown, path: string): Lookup {
  let here: unknown = props;
  for (const step of path === "" ? [] : steps(path)) {
    if (isUnknown(here)) return { state: "unknown" };
    if (isSecret(here)) return { state: "secret" };
    if (!isObject(here) || !Object.hasOwn(here, step)) return { state: "absent" };
    here = here[step as string];
  }
  if (isUnknown(here)) return { state: "unknown" };
  if (isSecret(here)) return { state: "secret" };
  return here === undefined || here === null ? { state: "absent" } : { state: "known", value: here };
}

/** Calls `visit` on every leaf: scalars, unknowns and secrets, with their paths. */
export function walk(value: unknown, visit: (path: string, leaf: unknown) => void, path = ""): void {
  if (isUnknown(value) || isSecret(value) || !isObject(value)) {
    visit(path, value);
    return;
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) walk(value[index], visit, `${path}[${index}]`);
    return;
  }
  for (const [key, entry] of Object.entries(value)) walk(entry, visit, join(path, key));
}

/** Appends a key to a path, quoted where it holds a dot or a bracket. */
export function join(path: string, key: string): string {
  if (/[.[\]"]/.test(key)) return `${path}["${key.replace(/["\\]/g, "\\$&")}"]`;
  return path === "" ? key : `${path}.${key}`;
}

export function containsUnknown(value: unknown): boolean {
  let found = false;
  walk(value, (_, leaf) => {
    found ||= isUnknown(leaf);
  });
  return found;
}
