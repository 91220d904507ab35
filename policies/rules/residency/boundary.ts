/** The residency boundary: the regions in which data may live. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import type { PolicyParams } from "../../types.ts";
import { elements, type Found } from "../helpers.ts";
import { asText } from "../text.ts";
import { effectiveRegion, regionAt } from "./regions.ts";

export const OUTSIDE = "outside the configured residency boundary";

/** One set per parameter object: a graph asks for it thousands of times. */
const sets = new WeakMap<PolicyParams, Set<string>>();

/** The allowed regions; null where no boundary is set. */
export function boundary(params: PolicyParams): Set<string> | null {
  if (!params.allowedRegions) return null;
  let set = sets.get(params);
  if (set === undefined) {
    set = new Set(params.allowedRegions);
    sets.set(params, set);
  }
  return set;
}

/** The allowed regions; without them every residency control is unknown, once, at the first resource concerned. */
export function allowed(found: Found, resource: Resource, params: PolicyParams): Set<string> | null {
  const set = boundary(params);
  found.concerns();
  if (set === null && found.unknowns.length === 0)
    found.unknown(resource, "", "allowedRegions is not set, so there is no boundary to hold to");
  return set;
}

/** The allowed regions, for messages. */
export function names(params: PolicyParams): string {
  return `allowed: ${(params.allowedRegions ?? []).join(", ")}`;
}

/** Judges a region name at a path. */
export function judge(
  found: Found,
  resource: Resource,
  path: string,
  region: string,
  params: PolicyParams,
  what: string,
): void {
  const regions = allowed(found, resource, params);
  if (regions && !regions.has(region)) {
    found.violation(
      resource,
      path,
      `${what} ${region} is ${OUTSIDE} (${names(params)})`,
      region,
      "use an allowed region, or widen allowedRegions after review",
    );
  }
}

/** Judges the effective region of a resource that is a copy, and so stands for where the copy is. */
export function judgeHome(
  found: Found,
  resource: Resource,
  graph: ResourceGraph,
  params: PolicyParams,
  what: string,
): void {
  const home = effectiveRegion(resource, graph, params);
  if (home === null) return;
  if ("region" in home) judge(found, resource, home.path, home.region, params, what);
  else found.unknown(resource, "region", home.unknown);
}

/** Judges a region name that a property holds. Absent is left to the caller: it answers whether there was one. */
export function judgeName(
  found: Found,
  resource: Resource,
  path: string,
  params: PolicyParams,
  what: string,
): boolean {
  const value = lookup(resource.props, path);
  if (value.state === "absent") return false;
  if (value.state === "known") judge(found, resource, path, asText(value.value), params, what);
  else found.unknown(resource, path, "the region is not known yet");
  return true;
}

/** Judges where the resource is that a property names by ARN, by name or by reference. */
export function judgeTarget(
  found: Found,
  resource: Resource,
  path: string,
  graph: ResourceGraph,
  params: PolicyParams,
  what: string,
  ...types: string[]
): void {
  const target = regionAt(resource, path, graph, params, types);
  if (target === null) found.concerns();
  else if ("unknown" in target) found.unknown(resource, path, target.unknown);
  else for (const region of target.regions) judge(found, resource, path, region, params, what);
}

/** Judges the region names under a key of every element of a list. */
export function judgeList(
  found: Found,
  resource: Resource,
  path: string,
  key: string,
  params: PolicyParams,
  what: string,
): void {
  const list = elements(resource, path);
  if (list === null) found.unknown(resource, path, `${path} is not known yet`);
  for (const entry of list ?? []) {
    const at = `${entry.path}.${key}`;
    if (!judgeName(found, resource, at, params, what)) found.unknown(resource, at, "no region is named");
  }
}
