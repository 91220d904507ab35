import { lookup } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { isTrue, ofType, rule } from "./helpers.ts";
import { isPublic, policyStatements } from "./policy-document.ts";

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
];
