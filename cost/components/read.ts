import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { NotKnown } from "./component.ts";

/** No count, size or rate of a resource is above this. */
export const ABSURD = 1e12;

/** A string that stands in the inputs; undefined when it is absent or not known. */
export function text(resource: Resource, path: string): string | undefined {
  const found = lookup(resource.props, path);
  return found.state === "known" && typeof found.value === "string" ? found.value : undefined;
}

/**
 * A number of the inputs, or `absent` where none is given.
 *
 * @returns why there is none, when it is not known before the deployment or is no number
 */
export function number(resource: Resource, path: string, absent: number | NotKnown): number | NotKnown {
  const found = lookup(resource.props, path);
  if (found.state === "absent") return absent;
  if (found.state !== "known") return { unknown: `${path} is not known before the deployment` };
  const value = typeof found.value === "object" ? Number.NaN : Number(found.value);
  if (!(value >= 0)) return { unknown: `${path} is no quantity` };
  return value <= ABSURD ? value : { unknown: `${path} is more than anything of a month can be` };
}

/** Whether a flag is set; undefined when that is not known before the deployment. */
export function flag(resource: Resource, path: string): boolean | undefined {
  const found = lookup(resource.props, path);
  if (found.state === "absent") return false;
  return found.state === "known" ? found.value === true || found.value === "true" : undefined;
}

/** Number of items of a list or a map in the inputs; 0 where there is none. */
export function items(resource: Resource, path: string): number | NotKnown {
  const found = lookup(resource.props, path);
  if (found.state === "absent") return 0;
  if (found.state !== "known" || typeof found.value !== "object")
    return { unknown: `${path} is not known before the deployment` };
  return Object.keys(found.value as object).length;
}

/** Number of items of a list, from the list itself or from the resources that it was computed from. */
export function count(
  resource: Resource,
  path: string,
  refType: string,
  graph: ResourceGraph,
): number | undefined {
  const found = lookup(resource.props, path);
  if (found.state === "known" && Array.isArray(found.value)) return found.value.length;
  if (found.state === "absent") return undefined;
  const refs = referred(resource, path, graph).filter(({ type }) => type === refType);
  return refs.length > 0 ? refs.length : undefined;
}

/** Resources from which a property, or anything inside it, was computed. */
export function referred(resource: Resource, path: string, graph: ResourceGraph): Resource[] {
  const urns = new Set<string>();
  for (const [key, targets] of Object.entries(resource.refs)) {
    if (key === path || key.startsWith(`${path}.`) || key.startsWith(`${path}[`)) {
      for (const urn of targets) urns.add(urn);
    }
  }
  return [...urns].flatMap((urn) => graph.byUrn.get(urn) ?? []);
}

/** Resources of a graph by a text of their inputs: asking each resource anew is slow where there are many. */
const indexes = new WeakMap<ResourceGraph, Map<string, Map<string, Resource>>>();

/** The first resource of a type whose inputs have a text at a path; undefined where there is none. */
export function byText(
  graph: ResourceGraph,
  type: string,
  path: string,
  wanted: string | undefined,
): Resource | undefined {
  if (wanted === undefined) return undefined;
  let ofGraph = indexes.get(graph);
  if (!ofGraph) {
    ofGraph = new Map();
    indexes.set(graph, ofGraph);
  }
  const key = `${type} ${path}`;
  let index = ofGraph.get(key);
  if (!index) {
    index = new Map();
    for (const resource of graph.byType.get(type) ?? []) {
      const found = path === "" ? resource.name : text(resource, path);
      if (found !== undefined && !index.has(found)) index.set(found, resource);
    }
    ofGraph.set(key, index);
  }
  return index.get(wanted);
}
