/** S3-02: a bucket refuses requests without TLS. */
import { lookup } from "../../../graph/index.ts";
import { rule, stray } from "../helpers.ts";
import { policyStatements, type Statement } from "../policy-document.ts";
import { asText } from "../text.ts";
import { buckets, placesOf } from "./bucket.ts";

export const tlsRule = rule(
  "S3-02",
  "Buckets accept TLS only",
  "A policy denies s3:* to everyone on the bucket and on its objects where aws:SecureTransport is false.",
  (found, graph) => {
    for (const bucket of buckets(graph)) {
      found.concerns();
      const policies = placesOf(graph, bucket, "policy");
      const documents = policies.map(({ resource, path }) => {
        const value = lookup(resource.props, path);
        // A policy resource without a policy denies nothing.
        if (value.state === "absent") return [];
        return value.state === "known" ? policyStatements(value.value) : null;
      });
      const name = lookup(bucket.props, "bucket");
      const known = name.state === "known" ? asText(name.value) : null;
      if (documents.some((statements) => statements?.some((entry) => refusesPlainText(entry, known))))
        continue;
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
);

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
