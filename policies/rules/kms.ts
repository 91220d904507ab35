import { lookup } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { isTrue, ofType, rule, siblingsOf, stray } from "./helpers.ts";
import { isPublic, policyStatements } from "./policy-document.ts";
import { asNumber } from "./text.ts";

/** Least days between the order to delete a key and its end; AWS allows 7 to 30 and takes 30 unless told. */
const LEAST_WINDOW = 14;

export const kmsRules: Rule[] = [
  rule("KMS-01", "Keys rotate", "Symmetric encryption keys rotate.", (found, graph) => {
    for (const key of ofType(graph, "kms.Key")) {
      const spec = lookup(key.props, "customerMasterKeySpec");
      const usage = lookup(key.props, "keyUsage");
      const symmetric =
        (spec.state === "absent" || (spec.state === "known" && spec.value === "SYMMETRIC_DEFAULT")) &&
        (usage.state === "absent" || (usage.state === "known" && usage.value === "ENCRYPT_DECRYPT"));
      if (spec.state === "known" && spec.value !== "SYMMETRIC_DEFAULT") continue;
      if (usage.state === "known" && usage.value !== "ENCRYPT_DECRYPT") continue;
      if (!symmetric) {
        found.unknown(key, "customerMasterKeySpec", "the kind of key is not known yet");
        continue;
      }
      found.require(key, "enableKeyRotation", isTrue, "the key does not rotate", "enableKeyRotation: true");
    }
  }),
  rule("KMS-02", "Key policies name their principals", "No key policy allows everyone.", (found, graph) => {
    for (const resource of [...ofType(graph, "kms.Key"), ...ofType(graph, "kms.KeyPolicy")]) {
      const value = lookup(resource.props, "policy");
      if (value.state === "absent") {
        // AWS then gives the account's own root the key, and no one else.
        if (resource.type.endsWith(":Key")) found.concerns();
        continue;
      }
      found.concerns();
      const statements = value.state === "known" ? policyStatements(value.value) : null;
      if (statements === null) found.unknown(resource, "policy", "the key policy is not known yet");
      for (const statement of statements ?? []) {
        if (isPublic(statement) || (statement.effect === "Allow" && statement.principals.includes("AWS:*"))) {
          found.violation(
            resource,
            `policy.Statement[${statement.index}]`,
            "the statement gives everyone the key",
            statement.principals,
            "name the principals",
          );
        }
      }
    }
  }),
  rule(
    "KMS-03",
    "Keys are enabled and end slowly",
    `Keys are not disabled, and ${LEAST_WINDOW} days or more pass between the order to delete one and its end.`,
    (found, graph) => {
      for (const key of ofType(graph, "kms.Key")) {
        found.require(key, "isEnabled", isTrue, "the key is disabled", "isEnabled: true", "pass");
        found.require(
          key,
          "deletionWindowInDays",
          (value) => asNumber(value) >= LEAST_WINDOW,
          `a deletion by mistake is noticed too late; allowed: ${LEAST_WINDOW} to 30 days`,
          "deletionWindowInDays: 30",
          "pass",
        );
      }
    },
  ),
  rule(
    "KMS-04",
    "Key policies are stated",
    "Each key has a policy, its own or a KeyPolicy, and the check that keeps the key's administrators from locking themselves out is not bypassed.",
    (found, graph) => {
      for (const key of ofType(graph, "kms.Key")) {
        const policies = siblingsOf(graph, key, "kms.KeyPolicy", "keyId", "keyId");
        for (const resource of [key, ...policies])
          found.require(
            resource,
            "bypassPolicyLockoutSafetyCheck",
            (value) => !isTrue(value),
            "the check against locking oneself out is bypassed",
            "bypassPolicyLockoutSafetyCheck: false",
            "pass",
          );
        if (lookup(key.props, "policy").state === "absent" && policies.length === 0) {
          if (stray(graph, "kms.KeyPolicy", "keyId"))
            found.unknown(key, "", "a key policy names a key that is not known yet");
          else
            found.violation(
              key,
              "policy",
              "the key has no policy of its own",
              null,
              "policy: who may use the key",
            );
        } else if (policies.length === 0)
          found.require(
            key,
            "policy",
            (value) => value !== "",
            "the key has no policy of its own",
            "policy: who may use the key",
          );
      }
    },
  ),
];
