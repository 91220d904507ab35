/** S3-04, 08 and 10: how long objects, their old versions and parts of uploads stay. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { dataLabel } from "../data-labels.ts";
import { type Found, rule } from "../helpers.ts";
import { asNumber, asText } from "../text.ts";
import {
  below,
  buckets,
  type Days,
  type LifecycleRule,
  lifecycleOf,
  missing,
  placesOf,
  takesAuditLogs,
} from "./bucket.ts";

/** How the rules of a lifecycle meet a bound on a number of days. */
type Bound = "met" | "unknown" | LifecycleRule | undefined;

/**
 * Whether an enabled rule for every object keeps a number of days to a bound: "met", "unknown", else the rule that
 * names a larger number, or undefined where none names one.
 */
function bounded(rules: LifecycleRule[], days: (rule: LifecycleRule) => Days, most: number): Bound {
  const everywhere = rules.filter((entry) => entry.everywhere !== false && days(entry) !== null);
  const holds = (entry: LifecycleRule) => {
    const number = days(entry);
    return typeof number === "number" && number <= most;
  };
  if (everywhere.some((entry) => entry.everywhere === true && holds(entry))) return "met";
  if (everywhere.some((entry) => days(entry) === "unknown" || (entry.everywhere === null && holds(entry))))
    return "unknown";
  return everywhere[0];
}

/** Judges a bucket's lifecycle by a bound; `path` below the rule is blamed where a rule names too many days. */
function requireBound(
  found: Found,
  graph: ResourceGraph,
  bucket: Resource,
  days: (rule: LifecycleRule) => Days,
  most: number,
  message: string,
  fix: string,
): void {
  found.concerns();
  const rules = lifecycleOf(graph, bucket);
  if (rules === null) {
    found.unknown(bucket, "", "the lifecycle rules are not known yet");
    return;
  }
  const bound = bounded(rules, days, most);
  if (bound === "met") return;
  if (bound === "unknown")
    found.unknown(bucket, "", "a number or a filter of the lifecycle rules is not known yet");
  else if (bound) found.violation(bound.resource, bound.path, message, days(bound), fix);
  else if (rules.length > 0) found.violation(rules[0]!.resource, rules[0]!.path, message, null, fix);
  else missing(found, graph, bucket, "lifecycle", message, fix);
}

/** Old versions are data, too: where maxRetentionDays is set they have to end by then. */
export const versioningRule = rule(
  "S3-04",
  "Buckets keep versions",
  "Versioning is Enabled. Where maxRetentionDays is set, an enabled lifecycle rule for every object ends old versions by then: old versions of personal data are personal data.",
  (found, graph, params) => {
    for (const bucket of buckets(graph)) {
      found.concerns();
      const places = placesOf(graph, bucket, "versioning");
      for (const { resource, path } of places) {
        const inline = resource === bucket;
        found.require(
          resource,
          below(path, inline ? "enabled" : "status"),
          (value) => asText(value) === (inline ? "true" : "Enabled"),
          "versioning is not on",
          inline ? "enabled: true" : "status: Enabled",
        );
      }
      if (places.length === 0)
        missing(
          found,
          graph,
          bucket,
          "versioning",
          "the bucket keeps no versions",
          "add a BucketVersioning with status: Enabled",
        );
      if (places.length > 0 && params.maxRetentionDays !== undefined)
        requireBound(
          found,
          graph,
          bucket,
          (entry) => entry.noncurrentDays,
          params.maxRetentionDays,
          `old versions must end within ${params.maxRetentionDays} days (maxRetentionDays)`,
          `noncurrentVersionExpiration: { noncurrentDays: ${params.maxRetentionDays} }`,
        );
    }
  },
);

export const uploadsRule = rule(
  "S3-08",
  "Unfinished uploads end",
  "An enabled lifecycle rule without a filter aborts incomplete multipart uploads.",
  (found, graph) => {
    for (const bucket of buckets(graph))
      requireBound(
        found,
        graph,
        bucket,
        (entry) => entry.abortDays,
        Number.POSITIVE_INFINITY,
        "parts of uploads that never finished stay for ever",
        "add an enabled rule without a filter: abortIncompleteMultipartUpload: { daysAfterInitiation: 7 }",
      );
  },
);

/** Buckets without a label and without a trail or flow log are not judged: their kind of data is not stated. */
export const retentionRule = rule(
  "S3-10",
  "Audit logs are locked, personal data ends",
  "Buckets of audit logs (by label, or target of a trail or of flow logs) have a default object lock. Buckets labelled personal data have none, and an enabled lifecycle rule for every object ends objects within maxRetentionDays.",
  (found, graph, params) => {
    for (const bucket of buckets(graph)) {
      const label = dataLabel(bucket);
      if (label === "unknown") found.unknown(bucket, "tags", "the labels of the bucket are not known yet");
      else if (label === "personal") {
        personal(found, graph, bucket, params.maxRetentionDays);
      } else if (label === "audit" || takesAuditLogs(graph, bucket)) audit(found, graph, bucket);
    }
  },
);

function audit(found: Found, graph: ResourceGraph, bucket: Resource): void {
  found.concerns();
  const places = placesOf(graph, bucket, "lock");
  const fix = "add a BucketObjectLockConfiguration with rule.defaultRetention";
  for (const { resource, path } of places) {
    const spans = ["days", "years"].map((unit) => lookup(resource.props, below(path, unit)));
    if (spans.some((span) => span.state === "known" && asNumber(span.value) > 0)) continue;
    if (spans.some(({ state }) => state === "unknown" || state === "secret"))
      found.unknown(resource, path, "the retention is not known yet");
    else found.violation(resource, path, "audit logs can be changed: the lock names no retention", null, fix);
  }
  if (places.length === 0)
    missing(found, graph, bucket, "lock", "audit logs can be changed: the bucket has no object lock", fix);
}

function personal(found: Found, graph: ResourceGraph, bucket: Resource, most: number | undefined): void {
  found.concerns();
  for (const { resource, path } of placesOf(graph, bucket, "lock"))
    found.violation(
      resource,
      path,
      "a lock keeps personal data from being erased",
      null,
      "remove the object lock",
    );
  if (most === undefined)
    found.unknown(bucket, "", "maxRetentionDays is not set, so there is no bound to hold personal data to");
  else
    requireBound(
      found,
      graph,
      bucket,
      (entry) => entry.expireDays,
      most,
      `personal data must end within ${most} days (maxRetentionDays)`,
      `expiration: { days: ${most} }`,
    );
}
