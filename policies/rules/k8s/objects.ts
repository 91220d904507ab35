/**
 * Kubernetes objects of a graph: a resource holds one (`kubernetes:apps/v1:Deployment`), several
 * (`…:DeploymentList`) or a part of one (`…:DeploymentPatch`). Rules see them all alike.
 */
import { type Lookup, lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";

export interface KubeObject {
  resource: Resource;
  /** Kind without `List` and `Patch`. */
  kind: string;
  /** Path of the object in the resource: "" or "items[2]". */
  base: string;
  /** A patch states only what it changes: what it leaves out is decided elsewhere. */
  partial: boolean;
}

/** An object that could not be read, e.g. the items of a list that are not known yet. */
export interface Unread {
  resource: Resource;
  path: string;
  state: string;
}

/** API groups that a kind is looked for in; "" and "core" are the same group. */
export type Kinds = Readonly<Record<string, readonly string[]>>;

const TOKEN = /^kubernetes:(?:(.+)\/)?([^/:]+):([A-Za-z]+)$/;

/** Every object of the wanted kinds, in the order of the graph's types. Any API version counts. */
export function objects(graph: ResourceGraph, kinds: Kinds): { found: KubeObject[]; unread: Unread[] } {
  const found: KubeObject[] = [];
  const unread: Unread[] = [];
  for (const [type, resources] of graph.byType) {
    const match = TOKEN.exec(type);
    if (!match) continue;
    const group = match[1] === undefined || match[1] === "core" ? "" : match[1];
    const [kind, form] = wanted(kinds, group, match[3]!);
    if (kind === null) continue;
    for (const resource of resources) {
      if (form !== "List") {
        found.push({ resource, kind, base: "", partial: form === "Patch" });
        continue;
      }
      const items = lookup(resource.props, "items");
      if (items.state === "known" && Array.isArray(items.value)) {
        for (let i = 0; i < items.value.length; i++) {
          const state = lookup(resource.props, `items[${i}]`).state;
          if (state === "known") found.push({ resource, kind, base: `items[${i}]`, partial: false });
          else if (state !== "absent") unread.push({ resource, path: `items[${i}]`, state });
        }
      } else if (items.state !== "absent") unread.push({ resource, path: "items", state: items.state });
    }
  }
  return { found, unread };
}

function wanted(kinds: Kinds, group: string, name: string): [string | null, "" | "List" | "Patch"] {
  const has = (kind: string) => Object.hasOwn(kinds, kind) && kinds[kind]!.includes(group);
  if (has(name)) return [name, ""];
  for (const form of ["List", "Patch"] as const) {
    if (name.endsWith(form) && has(name.slice(0, -form.length))) return [name.slice(0, -form.length), form];
  }
  return [null, ""];
}

/** Full path of a property of the object. */
export function pathIn(object: KubeObject, path: string): string {
  if (object.base === "" || path === "") return object.base + path;
  return path.startsWith("[") ? object.base + path : `${object.base}.${path}`;
}

/** What stands at a property of the object. */
export function at(object: KubeObject, path: string): Lookup {
  return lookup(object.resource.props, pathIn(object, path));
}

/** Why a value is missing from the graph, for a lookup that ended in "unknown" or "secret". */
export function whyUnknown(state: string, what: string): string {
  return state === "secret"
    ? `${what} is a secret, so it cannot be judged`
    : `${what} is not known before the deployment`;
}
