import { lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { elements, type Found, isTrue, ofType, refersTo, rule, siblingsOf, stray } from "./helpers.ts";
import { isPublic, policyStatements, type Statement } from "./policy-document.ts";
import { asText } from "./text.ts";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** Policies of a bucket, inline and separate. */
function policiesOf(graph: ResourceGraph, bucket: Resource): { resource: Resource; path: string }[] {
  const own = lookup(bucket.props, "policy").state === "absent" ? [] : [{ resource: bucket, path: "policy" }];
  return [
    ...own,
    ...siblingsOf(graph, bucket, "s3.BucketPolicy", "bucket", "bucket").map((resource) => ({
      resource,
      path: "policy",
    })),
  ];
}

/** Whether a statement refuses every request without TLS, to the bucket and to its objects. */
function refusesPlainText(statement: Statement, bucket: string | null): boolean {
  return (
    statement.effect === "Deny" &&
    statement.principals.includes("*") &&
    statement.actions.some((action) => action.toLowerCase() === "s3:*" || action === "*") &&
    statement.conditions.length > 0 &&
    // A further condition would let other requests through.
    statement.conditions.every(
      ({ operator, key, values }) =>
        operator.startsWith("bool") && key === "aws:securetransport" && values.includes("false"),
    ) &&
    covers(statement.resources, bucket, false) &&
    covers(statement.resources, bucket, true)
  );
}

/** Whether resources take in a bucket, or its objects. Without the bucket's name the form alone counts. */
function covers(resources: string[], bucket: string | null, objects: boolean): boolean {
  return resources.some((resource) => {
    const target = resource.slice(resource.lastIndexOf(":") + 1);
    if (bucket === null) return target === "*" || target.endsWith("/*") === objects;
    if (!objects) return matches(target, bucket);
    // Every object, so the pattern ends in a wildcard that takes in any key.
    return target.endsWith("*") && matches(target, `${bucket}/key`) && matches(target, `${bucket}/`);
  });
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`).test(text);
}

/** Buckets that only take in logs of services which cannot write with KMS keys. */
function takesServiceLogs(graph: ResourceGraph, bucket: Resource): boolean {
  return (
    siblingsOf(graph, bucket, "s3.BucketLogging", "targetBucket", "bucket").length > 0 ||
    ofType(graph, "lb.LoadBalancer", "alb.LoadBalancer").some((balancer) => {
      const target = lookup(balancer.props, "accessLogs.bucket");
      return target.state === "known" && target.value === bucket.props["bucket"];
    })
  );
}

export const storageRules: Rule[] = [
  rule(
    "S3-01",
    "Buckets block public access",
    "The four block flags of each bucket are true.",
    (found, graph) => {
      const blocks = [...ofType(graph, "s3.BucketPublicAccessBlock", "s3.AccountPublicAccessBlock")];
      for (const block of blocks) {
        for (const flag of FLAGS) found.require(block, flag, isTrue, `${flag} must be true`, `${flag}: true`);
      }
      const account = ofType(graph, "s3.AccountPublicAccessBlock").length > 0;
      for (const bucket of ofType(graph, "s3.Bucket")) {
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
  ),
  rule(
    "S3-02",
    "Buckets accept TLS only",
    "A policy denies s3:* to everyone on the bucket and on its objects where aws:SecureTransport is false.",
    (found, graph) => {
      for (const bucket of ofType(graph, "s3.Bucket")) {
        found.concerns();
        const policies = policiesOf(graph, bucket);
        const documents = policies.map(({ resource, path }) => {
          const value = lookup(resource.props, path);
          return value.state === "known" ? policyStatements(value.value) : null;
        });
        const name = lookup(bucket.props, "bucket");
        const denies = documents.some((statements) =>
          statements?.some((entry) =>
            refusesPlainText(entry, name.state === "known" ? asText(name.value) : null),
          ),
        );
        if (denies) continue;
        if (documents.includes(null))
          found.unknown(policies[documents.indexOf(null)]!.resource, "policy", "the policy is not known yet");
        else if (stray(graph, "s3.BucketPolicy", "bucket"))
          found.unknown(bucket, "", "a bucket policy names a bucket that is not known yet");
        else
          found.violation(
            bucket,
            "",
            "no policy refuses requests without TLS",
            null,
            'deny s3:* for "*" on the bucket and its objects (/*) where aws:SecureTransport is "false"',
          );
      }
    },
  ),
  rule(
    "S3-03",
    "Buckets are encrypted with an own key",
    "Default encryption is aws:kms or aws:kms:dsse with a named key; log-delivery buckets may use AES256.",
    (found, graph) => {
      for (const bucket of ofType(graph, "s3.Bucket")) {
        found.concerns();
        const separate = siblingsOf(
          graph,
          bucket,
          "s3.BucketServerSideEncryptionConfiguration",
          "bucket",
          "bucket",
        );
        const places = [
          ...separate.map((resource) => ({ resource, base: "rules[0].applyServerSideEncryptionByDefault" })),
          ...(lookup(bucket.props, "serverSideEncryptionConfiguration").state === "absent"
            ? []
            : [
                {
                  resource: bucket,
                  base: "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault",
                },
              ]),
        ];
        const place = places[0];
        if (!place && stray(graph, "s3.BucketServerSideEncryptionConfiguration", "bucket")) {
          found.unknown(bucket, "", "an encryption configuration names a bucket that is not known yet");
          continue;
        }
        if (!place) {
          found.violation(
            bucket,
            "",
            "the bucket names no default encryption",
            null,
            "add a BucketServerSideEncryptionConfiguration with aws:kms and a key",
          );
          continue;
        }
        const algorithm = lookup(place.resource.props, `${place.base}.sseAlgorithm`);
        const path = `${place.base}.sseAlgorithm`;
        if (algorithm.state === "unknown" || algorithm.state === "secret")
          found.unknown(place.resource, path, "the algorithm is not known yet");
        else if (
          algorithm.state === "known" &&
          algorithm.value === "AES256" &&
          takesServiceLogs(graph, bucket)
        )
          continue;
        else if (algorithm.state === "absent" || !/^aws:kms(:dsse)?$/.test(asText(algorithm.value))) {
          found.violation(
            place.resource,
            path,
            "the default encryption must be aws:kms with a named key",
            algorithm.state === "known" ? algorithm.value : null,
            "sseAlgorithm: aws:kms",
          );
        } else key(found, graph, place.resource, `${place.base}.kmsMasterKeyId`);
      }
    },
  ),
  rule(
    "S3-07",
    "No bucket policy is open to everyone",
    "No Allow for Principal * without a condition that narrows the circle.",
    (found, graph) => {
      for (const resource of [...ofType(graph, "s3.BucketPolicy"), ...ofType(graph, "s3.Bucket")]) {
        const value = lookup(resource.props, "policy");
        if (value.state === "absent") continue;
        found.concerns();
        const statements = value.state === "known" ? policyStatements(value.value) : null;
        if (statements === null) found.unknown(resource, "policy", "the policy is not known yet");
        for (const statement of statements ?? []) {
          if (isPublic(statement)) {
            found.violation(
              resource,
              `policy.Statement[${statement.index}]`,
              "the statement allows everyone",
              statement.actions,
              "name a principal, or add a condition such as aws:PrincipalOrgID",
            );
          }
        }
      }
    },
  ),
  rule(
    "STO-01",
    "Volumes are encrypted",
    "Each EBS volume, launch template and node class encrypts its devices.",
    (found, graph) => {
      for (const volume of ofType(graph, "ebs.Volume"))
        found.require(volume, "encrypted", isTrue, "the volume is not encrypted", "encrypted: true");
      for (const template of ofType(graph, "ec2.LaunchTemplate"))
        devices(found, template, "blockDeviceMappings", "ebs.encrypted");
      for (const nodeClass of graph.byType.get("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass") ?? []) {
        devices(found, nodeClass, "spec.blockDeviceMappings", "ebs.encrypted");
      }
    },
  ),
];

function devices(found: Found, resource: Resource, path: string, property: string): void {
  const list = elements(resource, path);
  found.concerns();
  if (list === null) found.unknown(resource, path, "the devices are not known yet");
  for (const entry of list ?? []) {
    if (lookup(resource.props, `${entry.path}.ebs`).state === "absent") continue;
    found.require(
      resource,
      `${entry.path}.${property}`,
      isTrue,
      "the device is not encrypted",
      `${property}: true`,
    );
  }
}

function key(found: Found, graph: ResourceGraph, resource: Resource, path: string): void {
  const value = lookup(resource.props, path);
  if (value.state === "absent")
    found.violation(
      resource,
      path,
      "no customer-managed key is named",
      null,
      "kmsMasterKeyId: the ARN of your key",
    );
  else if (value.state === "known") {
    if (/alias\/aws\//.test(asText(value.value)))
      found.violation(
        resource,
        path,
        "the AWS-managed key is used",
        value.value,
        "kmsMasterKeyId: the ARN of your key",
      );
  } else if (!refersTo(resource, path, graph, "kms.Key", "kms.Alias", "kms.ReplicaKey", "kms.ExternalKey")) {
    found.unknown(resource, path, "the key is not known yet and comes from no key of this graph");
  }
}
