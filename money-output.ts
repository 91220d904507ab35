import * as pulumi from "@pulumi/pulumi";
import { catalogAsOf } from "./catalog/index.ts";
import { billOf, type Range3 } from "./cost/index.ts";
import { buildGraph, type Resource, UNKNOWN } from "./graph/index.ts";
import type { StackPlan } from "./plan/index.ts";

/**
 * Collects what the program registers, so that the program can state its own bill as a stack output and a plain
 * `pulumi preview` shows the money. Values that are not known yet count as unknown, as in the graph.
 */
export class MoneyRecorder {
  private readonly resources: Resource[] = [];

  constructor() {
    pulumi.runtime.registerStackTransformation(({ type, name, props, resource }) => {
      this.resources.push({
        urn: `${type}::${name}`,
        type,
        name,
        custom: pulumi.CustomResource.isInstance(resource),
        props: plain(props) as Record<string, unknown>,
        outputs: null,
        parent: null,
        provider: null,
        refs: {},
        dependencies: [],
        protect: false,
      });
      return undefined;
    });
  }

  /** Totals of the bill of everything that was registered so far, US dollars with two decimals. */
  monthlyCostUsd(plan: StackPlan): Range3 {
    // The date only decides whether a price is old enough to warn, and a warning is no part of the output.
    const { totals } = billOf(buildGraph("program", this.resources), {
      plan,
      date: catalogAsOf(),
      catalogAsOf: catalogAsOf(),
    });
    return totals.monthlyUsd;
  }
}

/** Inputs with every Output replaced by UNKNOWN. */
function plain(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.Resource.isInstance(value)) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
