import type { Resource } from "../graph/index.ts";
import type { PolicyParams, Waiver } from "./types.ts";

/** Type token of the component that carries the policy of its stack. */
const PLATFORM = "freehold:platform:Platform";

/** What a stack says of its own policy; the planner writes it and the platform component carries it. */
export interface DeclaredPolicy {
  profiles: string[];
  /** null outside AWS. */
  providerRegion: string | null;
  partition: string | null;
  /** Expanded region names; empty means not stated. */
  allowedRegions: string[];
  allowedRegistries: string[];
  allowedEgressHosts: string[];
  allowedLlmHosts: string[];
  allowGlobalServices: string[];
  minLogDays: number;
  waivers: Waiver[];
}

/** Parameters of the rules for a stack of ours, judged at an ISO date. */
export function paramsOf(declared: DeclaredPolicy, date: string): PolicyParams {
  const { providerRegion, partition, allowedRegions } = declared;
  return {
    date,
    ...(allowedRegions.length > 0 && { allowedRegions }),
    ...(partition !== null && { partition }),
    ...(providerRegion !== null && { providerRegion }),
    allowedRegistries: declared.allowedRegistries,
    allowedEgressHosts: declared.allowedEgressHosts,
    allowedLlmHosts: declared.allowedLlmHosts,
    allowGlobalServices: declared.allowGlobalServices,
    minLogDays: declared.minLogDays,
  };
}

/** The policy that the platform component of a graph carries; null when the graph has none. */
export function declaredPolicy(resources: Iterable<Resource>): DeclaredPolicy | null {
  for (const { type, props } of resources) {
    const policy = type === PLATFORM ? props["policy"] : undefined;
    if (typeof policy === "object" && policy !== null) return policy as DeclaredPolicy;
  }
  return null;
}
