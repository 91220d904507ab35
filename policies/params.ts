/** Parameters as a file states them: `config` of a resource list, or a policy configuration. */
import { expandRegionSet } from "../catalog/index.ts";
import type { PolicyParams } from "./types.ts";

const LISTS = [
  "allowedRegions",
  "allowedRegistries",
  "allowedUpstreamRegistries",
  "allowGlobalServices",
  "allowedLlmHosts",
  "allowedEgressHosts",
  "tlsPolicies",
] as const;
const TEXTS = ["providerRegion", "partition", "date"] as const;
const NUMBERS = ["maxRetentionDays", "maxPersonalLogDays", "minLogDays", "auditLogDays"] as const;
const SWITCHES = ["multimodal"] as const;

/**
 * Reads parameters. A single text stands for a list of one, and sets of regions ("eea") are expanded. Keys that
 * are no parameters are left out.
 *
 * @throws TypeError naming every parameter of a wrong kind and what is allowed.
 */
export function readParams(config: Record<string, unknown>): Partial<PolicyParams> {
  const wrong: string[] = [];
  const params: Record<string, unknown> = {};
  const take = (key: string, allowed: string, read: (value: unknown) => unknown) => {
    const value = Object.hasOwn(config, key) ? config[key] : undefined;
    if (value === undefined || value === null) return;
    const taken = read(value);
    if (taken === undefined) wrong.push(`${key} is ${JSON.stringify(value)}; allowed: ${allowed}`);
    else params[key] = taken;
  };
  for (const key of LISTS) take(key, "a list of texts", texts);
  for (const key of TEXTS) take(key, "a text", (value) => (typeof value === "string" ? value : undefined));
  for (const key of NUMBERS)
    take(key, "a number of days", (value) =>
      typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined,
    );
  for (const key of SWITCHES)
    take(key, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  if (wrong.length > 0) throw new TypeError(wrong.join("; "));
  const regions = params["allowedRegions"] as string[] | undefined;
  if (regions) {
    const { regions: known, unknown } = expandRegionSet(regions);
    // A region that the catalogue lacks stays a name: it may be newer than the catalogue.
    params["allowedRegions"] = [...new Set([...known, ...unknown])];
  }
  return params as Partial<PolicyParams>;
}

function texts(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value : [value];
  return list.every((entry) => typeof entry === "string") ? list : undefined;
}
