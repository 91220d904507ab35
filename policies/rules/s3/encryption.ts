/** S3-03: what is stored is encrypted with an own key. */
import { lookup } from "../../../graph/index.ts";
import { requireKey, rule } from "../helpers.ts";
import { asText } from "../text.ts";
import { buckets, missing, placesOf, takesServiceLogs } from "./bucket.ts";

export const encryptionRule = rule(
  "S3-03",
  "Buckets are encrypted with an own key",
  "Default encryption is aws:kms or aws:kms:dsse with a named key; buckets that take in S3 access logs or load balancer logs may use AES256, for those services cannot write with KMS keys.",
  (found, graph) => {
    for (const bucket of buckets(graph)) {
      found.concerns();
      const places = placesOf(graph, bucket, "encryption");
      if (places.length === 0)
        missing(
          found,
          graph,
          bucket,
          "encryption",
          "the bucket names no default encryption",
          "add a BucketServerSideEncryptionConfiguration with aws:kms and a key",
        );
      for (const { resource, path: base } of places) {
        const path = `${base}.sseAlgorithm`;
        const algorithm = lookup(resource.props, path);
        if (algorithm.state === "unknown" || algorithm.state === "secret")
          found.unknown(resource, path, "the algorithm is not known yet");
        else if (
          algorithm.state === "known" &&
          algorithm.value === "AES256" &&
          takesServiceLogs(graph, bucket)
        )
          continue;
        else if (algorithm.state === "absent" || !/^aws:kms(:dsse)?$/.test(asText(algorithm.value)))
          found.violation(
            resource,
            path,
            "the default encryption must be aws:kms with a named key",
            algorithm.state === "known" ? algorithm.value : null,
            "sseAlgorithm: aws:kms",
          );
        else
          requireKey(found, resource, `${base}.kmsMasterKeyId`, graph, "kmsMasterKeyId: the ARN of your key");
      }
    }
  },
);
