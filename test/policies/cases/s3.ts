/** Buckets: the same settings inline, as resources of their own, and under their older names. */
import { type Case, type Doc, type Entry, edit, type Json, UNKNOWN, unknownAt } from "../graphs.ts";

const of = (type: string, name: string, props: Json, refs?: Entry["refs"]): Entry => ({
  type: `aws:s3/${type[0]!.toLowerCase()}${type.slice(1)}:${type}`,
  name,
  props,
  ...(refs && { refs }),
});
const doc = (...resources: Entry[]): Doc => ({ resources });
const bucket = (props: Json = {}) => of("Bucket", "data", { bucket: "data", ...props });
const older = (props: Json = {}) => of("BucketV2", "data", { bucket: "data", ...props });
/** A setting that names the bucket by its name, by a reference, and under the older name of its type. */
const forms = (type: string, props: Json, alias = true): Doc[] => [
  doc(bucket(), of(type, "setting", { bucket: "data", ...props })),
  doc(bucket({ bucket: UNKNOWN }), of(type, "setting", { bucket: UNKNOWN, ...props }, { bucket: "data" })),
  ...(alias ? [doc(older(), of(`${type}V2`, "setting", { bucket: "data", ...props }))] : []),
];
const config = (graph: Doc, values: Json): Doc => ({ ...graph, config: values });
const alone = doc(bucket());

const versioning = forms("BucketVersioning", { versioningConfiguration: { status: "Enabled" } });
const status = "versioningConfiguration.status";
const lifecycle = (...rules: unknown[]) =>
  of("BucketLifecycleConfiguration", "lifecycle", { bucket: "data", rules });
const old = (noncurrentDays: unknown, more: Json = {}) =>
  lifecycle({ id: "old", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays }, ...more });
const versioned = (...more: Entry[]): Doc =>
  config(doc(bucket({ versioning: { enabled: true } }), ...more), { maxRetentionDays: 90 });

