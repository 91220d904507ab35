import * as pulumi from "@pulumi/pulumi";
import { catalogAsOf } from "./catalog/index.ts";
import { billOf, type Range3 } from "./cost/index.ts";
import { buildGraph, type Resource, UNKNOWN } from "./graph/index.ts";
import type { StackPlan } from "./plan/index.ts";

/**
 * Collects what the program registers, so that the program can state its own bill as a stack output and a plain
 * `pulumi preview` shows the money. Values that are not known yet count as unknown, as in the graph, and lead to
 * the resources that they come from, as the engine's property dependencies do.
 */
export class MoneyRecorder {
  private readonly resources: Resource[] = [];
  private readonly names = new Map<pulumi.Resource, string>();

  constructor() {
    pulumi.runtime.registerStackTransformation(({ type, name, props, resource }) => {
      const urn = `${type}::${name}`;
      this.names.set(resource, urn);
      this.resources.push({
        urn,
        type,
        name,
        // The SDK's own `CustomResource.isInstance` is false until the constructor that runs this has ended.
        custom: !(resource instanceof pulumi.ComponentResource),
        props: plain(props) as Record<string, unknown>,
        outputs: null,
        parent: null,
        provider: null,
        refs: this.refsOf(props),
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

  private refsOf(props: pulumi.Inputs): Record<string, string[]> {
    const refs: Record<string, string[]> = {};
    for (const [key, value] of Object.entries(props)) {
      const urns = [...origins(value)].flatMap((resource) => this.names.get(resource) ?? []);
      if (urns.length > 0) refs[key] = [...new Set(urns)];
    }
    return refs;
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

/** Resources that the Outputs inside a value come from. */
function* origins(value: unknown): Generator<pulumi.Resource> {
  if (pulumi.Resource.isInstance(value)) yield value;
  else if (pulumi.Output.isInstance(value)) {
    // Public at run time, marked internal in the SDK's declarations.
    yield* (value as unknown as { resources(): Iterable<pulumi.Resource> }).resources();
  } else if (typeof value === "object" && value !== null && !(value instanceof Promise)) {
    for (const entry of Object.values(value)) yield* origins(entry);
  }
}
