/** S3-01, 06, 07 and 09: who may reach a bucket. */
import { lookup } from "../../../graph/index.ts";
import { elements, isTrue, ofType, rule, siblingsOf, stray } from "../helpers.ts";
import { judgePublic } from "../public-policy.ts";
import { asText } from "../text.ts";
import { below, buckets, missing, placesOf } from "./bucket.ts";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const publicAccessBlockRule = rule(
  "S3-01",
  "Buckets block public access",
  "The four block flags of each bucket are true.",
  (found, graph) => {
    const blocks = [...ofType(graph, "s3.BucketPublicAccessBlock", "s3.AccountPublicAccessBlock")];
    for (const block of blocks) {
      for (const flag of FLAGS) found.require(block, flag, isTrue, `${flag} must be true`, `${flag}: true`);
    }
    const account = ofType(graph, "s3.AccountPublicAccessBlock").length > 0;
    for (const bucket of buckets(graph)) {
      found.concerns();
      if (account || siblingsOf(graph, bucket, "s3.BucketPublicAccessBlock", "bucket", "bucket").length > 0)
        continue;
      if (stray(graph, "s3.BucketPublicAccessBlock", "bucket")) {
        found.unknown(bucket, "", "a public access block names a bucket that is not known yet");
      } else
        found.violation(
          bucket,
          "",
          "the bucket has no public access block",
          null,
          "add a BucketPublicAccessBlock with the four flags true",
        );
    }
  },
);

/** Canned lists that name the owner, AWS's log delivery, or EC2's own account, and nobody else. */
const PRIVATE = [
  "private",
  "bucket-owner-read",
  "bucket-owner-full-control",
  "aws-exec-read",
  "log-delivery-write",
];
const isPrivate = (value: unknown) => PRIVATE.includes(asText(value));
/** The groups of every person, and of every AWS account. */
const isOpenGroup = (uri: unknown) => /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/.test(asText(uri));

/**
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html (canned lists and groups).
 * Without a list a bucket is private.
 */
export const publicAclRule = rule(
  "S3-06",
  "No access control list is public",
  "No canned list is public, and no grant names AllUsers or AuthenticatedUsers.",
  (found, graph) => {
    for (const resource of [...buckets(graph), ...ofType(graph, "s3.BucketAcl")]) {
      found.require(
        resource,
        "acl",
        isPrivate,
        `the canned list opens the bucket; allowed: ${PRIVATE.join(", ")}`,
        "acl: private",
        "pass",
      );
      for (const [list, uri] of [
        ["grants", "uri"],
        ["accessControlPolicy.grants", "grantee.uri"],
      ] as const) {
        const grants = elements(resource, list);
        if (grants === null) found.unknown(resource, list, "the grants are not known yet");
        for (const grant of grants ?? [])
          found.require(
            resource,
            `${grant.path}.${uri}`,
            (value) => !isOpenGroup(value),
            "the grant is for everyone",
            "grant to accounts, or write a bucket policy",
            "pass",
          );
      }
    }
  },
);

export const publicPolicyRule = rule(
  "S3-07",
  "No bucket policy is open to everyone",
  "No Allow for Principal * without a condition that narrows the circle.",
  (found, graph) => {
    for (const resource of [...ofType(graph, "s3.BucketPolicy"), ...buckets(graph)]) {
      const value = lookup(resource.props, "policy");
      if (value.state === "absent") continue;
      found.concerns();
      judgePublic(found, resource, value);
    }
  },
);

/** New buckets have this setting since April 2023; older ones do not, so it is to be stated. */
export const ownershipRule = rule(
  "S3-09",
  "Buckets have no access control lists",
  "Object ownership is BucketOwnerEnforced, which switches access control lists off; it is stated, for only buckets made since April 2023 have it by default.",
  (found, graph) => {
    for (const bucket of buckets(graph)) {
      found.concerns();
      const places = placesOf(graph, bucket, "ownership");
      for (const { resource, path } of places)
        found.require(
          resource,
          below(path, "rule.objectOwnership"),
          (value) => value === "BucketOwnerEnforced",
          "objects may belong to others than the bucket's owner; allowed: BucketOwnerEnforced",
          "objectOwnership: BucketOwnerEnforced",
        );
      if (places.length === 0)
        missing(
          found,
          graph,
          bucket,
          "ownership",
          "object ownership is not stated",
          "add BucketOwnershipControls with objectOwnership: BucketOwnerEnforced",
        );
    }
  },
);
