/** Where providers, resources and zones are. */
import { lookup } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { rule } from "../helpers.ts";
import { asText } from "../text.ts";
import { judge } from "./boundary.ts";
import { effectiveRegion, regionOfZone } from "./regions.ts";

function isAws(type: string): boolean {
  return type.startsWith("aws:");
}

export const providerRegion: Rule = rule(
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
);

export const resourceRegion: Rule = rule(
  "RES-02",
  "Resources live in allowed regions",
  "The effective region of each AWS resource (its own, else its provider's) is allowed.",
  (found, graph, params) => {
    for (const resource of graph.resources) {
      if (!isAws(resource.type) || !resource.custom) continue;
      const region = effectiveRegion(resource, graph, params);
      if (region === null) continue;
      if ("region" in region) judge(found, resource, region.path, region.region, params, "region");
      else found.unknown(resource, "region", region.unknown);
    }
  },
);

export const zoneRegion: Rule = rule(
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
);
