/** The effective region of resources, ARNs, zones, hosts and of what a property points to. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import type { PolicyParams } from "../../types.ts";
import { awsToken, ofType, refsAt } from "../helpers.ts";
import { asText } from "../text.ts";

const REGION = /^(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)(?:-[a-z]+)+-\d$/;

export function isRegionName(text: string): boolean {
  return REGION.test(text);
}

/** Region of an Availability Zone or a Local Zone: eu-central-1a, us-east-1-atl-2a. Null for a zone id. */
export function regionOfZone(zone: string): string | null {
  const match = /^([a-z]{2,4}(?:-[a-z]+)+-\d)(?:[a-z]|-[a-z0-9]+-\d[a-z])$/.exec(zone);
  return match ? match[1]! : null;
}

/** Domains of AWS endpoints: commercial and GovCloud, China, European Sovereign Cloud. */
const AWS_DOMAIN = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|on\.aws|amazonaws\.eu)$/;

/** Region that the host name of an AWS endpoint carries: s3.eu-central-1.amazonaws.com. Null where it has none. */
export function regionOfHost(host: string): string | null {
  const name = host.toLowerCase().replace(/\.$/, "");
  return AWS_DOMAIN.test(name) ? (name.split(".").find(isRegionName) ?? null) : null;
}

export interface Arn {
  text: string;
  partition: string;
  service: string;
  region: string;
  /** After the account: "snapshot/snap-1". */
  resource: string;
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
      resource: match[4]!.replace(/^[^:]*:/, ""),
    }),
  );
}

export type EffectiveRegion = { region: string; path: string } | { unknown: string } | null;

/**
 * The region a resource really lives in: its own, else its provider's, else that of the run's default provider
 * (`providerRegion`), else not known. Null for types without one.
 */
export function effectiveRegion(
  resource: Resource,
  graph: ResourceGraph,
  params?: PolicyParams,
): EffectiveRegion {
  const own = lookup(resource.props, "region");
  if (own.state === "known") return { region: asText(own.value), path: "region" };
  if (own.state === "unknown" || own.state === "secret") return { unknown: "its region is not known yet" };
  if (isGlobal(resource.type)) return null;
  const provider = resource.provider ? graph.byUrn.get(resource.provider) : undefined;
  if (!provider)
    return params?.providerRegion !== undefined && resource.provider === null
      ? { region: params.providerRegion, path: "" }
      : { unknown: "neither it nor its provider names a region" };
  const region = lookup(provider.props, "region");
  return region.state === "known"
    ? { region: asText(region.value), path: "" }
    : { unknown: `the region of its provider ${provider.name} is not known` };
}

/** Modules without a resource that takes a region (declarations of @pulumi/aws 7.48.0). */
const GLOBAL_MODULES = new Set([
  "account",
  "bcmdata",
  "billing",
  "budgets",
  "cloudfront",
  "costexplorer",
  "costoptimizationhub",
  "cur",
  "globalaccelerator",
  "iam",
  "networkmanager",
  "notifications",
  "organizations",
  "rolesanywhere",
  "route53domains",
  "route53recoverycontrol",
  "route53recoveryreadiness",
  "savingsplans",
  "shield",
  "uxc",
  "waf",
]);

/** Types without a region in modules whose other types take one. */
const GLOBAL_TYPES = new Set(
  [
    "backup.GlobalSettings",
    "bedrock.UseCaseForModelAccess",
    "chime.SdkvoiceGlobalSettings",
    "cloudtrail.OrganizationDelegatedAdminAccount",
    "directconnect.Gateway",
    "directconnect.HostedConnection",
    "ec2.VpcIpamOrganizationAdminAccount",
    "fms.AdminAccount",
    "ram.SharingWithOrganization",
    "route53.CidrCollection",
    "route53.CidrLocation",
    "route53.DelegationSet",
    "route53.HealthCheck",
    "route53.HostedZoneDnsSec",
    "route53.KeySigningKey",
    "route53.QueryLog",
    "route53.Record",
    "route53.RecordsExclusive",
    "route53.TrafficPolicy",
    "route53.TrafficPolicyInstance",
    "route53.VpcAssociationAuthorization",
    "route53.Zone",
    "route53.ZoneAssociation",
    "s3.AccountPublicAccessBlock",
    "servicecatalog.OrganizationsAccess",
  ].map(awsToken),
);

export function moduleOf(type: string): string {
  return type.split(":")[1]?.split("/")[0] ?? "";
}

/** Whether a type has no region of its own. */
export function isGlobal(type: string): boolean {
  return GLOBAL_MODULES.has(moduleOf(type)) || GLOBAL_TYPES.has(type);
}

/** Buckets by name: an S3 ARN names no region. */
const buckets = new WeakMap<ResourceGraph, Map<string, Resource>>();

function bucketNamed(graph: ResourceGraph, arnOrName: string): Resource | undefined {
  let byName = buckets.get(graph);
  if (byName === undefined) {
    byName = new Map();
    for (const bucket of ofType(graph, "s3.Bucket")) {
      const name = lookup(bucket.props, "bucket");
      if (name.state === "known") byName.set(asText(name.value), bucket);
    }
    buckets.set(graph, byName);
  }
  return byName.get(arnOrName.replace(/^arn:[^:]*:s3:::/, ""));
}

export type TargetRegion = { regions: string[] } | { unknown: string } | null;

/**
 * The region of what a property points to: that of its ARN, else of the resource of the graph that it names or was
 * computed from. References are recorded for outermost properties only, so several resources may stand behind one
 * path; then each is a possible target. Null where the property is absent.
 *
 * @param types of possible targets, as `backup.Vault`
 */
export function regionAt(
  resource: Resource,
  path: string,
  graph: ResourceGraph,
  params: PolicyParams,
  types: readonly string[],
): TargetRegion {
  const value = lookup(resource.props, path);
  if (value.state === "absent") return null;
  const tokens = types.map(awsToken);
  const isBucket = types.includes("s3.Bucket");
  let targets = refsAt(resource, path)
    .flatMap((urn) => graph.byUrn.get(urn) ?? [])
    .filter(({ type }) => tokens.includes(type) || (isBucket && type === "aws:s3/bucketV2:BucketV2"));
  if (value.state === "known") {
    const text = asText(value.value);
    const [arn] = arnsIn(text);
    if (arn && arn.region !== "" && arn.region !== "*") return { regions: [arn.region] };
    const named = isBucket ? bucketNamed(graph, text) : undefined;
    if (named) targets = [named];
  }
  if (targets.length === 0)
    return { unknown: "what it names is not in this graph, so its region cannot be told" };
  const regions = new Set<string>();
  for (const target of targets) {
    const region = effectiveRegion(target, graph, params);
    if (region === null || "unknown" in region)
      return { unknown: `the region of ${target.name}, which it names, is not known` };
    regions.add(region.region);
  }
  return { regions: [...regions] };
}