const abort = { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
const uploads = (rule: unknown) => doc(bucket(), lifecycle(rule));

const personal = (...more: Entry[]): Doc =>
  config(doc(bucket({ tags: { "data-classification": "personal" } }), ...more), { maxRetentionDays: 90 });
const ends = (days: unknown, more: Json = {}) =>
  lifecycle({ id: "end", status: "Enabled", expiration: { days }, ...more });
const trail: Entry = { type: "aws:cloudtrail/trail:Trail", name: "trail", props: { s3BucketName: "data" } };
const lock = (rule: unknown) => of("BucketObjectLockConfiguration", "lock", { bucket: "data", rule });
const year = { defaultRetention: { mode: "COMPLIANCE", days: 365 } };

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const grants = (uri: unknown) =>
  doc(of("BucketAcl", "acl", { bucket: "data", accessControlPolicy: { grants: [{ grantee: { uri } }] } }));

export const s3Cases: Case[] = [
  {
    id: "S3-04",
    pass: [
      ...versioning,
      doc(bucket({ versioning: { enabled: true } })),
      doc(older({ versionings: [{ enabled: true }] })),
      // An empty list is no setting.
      doc(older({ versionings: [] }), versioning[2]!.resources[1]!),
      versioned(old(30)),
      versioned(old(400, { filter: { prefix: "tmp/" } }), { ...old(90), name: "second" }),
      config(
        doc(
          older({
            versionings: [{ enabled: true }],
            lifecycleRules: [{ enabled: true, noncurrentVersionExpirations: [{ days: 90 }] }],
          }),
        ),
        { maxRetentionDays: 90 },
      ),
    ],
    fail: [
      [alone, "data", ""],
      [edit(versioning[0]!, "setting", status, "Suspended"), "setting", status],
      [edit(versioning[2]!, "setting", status, "Suspended"), "setting", status],
      [edit(versioning[0]!, "setting", "bucket", "other"), "data", ""],
      [doc(bucket({ versioning: { enabled: false } })), "data", "versioning.enabled"],
      [doc(older({ versionings: [{ enabled: false }] })), "data", "versionings[0].enabled"],
      [versioned(), "data", ""],
      [versioned(old(91)), "lifecycle", "rules[0]"],
      [versioned(old(30, { status: "Disabled" })), "lifecycle", "rules[0]"],
      [versioned(old(30, { filter: { prefix: "tmp/" } })), "lifecycle", "rules[0]"],
    ],
    unknown: [
      unknownAt(versioning[0]!, "setting", status),
      unknownAt(versioning[0]!, "setting", "versioningConfiguration"),
      unknownAt(versioning[0]!, "setting", "bucket"),
      doc(bucket({ versioning: UNKNOWN })),
      versioned(old(UNKNOWN)),
      versioned(old(30, { filter: UNKNOWN })),
      versioned(of("BucketLifecycleConfiguration", "lifecycle", { bucket: "data", rules: UNKNOWN })),
    ],
    notApplicable: [doc()],
  },
  {
    id: "S3-06",
    pass: [
      alone,
      doc(bucket({ acl: "private" })),
      ...forms("BucketAcl", { acl: "log-delivery-write" }),
      grants(undefined),
      grants("http://acs.amazonaws.com/groups/s3/LogDelivery"),
      doc(bucket({ grants: [{ type: "CanonicalUser", id: "1", permissions: ["READ"] }] })),
    ],
    fail: [
      [doc(bucket({ acl: "public-read" })), "data", "acl"],
      [doc(older({ acl: "public-read-write" })), "data", "acl"],
      [doc(of("BucketAcl", "acl", { bucket: "data", acl: "authenticated-read" })), "acl", "acl"],
      [doc(of("BucketAclV2", "acl", { bucket: "data", acl: "public-read" })), "acl", "acl"],
      [grants(ALL_USERS), "acl", "accessControlPolicy.grants[0].grantee.uri"],
      [grants(ALL_USERS.replace("All", "Authenticated")), "acl", "accessControlPolicy.grants[0].grantee.uri"],
      [doc(bucket({ grants: [{ type: "Group", uri: ALL_USERS }] })), "data", "grants[0].uri"],
    ],
    unknown: [
      doc(bucket({ acl: UNKNOWN })),
      grants(UNKNOWN),
      doc(of("BucketAcl", "acl", { bucket: "data", accessControlPolicy: UNKNOWN })),
    ],
    notApplicable: [doc()],
  },
  {
    id: "S3-08",
    pass: [
      uploads(abort),
      uploads({ ...abort, filter: {} }),
      uploads({ ...abort, filter: { prefix: "" } }),
      ...forms("BucketLifecycleConfiguration", { rules: [{ status: "Disabled" }, abort] }),
      doc(bucket({ lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }] })),
    ],
    fail: [
      [alone, "data", ""],
      [uploads({ status: "Enabled", expiration: { days: 30 } }), "lifecycle", "rules[0]"],
      [uploads({ ...abort, status: "Disabled" }), "lifecycle", "rules[0]"],
      [uploads({ ...abort, filter: { prefix: "logs/" } }), "lifecycle", "rules[0]"],
      [uploads({ ...abort, prefix: "logs/" }), "lifecycle", "rules[0]"],
      [uploads({ ...abort, filter: { and: { tags: { a: "b" } } } }), "lifecycle", "rules[0]"],
      [
        doc(bucket({ lifecycleRules: [{ enabled: false, abortIncompleteMultipartUploadDays: 7 }] })),
        "data",
        "lifecycleRules[0]",
      ],
    ],
    unknown: [
      uploads({ ...abort, status: UNKNOWN }),
      uploads({ ...abort, filter: { prefix: UNKNOWN } }),
      uploads({ ...abort, abortIncompleteMultipartUpload: UNKNOWN }),
      doc(bucket({ lifecycleRules: UNKNOWN })),
    ],
    notApplicable: [doc()],
  },
  {
    id: "S3-09",
    pass: forms("BucketOwnershipControls", { rule: { objectOwnership: "BucketOwnerEnforced" } }, false),
    fail: [
      [alone, "data", ""],
      ...(["BucketOwnerPreferred", "ObjectWriter", null].map((objectOwnership) => [
        forms("BucketOwnershipControls", { rule: { objectOwnership } }, false)[0]!,
        "setting",
        "rule.objectOwnership",
      ]) as Case["fail"]),
    ],
    unknown: [
      forms("BucketOwnershipControls", { rule: { objectOwnership: UNKNOWN } }, false)[0]!,
      doc(bucket(), of("BucketOwnershipControls", "setting", { bucket: UNKNOWN, rule: {} })),
    ],
    notApplicable: [doc()],
  },
  {
    id: "S3-10",
    pass: [
      doc(bucket({ tags: { "freehold:data": "audit" } }), lock(year)),
      doc(bucket(), trail, lock({ defaultRetention: { mode: "GOVERNANCE", years: 6 } })),
      doc(bucket({ objectLockConfiguration: { rule: year } }), trail),
      doc(older({ objectLockConfiguration: { rules: [{ defaultRetentions: [{ days: 30 }] }] } }), trail),
      personal(ends(90)),
      config(
        doc(
          bucket({
            tags: { "freehold:data": "prompts" },
            lifecycleRules: [{ enabled: true, expiration: { days: 30 } }],
          }),
        ),
        { maxRetentionDays: 30 },
      ),
    ],
    fail: [
      [doc(bucket({ tags: { "freehold:data": "audit" } })), "data", ""],
      [doc(bucket(), trail), "data", ""],
      [doc(bucket(), trail, lock({})), "lock", "rule.defaultRetention"],
      [personal(), "data", ""],
      [personal(ends(91)), "lifecycle", "rules[0]"],
      [personal(ends(30, { status: "Disabled" })), "lifecycle", "rules[0]"],
      [personal(ends(30, { filter: { tag: { key: "a", value: "b" } } })), "lifecycle", "rules[0]"],
      // A lock would keep what Article 17 says is to be erased.
      [personal(ends(30), lock(year)), "lock", "rule.defaultRetention"],
    ],
    unknown: [
      { ...personal(ends(30)), config: {} },
      personal(ends(UNKNOWN)),
      doc(bucket({ tags: UNKNOWN })),
      doc(bucket(), trail, lock({ defaultRetention: { days: UNKNOWN } })),
      doc(bucket(), trail, of("BucketObjectLockConfiguration", "lock", { bucket: UNKNOWN, rule: year })),
    ],
    notApplicable: [alone, doc(bucket({ tags: { "data-classification": "public" } }))],
  },
];
