/** Registries: replicas, and upstreams that images are pulled through from. */
import { lookup } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { elements, ofType, rule } from "../helpers.ts";
import { hostOf } from "../k8s/hosts.ts";
import { asText } from "../text.ts";
import { boundary, judgeList } from "./boundary.ts";
import { regionOfHost } from "./regions.ts";

export const registryReplicas: Rule = rule(
  "RES-14",
  "Registries replicate inside the boundary",
  "Registry replication destinations are allowed regions.",
  (found, graph, params) => {
    for (const registry of ofType(graph, "ecr.ReplicationConfiguration")) {
      const rules = elements(registry, "replicationConfiguration.rules");
      if (rules === null)
        found.unknown(registry, "replicationConfiguration.rules", "the rules are not known yet");
      for (const entry of rules ?? [])
        judgeList(found, registry, `${entry.path}.destinations`, "region", params, "a registry replica in");
    }
  },
);

/** A registry of AWS in an allowed region is inside the boundary and needs no entry. */
export const pullThrough: Rule = rule(
  "RES-15",
  "Images are pulled through from allowed upstreams",
  "The upstream of every pull-through cache is in allowedUpstreamRegistries, or a private registry of an allowed region.",
  (found, graph, params) => {
    const list = params.allowedUpstreamRegistries ?? [];
    const accepted = new Set(list.map((entry) => hostOf(entry).toLowerCase()));
    for (const cache of ofType(graph, "ecr.PullThroughCacheRule")) {
      found.concerns();
      const url = lookup(cache.props, "upstreamRegistryUrl");
      if (url.state !== "known") {
        found.unknown(cache, "upstreamRegistryUrl", "the upstream is not known yet");
        continue;
      }
      const host = hostOf(asText(url.value)).toLowerCase();
      const region = host.includes(".dkr.ecr.") ? regionOfHost(host) : null;
      if (accepted.has(host) || (region !== null && boundary(params)?.has(region))) continue;
      found.violation(
        cache,
        "upstreamRegistryUrl",
        `images come from ${host}; allowed: ${list.join(", ") || "none, allowedUpstreamRegistries is empty"}`,
        url.value,
        "copy the images to a registry of your own, or name the upstream in allowedUpstreamRegistries after review",
      );
    }
  },
);
