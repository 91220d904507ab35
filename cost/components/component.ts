import type { InstancePrice, ServicePrice } from "../../catalog/index.ts";
import type { Resource, ResourceGraph } from "../../graph/index.ts";
import type { StackPlan } from "../../plan/index.ts";
import { roundQuantity } from "../money.ts";
import type { BillLine, Quantity3 } from "../types.ts";
import type { UsageBook } from "../usage.ts";
import type { UsageKey } from "../usage-defaults.ts";

/** Where prices come from: the catalogue, or a table in a test. */
export interface PriceBook {
  servicePrice(key: string, region: string): ServicePrice | null;
  instancePrice(type: string, region: string): InstancePrice;
}

/** What a component may look at beside its resource. */
export interface Context {
  graph: ResourceGraph;
  plan: StackPlan | null;
  prices: PriceBook;
  /** Region of the resource; null when nothing names one. */
  region: string | null;
  /** Day of the bill, ISO: which Kubernetes versions are in extended support. */
  date: string;
  /** What a usage file states; null where there is none. */
  usage: UsageBook | null;
}

/** A value that cannot be had, and why. */
export interface NotKnown {
  unknown: string;
}

export interface Priced {
  unitPriceUsd: string;
  source: string | null;
  asOf: string | null;
  /** What the price leaves out, for the line's reason. */
  note: string | null;
}

export type Of<T> = (resource: Resource, context: Context) => T;

/** A price rule. It names the price keys that it may read, so that the table can be held against the catalogue. */
export type PriceRule = Of<Priced | NotKnown> & { keys?: readonly string[] };

/** One thing that a resource of a type costs money for. */
export interface CostComponent {
  what: string | Of<string>;
  unit: string;
  kind: Exclude<BillLine["kind"], "unknown">;
  price: PriceRule;
  /** Usage that the quantity rests on, where the program does not say it. */
  uses?: readonly UsageKey[];
  /** Priced by the type of the instance, from the catalogue's table of instances. */
  byInstance?: boolean;
  /** Why this can never be priced here, whatever the resource says. */
  lacks?: string;
  /** Regions of the two that every type is held against in which the price is not known. */
  gaps?: readonly string[];
  /** For a month; null when this resource has no such thing. */
  quantity: Of<Quantity3 | NotKnown | null>;
  reason?: string | Of<string | null>;
}

/** What each resource type costs money for. */
export type ComponentTable = Record<string, readonly CostComponent[]>;

export const HOURS_PER_MONTH = 730;

export const isNotKnown = (value: unknown): value is NotKnown =>
  typeof value === "object" && value !== null && "unknown" in value;

/** The same in all three cases. */
export function exactly(value: number): Quantity3 {
  const rounded = roundQuantity(value);
  return { min: rounded, expected: rounded, max: rounded };
}

/** Three cases in order, whatever the order that they were found in. */
export function between(min: number, expected: number, max: number): Quantity3 {
  const all = [min, expected, max].map(roundQuantity);
  return { min: Math.min(...all), expected: all[1]!, max: Math.max(...all) };
}

export function times(quantity: Quantity3, factor: number): Quantity3 {
  return between(quantity.min * factor, quantity.expected * factor, quantity.max * factor);
}

export function plus(a: Quantity3, b: Quantity3): Quantity3 {
  return between(a.min + b.min, a.expected + b.expected, a.max + b.max);
}

/** One of them for every hour of the month. */
export const allMonth = (): Quantity3 => exactly(HOURS_PER_MONTH);
/** One of them, by the month. */
export const oneMonth = (): Quantity3 => exactly(1);

const NO_REGION = "neither the resource nor its provider nor the plan names a region";

/** The catalogue's price of a service in the resource's region. */
export function service(key: string): PriceRule {
  return Object.assign((_: Resource, context: Context) => servicePriced(key, context), { keys: [key] });
}

/** {@link service} for a key that is put together from what the resource says. */
export function servicePriced(key: string, { prices, region }: Context): Priced | NotKnown {
  if (region === null) return { unknown: `${key}: ${NO_REGION}` };
  const row = prices.servicePrice(key, region);
  if (!row) return { unknown: `no price of ${key} in ${region} in the catalogue` };
  return { unitPriceUsd: row.unitPriceUsd, source: row.source, asOf: row.asOf, note: row.note };
}

/** The catalogue's price of an instance in a region, per hour. */
export function instanceHour(
  type: string,
  capacity: "on-demand" | "spot",
  { prices, region }: Pick<Context, "prices" | "region">,
): Priced | NotKnown {
  if (region === null) return { unknown: `${type}: ${NO_REGION}` };
  const row = prices.instancePrice(type, region);
  const { onDemandUsdPerHour, spotUsdPerHour, source, asOf } = row;
  const spot = capacity === "spot";
  const unitPriceUsd = spot ? spotUsdPerHour : onDemandUsdPerHour;
  if (unitPriceUsd === null) {
    const why = spot ? `On-Demand is ${onDemandUsdPerHour ?? "not known either"}` : (row.reason ?? "no-data");
    return { unknown: `no ${capacity} price of ${type} in ${region} in the catalogue (${why})` };
  }
  const note = spot
    ? `spot price of one moment in the cheapest zone; On-Demand is ${onDemandUsdPerHour ?? "not known"} USD an hour`
    : null;
  return { unitPriceUsd, source, asOf, note };
}

const NOTHING: Priced = { unitPriceUsd: "0", source: null, asOf: null, note: null };

/** A type that costs nothing, and why. With `when`, only where it says so. */
export function free(reason: string, when?: Of<boolean>): CostComponent {
  return {
    what: "no charge",
    unit: "resource",
    kind: "free",
    price: () => NOTHING,
    quantity: (resource, context) => (when && !when(resource, context) ? null : oneMonth()),
    reason,
  };
}

/** Something that costs money which cannot be priced. With `when`, only where it says so. */
export function unpriced(what: string, reason: string, when?: Of<boolean>): CostComponent {
  return {
    what,
    unit: "resource",
    kind: "fixed",
    lacks: reason,
    price: () => ({ unknown: reason }),
    quantity: (resource, context) => (when && !when(resource, context) ? null : oneMonth()),
  };
}
