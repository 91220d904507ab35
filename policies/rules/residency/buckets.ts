/** Buckets: copies in other regions, and entrances outside of any. */
import { lookup } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { elements, ofType, rule } from "../helpers.ts";
import { asText } from "../text.ts";
import { judge, judgeName, judgeTarget, OUTSIDE } from "./boundary.ts";
import { arnsIn } from "./regions.ts";

export const bucketReplication: Rule = rule(
  "RES-06",
  "Buckets replicate inside the boundary",
  "Each replication destination is provably in an allowed region.",
  (found, graph, params) => {
    const sources = [
      ...ofType(graph, "s3.BucketReplicationConfig").map((resource) => ({ resource, path: "rules" })),
      ...ofType(graph, "s3.Bucket").map((resource) => ({ resource, path: "replicationConfiguration.rules" })),
    ];
    for (const { resource, path } of sources) {
      const rules = elements(resource, path);
      if (rules === null) found.unknown(resource, path, "the replication rules are not known yet");
      for (const entry of rules ?? []) {
        const at = `${entry.path}.destination.bucket`;
        if (lookup(resource.props, at).state === "absent")
          found.unknown(resource, at, "the rule names no destination");
        else judgeTarget(found, resource, at, graph, params, "the destination's region", "s3.Bucket");
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
);

/** The provider may name the region of a member in its outputs only; then the bucket's own region tells. */
export const multiRegionAccessPoint: Rule = rule(
  "RES-07",
  "No access point beyond the boundary",
  "Every bucket behind a Multi-Region Access Point is in an allowed region.",
  (found, graph, params) => {
    for (const point of ofType(graph, "s3control.MultiRegionAccessPoint")) {
      found.concerns();
      const members = elements(point, "details.regions");
      if (members === null || members.length === 0)
        found.unknown(point, "details.regions", "the buckets behind the access point are not known yet");
      for (const { path } of members ?? []) {
        if (judgeName(found, point, `${path}.region`, params, "a bucket in")) continue;
        const at = `${path}.bucket`;
        if (lookup(point.props, at).state === "absent") found.unknown(point, at, "no bucket is named");
        else judgeTarget(found, point, at, graph, params, "a bucket in", "s3.Bucket");
      }
    }
  },
);

export const transferAcceleration: Rule = rule(
  "RES-08",
  "No transfer acceleration",
  "No bucket takes data in through edge sites: accelerationStatus is absent or Suspended, inline and as a resource of its own.",
  (found, graph) => {
    const places = [
      ...ofType(graph, "s3.Bucket").map((resource) => [resource, "accelerationStatus"] as const),
      ...ofType(graph, "s3.BucketAccelerateConfiguration", "s3.BucketAccelerateConfigurationV2").map(
        (resource) => [resource, "status"] as const,
      ),
    ];
    for (const [resource, path] of places)
      found.require(
        resource,
        path,
        (value) => asText(value) !== "Enabled",
        `uploads enter through edge sites, ${OUTSIDE}`,
        "set it to Suspended",
        "pass",
      );
  },
);
