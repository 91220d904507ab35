import type { Props, Resource, ResourceGraph } from "./types.ts";

/** Indexes a list of resources. */
export function buildGraph(name: string, resources: Resource[], config: Props = {}): ResourceGraph {
  const byUrn = new Map<string, Resource>();
  const byType = new Map<string, Resource[]>();
  const children = new Map<string, Resource[]>();
  for (const resource of resources) {
    byUrn.set(resource.urn, resource);
    push(byType, resource.type, resource);
    if (resource.parent !== null) push(children, resource.parent, resource);
  }
  return { name, resources, config, byUrn, byType, children };
}

function push(map: Map<string, Resource[]>, key: string, resource: Resource): void {
  const list = map.get(key);
  if (list) list.push(resource);
  else map.set(key, [resource]);
}
