import type { PolicyResource } from "@pulumi/policy";
import { catalogAsOf, expandRegionSet } from "../catalog/index.ts";
import { buildGraph, normalize, type Props, type Resource, type ResourceGraph } from "../graph/index.ts";
import { evaluate } from "./evaluate.ts";
import type { ControlResult, PolicyParams } from "./types.ts";

/** What the pack reads: the keys of the stack's own configuration, `freehold:…`. */
export interface PackSettings {
  profiles: string[];
  params: PolicyParams;
}

/**
 * Settings from the stack's configuration as the engine hands it to the pack.
 *
 * @param get value of a `freehold:` key; undefined when it is not set
 * @param date ISO date the run is judged at
 */
export function settingsFrom(get: (key: string) => unknown, date: string): PackSettings {
  const object = (key: string) => (get(key) ?? {}) as Record<string, unknown>;
  const [residency, policy, aws] = [object("residency"), object("policy"), object("aws")];
  const profiles = (get("profiles") as string[] | undefined) ?? [];
  const regions = residency["allowedRegions"] as string | string[] | undefined;
  const region = aws["region"];
  return {
    profiles,
    params: {
      date,
      ...(regions !== undefined && { allowedRegions: expandRegionSet(regions).regions }),
      ...(typeof region === "string" && { providerRegion: region }),
      allowedRegistries: (policy["allowedRegistries"] as string[] | undefined) ?? ["docker.io/vllm/"],
      allowedEgressHosts: (policy["allowedEgressHosts"] as string[] | undefined) ?? [],
      allowedLlmHosts: (policy["allowedLlmHosts"] as string[] | undefined) ?? [],
      allowGlobalServices: (residency["allowGlobalServices"] as string[] | undefined) ?? [],
      minLogDays: profiles.includes("hipaa") ? 365 : 1,
    },
  };
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
  private judged: Map<string, ControlResult> | null = null;
  private readonly settings: PackSettings;

  constructor(settings: PackSettings) {
    this.settings = settings;
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

  /** The result of one control; the whole stack is judged on the first question. */
  result(
    control: string,
    resources: readonly PolicyResource[],
    controls: string[],
  ): ControlResult | undefined {
    if (this.judged === null) {
      const [entry] = evaluate([{ graph: this.graph(resources) }], {
        profiles: this.settings.profiles,
        controls,
        params: this.settings.params,
        catalogAsOf: catalogAsOf(),
      }).results;
      const list = entry && "controls" in entry ? entry.controls : [];
      this.judged = new Map(list.map((found) => [found.id, found]));
    }
    return this.judged.get(control);
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
