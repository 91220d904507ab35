import type { Lookup, Resource } from "../../graph/index.ts";
import type { Found } from "./helpers.ts";
import { isPublic, policyStatements } from "./policy-document.ts";

/** Judges a resource policy that stands in `policy`: each statement that allows everyone is a violation. */
export function judgePublic(found: Found, resource: Resource, value: Lookup): void {
  const statements = value.state === "known" ? policyStatements(value.value) : null;
  if (statements === null) found.unknown(resource, "policy", "the policy is not known yet");
  for (const statement of statements ?? []) {
    if (isPublic(statement))
      found.violation(
        resource,
        `policy.Statement[${statement.index}]`,
        "the statement allows everyone",
        statement.actions,
        "name a principal, or add a condition such as aws:PrincipalOrgID",
      );
  }
}
