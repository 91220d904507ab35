import { lookup, type Resource, type ResourceGraph } from "../graph/index.ts";

/**
 * Region in which a resource is billed: its own `region`, else that of its provider, else the fallback.
 * A region that stands in the program but is not known yet is null: the fallback might be another one.
 */
export function regionOf(resource: Resource, graph: ResourceGraph, fallback: string | null): string | null {
  for (const owner of [resource, providerOf(resource, graph)]) {
    if (!owner) continue;
    const found = lookup(owner.props, "region");
    if (found.state === "known" && typeof found.value === "string") return found.value;
    if (found.state !== "absent") return null;
  }
  return fallback;
}

/** A provider reference may carry the provider's id behind its URN. */
function providerOf(resource: Resource, graph: ResourceGraph): Resource | undefined {
  if (resource.provider === null) return undefined;
  return graph.byUrn.get(resource.provider) ?? graph.byUrn.get(resource.provider.replace(/::[^:]*$/, ""));
}
