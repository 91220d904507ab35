import { containsUnknown, isSecret, isUnknown } from "../../graph/index.ts";
import { asText } from "./text.ts";

export interface Statement {
  effect: "Allow" | "Deny";
  /** "*" , or principals as `AWS:arn…`, `Service:…`. */
  principals: string[];
  /** NotPrincipal: an Allow with it is for everyone but these. */
  notPrincipals: string[];
  actions: string[];
  /** NotAction: an Allow with it grants every action but these. */
  notActions: string[];
  resources: string[];
  notResources: string[];
  /** Condition keys in lower case, with operator and values. */
  conditions: { operator: string; key: string; values: string[] }[];
  index: number;
}

const KEYS = [
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

const list = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
const texts = (value: unknown): string[] => list(value).map(asText);

/**
 * Statements of a policy document given as JSON text or as an object; null when it is not known or not readable.
 * Scalars and lists are the same, condition keys do not depend on case.
 */
export function policyStatements(document: unknown): Statement[] | null {
  let value = document;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      return null;
    }
  }
  if (typeof value !== "object" || value === null || isUnknown(value) || isSecret(value)) return null;
  const statements = list((value as Record<string, unknown>)["Statement"]);
  const read: Statement[] = [];
  for (const [index, entry] of statements.entries()) {
    if (typeof entry !== "object" || entry === null || isUnknown(entry)) return null;
    const statement = entry as Record<string, unknown>;
    for (const key of KEYS) {
      if (containsUnknown(statement[key])) return null;
    }
    read.push({
      effect: statement["Effect"] === "Deny" ? "Deny" : "Allow",
      principals: principals(statement["Principal"]),
      notPrincipals: principals(statement["NotPrincipal"]),
      actions: texts(statement["Action"]),
      notActions: texts(statement["NotAction"]),
      resources: texts(statement["Resource"]),
      notResources: texts(statement["NotResource"]),
      conditions: conditions(statement["Condition"]),
      index,
    });
  }
  return read;
}

function principals(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([kind, entry]) =>
    texts(entry).map((text) => (text === "*" ? "*" : `${kind}:${text}`)),
  );
}

function conditions(value: unknown): Statement["conditions"] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    typeof keys === "object" && keys !== null
      ? Object.entries(keys).map(([key, entry]) => ({
          operator: operator.toLowerCase(),
          key: key.toLowerCase(),
          values: texts(entry),
        }))
      : [],
  );
}

/** Whether a statement is for everyone, or for everyone but a list. */
export function forEveryone(statement: Statement): boolean {
  return statement.principals.includes("*") || statement.notPrincipals.length > 0;
}

/** Condition keys that narrow a statement for everyone to a known circle. */
const NARROWING =
  /^(aws:(sourceaccount|sourcearn|sourcevpc|sourcevpce|principalorgid|principalorgpaths|principalaccount|principalarn|sourceip)|kms:(viaservice|calleraccount))$/;

/** An Allow for everyone without a condition that narrows the circle. */
export function isPublic(statement: Statement): boolean {
  return (
    statement.effect === "Allow" &&
    forEveryone(statement) &&
    !statement.conditions.some(
      ({ operator, key, values }) =>
        NARROWING.test(key) &&
        !operator.includes("not") &&
        !values.includes("*") &&
        !values.includes("0.0.0.0/0"),
    )
  );
}
