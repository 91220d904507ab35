import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Quantity3 } from "../types.ts";
import { assumed, USAGE, type UsageKey } from "../usage.ts";
import { between, type CostComponent, type NotKnown, service } from "./component.ts";

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
  const value = found.state === "known" ? Number(found.value) : Number.NaN;
  return Number.isFinite(value) && value >= 0
    ? value
    : { unknown: `${path} is not known before the deployment` };
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

/** A component that is charged by use, at the assumption of cost/usage.ts. */
export function usage(what: string, unit: string, priceKey: string, key: UsageKey): CostComponent {
  const { min, expected, max } = USAGE[key];
  return {
    what,
    unit,
    kind: "usage",
    price: service(priceKey),
    quantity: (): Quantity3 => between(min, expected, max),
    reason: assumed(key),
  };
}
