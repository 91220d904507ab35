/** The residency boundary: the regions in which data may live. */
import type { Resource } from "../../graph/index.ts";
import type { PolicyParams } from "../types.ts";
import type { Found } from "./helpers.ts";

export const OUTSIDE = "outside the configured residency boundary";

/** The allowed regions; without them every residency control is unknown, once, at the first resource concerned. */
export function allowed(found: Found, resource: Resource, params: PolicyParams): Set<string> | null {
  if (params.allowedRegions) return new Set(params.allowedRegions);
  if (found.unknowns.length === 0)
    found.unknown(resource, "", "allowedRegions is not set, so there is no boundary to hold to");
  found.concerns();
  return null;
}

/** The allowed regions, for messages. */
export function names(params: PolicyParams): string {
  return `allowed: ${(params.allowedRegions ?? []).join(", ")}`;
}

/** Judges a region name at a path. */
export function judge(
  found: Found,
  resource: Resource,
  path: string,
  region: string,
  params: PolicyParams,
  what: string,
): void {
  const regions = allowed(found, resource, params);
  found.concerns();
  if (regions && !regions.has(region)) {
    found.violation(
      resource,
      path,
      `${what} ${region} is ${OUTSIDE} (${names(params)})`,
      region,
      "use an allowed region, or widen allowedRegions after review",
    );
  }
}
