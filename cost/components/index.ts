import type { Resource, ResourceGraph } from "../../graph/index.ts";
import type { UsageKey } from "../usage-defaults.ts";
import { AUDIT } from "./audit.ts";
import { BALANCERS } from "./balancers.ts";
import { type ComponentTable, type CostComponent, free, unpriced } from "./component.ts";
import { COMPUTE } from "./compute.ts";
import { CONTAINERS } from "./containers.ts";
import { DATA } from "./data.ts";
import { EDGE } from "./edge.ts";
import { FARGATE } from "./fargate.ts";
import { FREE, FREE_PREFIXES } from "./free.ts";
import { FUNCTIONS } from "./functions.ts";
import { KEYS } from "./keys.ts";
import { KUBERNETES } from "./kubernetes.ts";
import { MESSAGES } from "./messages.ts";
import { NETWORK } from "./network.ts";
import { OBSERVE } from "./observe.ts";
import { SCALING } from "./scaling.ts";
import { STORAGE } from "./storage.ts";
import { PRICE_UNKNOWN } from "./unknown.ts";
import { VOLUMES } from "./volumes.ts";

/** Every type that has a table of its own, and its family. A type stands in one family only. */
export const FAMILIES: readonly [family: string, table: ComponentTable][] = [
  ["Instances", COMPUTE],
  ["Scaling groups", SCALING],
  ["Volumes and snapshots", VOLUMES],
  ["EKS and ECR", CONTAINERS],
  ["ECS", FARGATE],
  ["Network", NETWORK],
  ["Load balancers", BALANCERS],
  ["Object and file storage", STORAGE],
  ["Keys and secrets", KEYS],
  ["Logs, metrics and dashboards", OBSERVE],
  ["Audit and firewalls of applications", AUDIT],
  ["Messages, events and streams", MESSAGES],
  ["Functions, interfaces, sign-in and mail", FUNCTIONS],
  ["Databases", DATA],
  ["Names and delivery", EDGE],
  ["Kubernetes objects", KUBERNETES],
  ["Free", FREE],
  ["Without a price", PRICE_UNKNOWN],
];

const TABLE: ReadonlyMap<string, readonly CostComponent[]> = new Map(
  FAMILIES.flatMap(([, table]) => Object.entries(table)),
);

const USES: ReadonlyMap<string, readonly UsageKey[]> = new Map(
  [...TABLE]
    .map(([type, rows]) => [type, [...new Set(rows.flatMap(({ uses }) => uses ?? []))]] as const)
    .filter(([, uses]) => uses.length > 0),
);

/** What resources of a type are charged for by use. */
export const usesOf = (type: string): readonly UsageKey[] => USES.get(type) ?? [];

/** Types of which something is charged by use. */
export const TYPES_BY_USE: readonly string[] = [...USES.keys()];

const GROUPING = [free("a component: its parts are listed themselves")];
const OPAQUE = [unpriced("component", "a component whose parts are not in the graph")];
const UNLISTED = [unpriced("resource", "this resource type is not in the price tables")];

/** Providers whose types the tables are about; anything of another one has no price here. */
const PRICED_PROVIDERS = new Set(["aws", "kubernetes", "freehold"]);

function unlisted(type: string): readonly CostComponent[] {
  const provider = type.split(":", 1)[0]!;
  if (PRICED_PROVIDERS.has(provider)) return UNLISTED;
  return [unpriced("resource", `resources of the provider ${provider} have no price here: AWS's own have`)];
}

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
  return unlisted(type);
}
