import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import { asText } from "./text.ts";

const REGION = /^(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)(?:-[a-z]+)+-\d$/;

export function isRegionName(text: string): boolean {
  return REGION.test(text);
}

/** Region of an Availability Zone or a Local Zone: eu-central-1a, us-east-1-atl-2a. Null for a zone id. */
export function regionOfZone(zone: string): string | null {
  const match = /^([a-z]{2,4}(?:-[a-z]+)+-\d)(?:[a-z]|-[a-z0-9]+-\d[a-z])$/.exec(zone);
  return match ? match[1]! : null;
}

export interface Arn {
  text: string;
  partition: string;
  service: string;
  region: string;
}

/** ARNs inside a text, JSON documents included. */
export function arnsIn(text: string): Arn[] {
  if (!text.includes("arn:")) return [];
  return [...text.matchAll(/\barn:([a-z-]+|\*):([a-z0-9-]*|\*):([a-z0-9-]*|\*):([^\s"',]*)/g)].map(
    (match) => ({
      text: match[0],
      partition: match[1]!,
      service: match[2]!,
      region: match[3]!,
    }),
  );
}

export type EffectiveRegion = { region: string; path: string } | { unknown: string } | null;

/** The region a resource really lives in: its own, else its provider's, else not known. Null for types without one. */
export function effectiveRegion(resource: Resource, graph: ResourceGraph): EffectiveRegion {
  const own = lookup(resource.props, "region");
  if (own.state === "known") return { region: asText(own.value), path: "region" };
  if (own.state === "unknown" || own.state === "secret") return { unknown: "its region is not known yet" };
  if (isGlobal(resource.type)) return null;
  const provider = resource.provider ? graph.byUrn.get(resource.provider) : undefined;
  if (!provider) return { unknown: "neither it nor its provider names a region" };
  const region = lookup(provider.props, "region");
  return region.state === "known"
    ? { region: asText(region.value), path: "" }
    : { unknown: `the region of its provider ${provider.name} is not known` };
}

/** Modules whose resources have no region of their own. */
const GLOBAL = new Set([
  "iam",
  "cloudfront",
  "globalaccelerator",
  "route53",
  "organizations",
  "shield",
  "waf",
  "networkmanager",
  "account",
  "budgets",
  "cur",
  "costexplorer",
]);

export function moduleOf(type: string): string {
  return type.split(":")[1]?.split("/")[0] ?? "";
}

function isGlobal(type: string): boolean {
  return GLOBAL.has(moduleOf(type)) || type === "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
}
