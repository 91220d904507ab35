import { FREEHOLD_VERSION, instancePrice, servicePrice } from "../catalog/index.ts";
import { lookup, type Resource, type ResourceGraph } from "../graph/index.ts";
import type { StackPlan } from "../plan/index.ts";
import { judgeBudget, tokenPrice, tokensPerMonth } from "./budget.ts";
import type { Context, PriceBook } from "./components/component.ts";
import { componentsOf } from "./components/index.ts";
import { discounted } from "./discount.ts";
import { type DraftLine, makeLine } from "./line.ts";
import { addRanges, formatRange, type MicroRange, ZERO } from "./money.ts";
import { planLines } from "./plan-lines.ts";
import { regionOf } from "./region.ts";
import type { BillDocument, BillLine } from "./types.ts";
import type { UsageBook } from "./usage.ts";

export interface BillOptions {
  /** What only the plan knows: nodes that Karpenter starts, owned hardware, load, budget. */
  plan: StackPlan | null;
  /** Day of the bill, ISO; decides how old a price is. */
  date: string;
  catalogAsOf: string;
  /** Age in days past which a price is warned of. @default 540 */
  maxPriceAgeDays?: number;
  /** Region of resources that name none, where there is no plan. */
  region?: string;
  /** Where prices come from. @default the catalogue */
  prices?: PriceBook;
  /** What a usage file states; else the assumptions of usage-defaults.ts. */
  usage?: UsageBook;
}

const CATALOG: PriceBook = { servicePrice, instancePrice };
/** Eighteen months: On-Demand prices of the bundled tables did not move in seventeen, but for three families. */
const MAX_PRICE_AGE_DAYS = 540;
const DAY_MS = 86_400_000;

/**
 * What a month of a stack costs: one line for each thing that a resource is charged for, with price, source and
 * date; a line of kind `free` for what costs nothing, and one of kind `unknown` for what has no price.
 *
 * Every line is quantity × unit price, exact, rounded half to even once; totals are sums of lines.
 */
export function billOf(graph: ResourceGraph, options: BillOptions): BillDocument {
  const { plan } = options;
  const fallback = plan?.region ?? options.region ?? graphRegion(graph);
  const context: Context = {
    graph,
    plan,
    prices: discounted(options.prices ?? CATALOG, plan?.pricing?.discountPct ?? 0),
    region: fallback,
    date: options.date,
    usage: options.usage ?? null,
  };
  const drafts = [
    ...ordered(graph.resources).flatMap((resource) => {
      const region = regionOf(resource, graph, fallback);
      return resourceLines(resource, region === fallback ? context : { ...context, region });
    }),
    ...(plan ? planLines(plan, context, options.date) : []),
  ];
  const lines = drafts.map(({ line }) => line);
  const sum = (kinds: BillLine["kind"][]): MicroRange =>
    drafts.reduce(
      (total, { line, micro }) => (micro && kinds.includes(line.kind) ? addRanges(total, micro) : total),
      ZERO,
    );
  const [fixed, usage] = [sum(["fixed"]), sum(["usage"])];
  const total = addRanges(fixed, usage);
  const resources = countResources(lines);
  const tokens = tokensPerMonth(plan);
  const perMillion = "units" in tokens ? tokenPrice(total, tokens) : null;
  const perMillionReason = "units" in tokens ? null : tokens.reason;
  const dated = lines.filter((line) => line.asOf !== null && line.resource !== "plan:hardware");
  const dates = dated.map(({ asOf }) => asOf!).sort();
  return {
    schema: "freehold.bill/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: options.catalogAsOf,
    currency: "USD",
    hoursPerMonth: 730,
    pricesAsOf: {
      oldest: dates[0] ?? null,
      newest: dates.at(-1) ?? null,
      reason: dates.length > 0 ? null : "no price of a price list is used",
    },
    lines,
    totals: {
      monthlyUsd: formatRange(total),
      fixedUsd: formatRange(fixed),
      usageUsd: formatRange(usage),
      perMillionTokensUsd: perMillion && formatRange(perMillion),
      perMillionTokensReason: perMillionReason,
      resources,
    },
    budget: judgeBudget(plan, total, perMillion, perMillionReason, resources.partial + resources.unknown),
    warnings: warnings(dated, resources, options),
  };
}

/** By URN, in code-unit order: the same graph gives the same bytes in whatever order it was registered. */
function ordered(resources: readonly Resource[]): Resource[] {
  return [...resources].sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
}

/** A plain list of resources may carry the region of its provider as a parameter. */
function graphRegion(graph: ResourceGraph): string | null {
  const found = lookup(graph.config, "providerRegion");
  return found.state === "known" && typeof found.value === "string" ? found.value : null;
}

function resourceLines(resource: Resource, context: Context): DraftLine[] {
  const base = { resource: resource.urn, type: resource.type };
  return componentsOf(resource, context.graph).flatMap((component) => {
    const quantity = component.quantity(resource, context);
    if (quantity === null) return [];
    const { what, reason, unit, kind } = component;
    return [
      makeLine({
        ...base,
        what: typeof what === "function" ? what(resource, context) : what,
        unit,
        kind,
        price: component.price(resource, context),
        quantity,
        reason: typeof reason === "function" ? reason(resource, context) : (reason ?? null),
      }),
    ];
  });
}

/** Each resource once: wholly priced, priced in part, free, or without any price. */
function countResources(lines: BillLine[]): BillDocument["totals"]["resources"] {
  const kinds = new Map<string, Set<"money" | "free" | "unknown">>();
  for (const { resource, kind } of lines) {
    const seen = kinds.get(resource) ?? new Set();
    seen.add(kind === "fixed" || kind === "usage" ? "money" : kind);
    kinds.set(resource, seen);
  }
  const counts = { total: kinds.size, priced: 0, partial: 0, free: 0, unknown: 0 };
  for (const seen of kinds.values()) {
    if (seen.has("unknown")) counts[seen.has("money") ? "partial" : "unknown"]++;
    else counts[seen.has("money") ? "priced" : "free"]++;
  }
  return counts;
}

function warnings(
  dated: BillLine[],
  resources: BillDocument["totals"]["resources"],
  { date, maxPriceAgeDays = MAX_PRICE_AGE_DAYS }: BillOptions,
): string[] {
  const list: string[] = [];
  const old = dated.filter(({ asOf }) => (Date.parse(date) - Date.parse(asOf!)) / DAY_MS > maxPriceAgeDays);
  if (old.length > 0) {
    const oldest = old.reduce((found, line) => (line.asOf! < found.asOf! ? line : found));
    list.push(
      `${old.length} lines rest on prices older than ${maxPriceAgeDays} days; the oldest is of ${oldest.asOf} (${oldest.what})`,
    );
  }
  const open = resources.partial + resources.unknown;
  if (open > 0)
    list.push(
      `${open} of ${resources.total} resources have something without a price; it is not in the totals`,
    );
  return list;
}
