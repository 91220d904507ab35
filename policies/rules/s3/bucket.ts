/**
 * The effective model of a bucket: each setting may be a property of the bucket or a resource of its own that names
 * the bucket, in today's or the older (V2) spelling. Rules see both alike.
 */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { elements, type Found, ofType, refsAt, siblingsOf, stray } from "../helpers.ts";
import { asText } from "../text.ts";

/** Where a setting of a bucket stands: the resource, and the path below its properties. */
export interface Place {
  resource: Resource;
  path: string;
}

/** A kind of setting: the resource that holds it, and the properties of a bucket that may hold it. */
interface Kind {
  type: string;
  /** Path below the separate resource; "" for the resource itself. */
  separate: string;
  /** Inline properties, today's first. */
  inline: readonly string[];
  /** For messages. */
  name: string;
}

export const KINDS = {
  policy: { type: "s3.BucketPolicy", separate: "policy", inline: ["policy"], name: "a bucket policy" },
  versioning: {
    type: "s3.BucketVersioning",
    separate: "versioningConfiguration",
    inline: ["versioning", "versionings[0]"],
    name: "a versioning configuration",
  },
  encryption: {
    type: "s3.BucketServerSideEncryptionConfiguration",
    separate: "rules[0].applyServerSideEncryptionByDefault",
    inline: [
      "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault",
      "serverSideEncryptionConfigurations[0].rules[0].applyServerSideEncryptionByDefaults[0]",
    ],
    name: "an encryption configuration",
  },
  logging: {
    type: "s3.BucketLogging",
    separate: "",
    inline: ["logging", "loggings[0]"],
    name: "a logging configuration",
  },
  acl: { type: "s3.BucketAcl", separate: "", inline: [], name: "an access control list" },
  ownership: {
    type: "s3.BucketOwnershipControls",
    separate: "",
    inline: [],
    name: "an ownership configuration",
  },
  lifecycle: {
    type: "s3.BucketLifecycleConfiguration",
    separate: "rules",
    inline: ["lifecycleRules"],
    name: "a lifecycle configuration",
  },
  lock: {
    type: "s3.BucketObjectLockConfiguration",
    separate: "rule.defaultRetention",
    inline: [
      "objectLockConfiguration.rule.defaultRetention",
      "objectLockConfiguration.rules[0].defaultRetentions[0]",
    ],
    name: "an object lock configuration",
  },
} as const satisfies Record<string, Kind>;

/** Every bucket of the graph. */
export function buckets(graph: ResourceGraph): Resource[] {
  return ofType(graph, "s3.Bucket");
}

