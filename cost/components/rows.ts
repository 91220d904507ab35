import type { Resource } from "../../graph/index.ts";
import { roundQuantity } from "../money.ts";
import type { Quantity3 } from "../types.ts";
import { usageOf, usageReason } from "../usage.ts";
import type { UsageKey } from "../usage-defaults.ts";
import {
  allMonth,
  between,
  type Context,
  type CostComponent,
  isNotKnown,
  type NotKnown,
  type Of,
  oneMonth,
  service,
  times,
} from "./component.ts";

/** A quantity that may be one of each, a number, or not known. */
type Count = number | Quantity3 | NotKnown | null;

interface RowOptions {
  /** Whether this resource has such a thing at all. */
  when?: Of<boolean>;
  /** How many of them; one where it is left out. */
  count?: Of<Count>;
  reason?: CostComponent["reason"];
  gaps?: readonly string[];
}

function counted(each: Quantity3, { when, count }: RowOptions): CostComponent["quantity"] {
  return (resource, context) => {
    if (when && !when(resource, context)) return null;
    const found = count ? count(resource, context) : 1;
    if (found === null || isNotKnown(found)) return found;
    if (typeof found === "number") return found === 0 ? null : times(each, found);
    return times(found, each.expected);
  };
}

const rest = ({ reason, gaps }: RowOptions) => ({
  ...(reason !== undefined && { reason }),
  ...(gaps && { gaps }),
});

/** A row that is charged for every hour of the month. */
export const hourly = (what: string, unit: string, key: string, options: RowOptions = {}): CostComponent => ({
  what,
  unit,
  kind: "fixed",
  price: service(key),
  quantity: counted(allMonth(), options),
  ...rest(options),
});

/** A row that is charged once a month. */
export const monthly = (
  what: string,
  unit: string,
  key: string,
  options: RowOptions = {},
): CostComponent => ({
  what,
  unit,
  kind: "fixed",
  price: service(key),
  quantity: counted(oneMonth(), options),
  ...rest(options),
});

interface UsedOptions {
  when?: Of<boolean>;
  /** Units of the price for one unit of the usage. */
  factor?: Of<number | NotKnown>;
  gaps?: readonly string[];
}

/** A row that is charged by use: what a usage file states, else the assumption. Nothing used is no row. */
export const used = (
  what: string,
  unit: string,
  key: string,
  uses: UsageKey,
  { when, factor, gaps }: UsedOptions = {},
): CostComponent => ({
  what,
  unit,
  kind: "usage",
  price: service(key),
  uses: [uses],
  quantity: (resource, context) => {
    if (when && !when(resource, context)) return null;
    const usage = usedOf(resource, context, uses);
    if (usage.max === 0 && !isGiven(resource, context, uses)) return null;
    const by = factor ? factor(resource, context) : 1;
    return isNotKnown(by) ? by : times(usage, by);
  },
  reason: (resource, context) => reasonOf(resource, context, uses),
  ...(gaps && { gaps }),
});

/** What a resource uses, as a quantity. */
export function usedOf(resource: Resource, { usage }: Context, key: UsageKey): Quantity3 {
  const { min, expected, max } = usageOf(usage, resource, key);
  return between(min, expected, max);
}

/** Whether a usage file states it. */
export const isGiven = (resource: Resource, { usage }: Context, key: UsageKey): boolean =>
  usageOf(usage, resource, key).given;

/** The words for a line that rests on a usage. */
export const reasonOf = (resource: Resource, { usage }: Context, key: UsageKey): string =>
  usageReason(usageOf(usage, resource, key));

/** Two quantities that grow together: least by least, most by most. */
export const product = (a: Quantity3, b: Quantity3): Quantity3 => ({
  min: roundQuantity(a.min * b.min),
  expected: roundQuantity(a.expected * b.expected),
  max: roundQuantity(a.max * b.max),
});
