import type { Resource, ResourceGraph } from "../../graph/index.ts";
import { type ComponentTable, type CostComponent, free, unpriced } from "./component.ts";
import { COMPUTE } from "./compute.ts";
import { CONTAINERS } from "./containers.ts";
import { FREE, FREE_PREFIXES } from "./free.ts";
import { KUBERNETES } from "./kubernetes.ts";
import { NETWORK } from "./network.ts";
import { OPERATIONS } from "./operations.ts";
import { STORAGE } from "./storage.ts";

const TABLE: ReadonlyMap<string, readonly CostComponent[]> = new Map(
  Object.entries({
    ...FREE,
    ...COMPUTE,
    ...CONTAINERS,
    ...NETWORK,
    ...STORAGE,
    ...OPERATIONS,
    ...KUBERNETES,
  } satisfies ComponentTable),
);

const GROUPING = [free("a component: its parts are listed themselves")];
const OPAQUE = [unpriced("component", "a component whose parts are not in the graph")];
const UNLISTED = [unpriced("resource", "this resource type is not in the price tables")];

/** What a resource costs money for; one component at least. */
export function componentsOf(resource: Resource, graph: ResourceGraph): readonly CostComponent[] {
  const { type, urn, custom } = resource;
  const listed = TABLE.get(type);
  if (listed) return listed;
  if (type.startsWith("freehold:")) return GROUPING;
  const family = FREE_PREFIXES.find(([prefix]) => type.startsWith(prefix));
  if (family) return [family[1]];
  // A component of another package may hide its children until it is deployed.
  if (!custom) return graph.children.has(urn) ? GROUPING : OPAQUE;
  return UNLISTED;
}