/** Where a bucket's setting stands; separate resources first. Empty when nothing of the graph sets it. */
export function placesOf(graph: ResourceGraph, bucket: Resource, kind: keyof typeof KINDS): Place[] {
  const { type, separate, inline } = KINDS[kind];
  const places = siblingsOf(graph, bucket, type, "bucket", "bucket").map(
    (resource): Place => ({ resource, path: separate }),
  );
  const given = inline.filter((path) => isGiven(bucket, path.split(/[.[]/)[0]!));
  // Where the property is there without the part that a rule reads, the first spelling is blamed.
  const path = given.find((spelling) => lookup(bucket.props, spelling).state !== "absent") ?? given[0];
  return path === undefined ? places : [...places, { resource: bucket, path }];
}

function isGiven(bucket: Resource, property: string): boolean {
  const found = lookup(bucket.props, property);
  return (
    found.state !== "absent" &&
    !(found.state === "known" && Array.isArray(found.value) && found.value.length === 0)
  );
}

/**
 * A bucket for which nothing of the graph sets a thing: a violation, or unknown where a resource of that kind names
 * a bucket that is not known yet.
 */
export function missing(
  found: Found,
  graph: ResourceGraph,
  bucket: Resource,
  kind: keyof typeof KINDS,
  message: string,
  fix: string,
): void {
  const { type, name } = KINDS[kind];
  if (stray(graph, type, "bucket")) found.unknown(bucket, "", `${name} names a bucket that is not known yet`);
  else found.violation(bucket, "", message, null, fix);
}

/** `base` with a property below it; `base` may be the resource itself. */
export function below(base: string, property: string): string {
  return base === "" ? property : `${base}.${property}`;
}

/** One rule of a bucket's lifecycle, in the words of the separate resource. */
export interface LifecycleRule {
  resource: Resource;
  path: string;
  /** Enabled and for every object; null when that is not known. */
  everywhere: boolean | null;
  abortDays: Days;
  expireDays: Days;
  noncurrentDays: Days;
}

/** A number of days; null = absent, "unknown" = not known yet. */
export type Days = number | null | "unknown";

/** The lifecycle rules of a bucket; null when a list of them is not known. */
export function lifecycleOf(graph: ResourceGraph, bucket: Resource): LifecycleRule[] | null {
  const rules: LifecycleRule[] = [];
  for (const { resource, path } of placesOf(graph, bucket, "lifecycle")) {
    const list = elements(resource, path);
    if (list === null) return null;
    for (const entry of list) rules.push(readRule(resource, entry.path));
  }
  return rules;
}

function readRule(resource: Resource, path: string): LifecycleRule {
  const days = (...properties: string[]): Days => {
    for (const property of properties) {
      const { state } = lookup(resource.props, `${path}.${property}`);
      if (state === "unknown" || state === "secret") return "unknown";
      if (state === "absent") continue;
      const found = lookup(resource.props, `${path}.${property}`);
      const value = found.state === "known" ? Number(asText(found.value)) : Number.NaN;
      if (value > 0) return value;
    }
    return null;
  };
  return {
    resource,
    path,
    everywhere: isEverywhere(resource, path),
    abortDays: days(
      "abortIncompleteMultipartUpload.daysAfterInitiation",
      "abortIncompleteMultipartUploadDays",
    ),
    expireDays: days("expiration.days", "expirations[0].days"),
    noncurrentDays: days(
      "noncurrentVersionExpiration.noncurrentDays",
      "noncurrentVersionExpiration.days",
      "noncurrentVersionExpirations[0].days",
    ),
  };
}

const FILTERS = ["prefix", "tags", "filter.prefix", "filter.tag", "filter.and"];
const SIZES = ["filter.objectSizeGreaterThan", "filter.objectSizeLessThan"];

function isEverywhere(resource: Resource, path: string): boolean | null {
  const at = (property: string) => lookup(resource.props, `${path}.${property}`);
  const switches = [at("status"), at("enabled")];
  const on = switches.some(
    (found) => found.state === "known" && ["Enabled", "true"].includes(asText(found.value)),
  );
  const hidden = (state: string) => state === "unknown" || state === "secret";
  if (!on) return switches.some(({ state }) => hidden(state)) ? null : false;
  const limits = [...FILTERS, ...SIZES].map(at);
  if (limits.some((found) => found.state === "known" && found.value !== "" && asText(found.value) !== "{}"))
    return false;
  return limits.some(({ state }) => hidden(state)) ? null : true;
}

/** Buckets that take in logs. */
interface LogTargets {
  /** Of S3 server access logs and of load balancers, which cannot write with KMS keys. */
  service: Targets;
  /** Of trails and flow logs. */
  audit: Targets;
}
interface Targets {
  names: Set<string>;
  urns: Set<string>;
}

const targets = new WeakMap<ResourceGraph, LogTargets>();

function logTargets(graph: ResourceGraph): LogTargets {
  let index = targets.get(graph);
  if (index === undefined) {
    const empty = (): Targets => ({ names: new Set(), urns: new Set() });
    index = { service: empty(), audit: empty() };
    const take = (resource: Resource, path: string, into: Targets) => {
      const found = lookup(resource.props, path);
      if (found.state === "absent") return;
      const name =
        found.state === "known"
          ? asText(found.value)
              .replace(/^arn:[^:]*:s3:::/, "")
              .split("/")[0]
          : "";
      if (name) into.names.add(name);
      for (const urn of refsAt(resource, path)) into.urns.add(urn);
    };
    const { service, audit } = index;
    for (const logging of ofType(graph, "s3.BucketLogging")) take(logging, "targetBucket", service);
    for (const bucket of buckets(graph))
      for (const path of KINDS.logging.inline) take(bucket, `${path}.targetBucket`, service);
    for (const balancer of ofType(graph, "lb.LoadBalancer", "alb.LoadBalancer", "elb.LoadBalancer"))
      take(balancer, "accessLogs.bucket", service);
    for (const trail of ofType(graph, "cloudtrail.Trail")) take(trail, "s3BucketName", audit);
    for (const flow of ofType(graph, "ec2.FlowLog"))
      if (flow.props["logDestinationType"] === "s3") take(flow, "logDestination", audit);
    targets.set(graph, index);
  }
  return index;
}

function isTarget({ names, urns }: Targets, bucket: Resource): boolean {
  const name = lookup(bucket.props, "bucket");
  return urns.has(bucket.urn) || (name.state === "known" && names.has(asText(name.value)));
}

/** Whether services that cannot write with KMS keys put their logs into a bucket. */
export function takesServiceLogs(graph: ResourceGraph, bucket: Resource): boolean {
  return isTarget(logTargets(graph).service, bucket);
}

/** Whether a trail or flow logs go into a bucket. */
export function takesAuditLogs(graph: ResourceGraph, bucket: Resource): boolean {
  return isTarget(logTargets(graph).audit, bucket);
}
