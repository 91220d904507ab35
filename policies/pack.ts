import type { PolicyResource } from "@pulumi/policy";
import { catalogAsOf, expandRegionSet } from "../catalog/index.ts";
import { buildGraph, normalize, type Props, type Resource, type ResourceGraph } from "../graph/index.ts";
import { declaredPolicy, paramsOf } from "./declared.ts";
import { evaluate } from "./evaluate.ts";
import type { ControlResult, PolicyParams, Waiver } from "./types.ts";

/** What the pack judges by. */
export interface PackSettings {
  profiles: string[];
  params: PolicyParams;
  waivers: Waiver[];
}

/** A resource as the engine shows it to a resource policy. */
export interface SeenResource {
  type: string;
  name: string;
  urn: string;
  props: unknown;
  parent: string | undefined;
  provider: { urn: string; type: string; name: string; props: unknown } | undefined;
}

/** The value behind the SDK's proxy, which throws on every read of an unknown. */
function raw(value: unknown): unknown {
  const proxied = value as { __getSpecialProxyTarget?: unknown };
  return proxied?.__getSpecialProxyTarget ?? value;
}

/** Collects inputs while resources register, and judges them once the stack is complete. */
export class Collector {
  private readonly seen = new Map<string, Resource>();
  private judged: { settings: PackSettings; controls: Map<string, ControlResult> } | null = null;
  private readonly date: string;

  /** @param date ISO date the run is judged at */
  constructor(date: string) {
    this.date = date;
  }

  add(resource: SeenResource): void {
    this.judged = null;
    const provider = resource.provider;
    if (provider && !this.seen.has(provider.urn)) {
      this.seen.set(provider.urn, this.resource({ ...provider, parent: undefined, provider: undefined }));
    }
    this.seen.set(resource.urn, this.resource(resource));
  }

  private resource(resource: SeenResource): Resource {
    return {
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      custom: !resource.type.startsWith("freehold:") && resource.type !== "pulumi:pulumi:Stack",
      props: normalize(raw(resource.props)) as Props,
      outputs: null,
      parent: resource.parent ?? null,
      provider: resource.provider?.urn ?? null,
      refs: {},
      dependencies: [],
      protect: false,
    };
  }

  /**
   * The policy of the stack: what its platform component carries, completed by the pack's own configuration
   * (`--policy-pack-config`), which also serves programs without a platform component.
   */
  private settings(own: Record<string, unknown>): PackSettings {
    const declared = declaredPolicy(this.seen.values());
    const { profiles, allowedRegions, enforcementLevel: _, ...rest } = own;
    return {
      profiles: (profiles as string[] | undefined) ?? declared?.profiles ?? [],
      params: {
        ...(declared ? paramsOf(declared, this.date) : { date: this.date }),
        ...rest,
        ...(allowedRegions !== undefined && {
          allowedRegions: expandRegionSet(allowedRegions as string | string[]).regions,
        }),
      },
      waivers: declared?.waivers ?? [],
    };
  }

  /** The verdicts of the stack; it is judged as a whole on the first question. */
  judge(
    resources: readonly PolicyResource[],
    own: Record<string, unknown>,
  ): { settings: PackSettings; controls: Map<string, ControlResult> } {
    if (this.judged === null) {
      const settings = this.settings(own);
      const [entry] = evaluate([{ graph: this.graph(resources) }], {
        ...settings,
        catalogAsOf: catalogAsOf(),
      }).results;
      const list = entry && "controls" in entry ? entry.controls : [];
      this.judged = { settings, controls: new Map(list.map((found) => [found.id, found])) };
    }
    return this.judged;
  }

  /** Inputs from the resource phase, references from the stack phase. */
  private graph(resources: readonly PolicyResource[]): ResourceGraph {
    for (const { urn, propertyDependencies } of resources) {
      const own = this.seen.get(urn);
      if (!own) continue;
      own.refs = Object.fromEntries(
        Object.entries(propertyDependencies).map(([path, targets]) => [
          path,
          targets.map((target) => target.urn),
        ]),
      );
    }
    return buildGraph("pulumi", [...this.seen.values()]);
  }
}
