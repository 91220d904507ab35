import { lookup, type Resource } from "../../graph/index.ts";
import type { PolicyParams, Rule } from "../types.ts";
import { arnRegionRule, partitionRule } from "./arn-rules.ts";
import { judge, OUTSIDE } from "./boundary.ts";
import { elements, type Found, ofType, refsAt, rule } from "./helpers.ts";
import { arnsIn, effectiveRegion, isRegionName, moduleOf, regionOfZone } from "./regions.ts";
import { asText } from "./text.ts";

function isAws(type: string): boolean {
  return type.startsWith("aws:");
}

export const residencyRules: Rule[] = [
  rule(
    "RES-01",
    "Providers have an allowed region",
    "Every AWS provider names a region inside allowedRegions.",
    (found, graph, params) => {
      for (const type of ["pulumi:providers:aws", "pulumi:providers:aws-native"]) {
        for (const provider of graph.byType.get(type) ?? []) {
          const region = lookup(provider.props, "region");
          if (region.state === "known")
            judge(found, provider, "region", asText(region.value), params, "region");
          else if (params.providerRegion !== undefined && region.state === "absent")
            judge(found, provider, "region", params.providerRegion, params, "region");
          else
            found.unknown(
              provider,
              "region",
              "the provider's region is not in the graph; name it in the program",
            );
        }
      }
    },
  ),
  rule(
    "RES-02",
    "Resources live in allowed regions",
    "The effective region of each AWS resource (its own, else its provider's) is allowed.",
    (found, graph, params) => {
      for (const resource of graph.resources) {
        if (!isAws(resource.type) || !resource.custom) continue;
        const region = effectiveRegion(resource, graph);
        if (region === null) continue;
        if ("region" in region) judge(found, resource, region.path, region.region, params, "region");
        else if (params.providerRegion !== undefined && resource.provider === null)
          judge(found, resource, "", params.providerRegion, params, "region");
        else found.unknown(resource, "region", region.unknown);
      }
    },
  ),
  partitionRule,
  arnRegionRule,
  rule(
    "RES-05",
    "Zones belong to allowed regions",
    "Each Availability Zone or Local Zone belongs to an allowed region.",
    (found, graph, params) => {
      for (const resource of graph.resources) {
        if (!isAws(resource.type)) continue;
        for (const path of ["availabilityZone", "availabilityZoneId"]) {
          const zone = lookup(resource.props, path);
          if (zone.state === "absent") continue;
          if (zone.state !== "known") {
            found.unknown(resource, path, "the zone is not known yet");
            continue;
          }
          const region = regionOfZone(asText(zone.value));
          if (region) judge(found, resource, path, region, params, "the zone's region");
          else
            found.unknown(
              resource,
              path,
              `the region of zone ${asText(zone.value)} cannot be told from its name`,
            );
        }
      }
    },
  ),
  rule(
    "RES-06",
    "Buckets replicate inside the boundary",
    "Each replication destination is provably in an allowed region.",
    (found, graph, params) => {
      const sources = [
        ...ofType(graph, "s3.BucketReplicationConfig").map((resource) => ({ resource, path: "rules" })),
        ...ofType(graph, "s3.Bucket").map((resource) => ({
          resource,
          path: "replicationConfiguration.rules",
        })),
      ];
      for (const { resource, path } of sources) {
        const rules = elements(resource, path);
        if (rules === null) found.unknown(resource, path, "the replication rules are not known yet");
        for (const entry of rules ?? []) {
          const at = `${entry.path}.destination.bucket`;
          const targets = refsAt(resource, at)
            .map((urn) => graph.byUrn.get(urn))
            .filter((target) => target?.type.startsWith("aws:s3/bucket"));
          const value = lookup(resource.props, at);
          const byName =
            value.state === "known" ? bucketNamed(graph.resources, asText(value.value)) : undefined;
          const target = targets[0] ?? byName;
          const region = target ? effectiveRegion(target, graph) : null;
          if (region && "region" in region)
            judge(found, resource, at, region.region, params, "the destination's region");
          else
            found.unknown(
              resource,
              at,
              "the destination bucket is not in this graph, so its region cannot be told",
            );
          const key = lookup(
            resource.props,
            `${entry.path}.destination.encryptionConfiguration.replicaKmsKeyId`,
          );
          if (key.state === "known")
            for (const arn of arnsIn(asText(key.value)))
              if (arn.region) judge(found, resource, at, arn.region, params, "the replica key's region");
        }
      }
    },
  ),
  rule(
    "RES-09",
    "No keys outside the boundary",
    "No multi-Region key, and no replica of a key from outside.",
    (found, graph, params) => {
      for (const key of ofType(graph, "kms.Key", "kms.ExternalKey")) {
        found.require(
          key,
          "multiRegion",
          (value) => value !== true && value !== "true",
          "a multi-Region key can be replicated outside of the boundary",
          "remove multiRegion",
          "pass",
        );
      }
      for (const replica of ofType(graph, "kms.ReplicaKey", "kms.ReplicaExternalKey")) {
        const region = effectiveRegion(replica, graph);
        if (region && "region" in region)
          judge(found, replica, region.path, region.region, params, "the replica key's region");
        else found.unknown(replica, "region", "the replica's region is not known");
      }
    },
  ),
  rule(
    "RES-10",
    "Secrets replicate inside the boundary",
    "Secret replicas are in allowed regions.",
    (found, graph, params) => {
      for (const secret of ofType(graph, "secretsmanager.Secret"))
        regionsAt(found, secret, "replicas", "region", params, "a secret replica in");
    },
  ),
  rule(
    "RES-14",
    "Registries replicate inside the boundary",
    "Registry replication destinations are allowed regions.",
    (found, graph, params) => {
      for (const registry of ofType(graph, "ecr.ReplicationConfiguration")) {
        const rules = elements(registry, "replicationConfiguration.rules");
        if (rules === null)
          found.unknown(registry, "replicationConfiguration.rules", "the rules are not known yet");
        for (const entry of rules ?? [])
          regionsAt(found, registry, `${entry.path}.destinations`, "region", params, "a registry replica in");
      }
    },
  ),
  rule(
    "RES-19",
    "No edge services",
    "No global data-path service, unless allowGlobalServices names it.",
    (found, graph, params) => {
      const accepted = new Set(params.allowGlobalServices ?? []);
      for (const resource of graph.resources) {
        if (!isAws(resource.type)) continue;
        const module = moduleOf(resource.type);
        if (!["cloudfront", "globalaccelerator", "networkmanager", "shield"].includes(module)) continue;
        found.concerns();
        if (!accepted.has(module)) {
          found.violation(
            resource,
            "",
            `${module} handles data at edge sites, ${OUTSIDE}`,
            resource.type,
            `remove it, or accept it by allowGlobalServices: [${module}]`,
          );
        }
      }
    },
  ),
  rule(
    "RES-21",
    "Endpoints reach allowed regions",
    "The service of each VPC endpoint is in an allowed region.",
    (found, graph, params) => {
      for (const endpoint of ofType(graph, "ec2.VpcEndpoint")) {
        found.concerns();
        const explicit = lookup(endpoint.props, "serviceRegion");
        if (explicit.state === "known")
          judge(found, endpoint, "serviceRegion", asText(explicit.value), params, "service region");
        else if (explicit.state !== "absent")
          found.unknown(endpoint, "serviceRegion", "the service region is not known yet");
        const service = lookup(endpoint.props, "serviceName");
        if (service.state === "known") {
          const region = asText(service.value).split(".").find(isRegionName);
          if (region) judge(found, endpoint, "serviceName", region, params, "a service of region");
        } else if (service.state === "unknown")
          found.unknown(endpoint, "serviceName", "the service name is not known yet");
      }
    },
  ),
];

function regionsAt(
  found: Found,
  resource: Resource,
  path: string,
  key: string,
  params: PolicyParams,
  what: string,
): void {
  const list = elements(resource, path);
  if (list === null) found.unknown(resource, path, `${path} is not known yet`);
  for (const entry of list ?? []) {
    const region = lookup(resource.props, `${entry.path}.${key}`);
    if (region.state === "known")
      judge(found, resource, `${entry.path}.${key}`, asText(region.value), params, what);
    else found.unknown(resource, `${entry.path}.${key}`, "the region is not known yet");
  }
}

function bucketNamed(resources: readonly Resource[], arnOrName: string): Resource | undefined {
  const name = arnOrName.replace(/^arn:[^:]*:s3:::/, "");
  return resources.find(
    (resource) =>
      /^aws:s3\/bucket(V2)?:/.test(resource.type) &&
      lookup(resource.props, "bucket").state === "known" &&
      resource.props["bucket"] === name,
  );
}
