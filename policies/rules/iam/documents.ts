/** What identity policies grant, read as IAM evaluates them. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { elements, type Found, ofType } from "../helpers.ts";
import { policyStatements, type Statement } from "../policy-document.ts";

/** An identity policy, on its own or inline in a role. `statements` is null when it is not known. */
export interface Document {
  resource: Resource;
  path: string;
  statements: Statement[] | null;
}

const read = new WeakMap<ResourceGraph, Document[]>();

/** Every identity policy of the graph. */
export function identityPolicies(graph: ResourceGraph): Document[] {
  let found = read.get(graph);
  if (found === undefined) {
    found = [
      ...ofType(graph, "iam.Policy", "iam.RolePolicy", "iam.UserPolicy", "iam.GroupPolicy").map((resource) =>
        documentAt(resource, "policy"),
      ),
      ...ofType(graph, "iam.Role").flatMap((role) => {
        const list = elements(role, "inlinePolicies");
        if (list === null) return [{ resource: role, path: "inlinePolicies", statements: null }];
        return list.map((entry) => documentAt(role, `${entry.path}.policy`));
      }),
    ];
    read.set(graph, found);
  }
  return found;
}

/** The policy document at a path; one that is absent grants nothing. */
export function documentAt(resource: Resource, path: string): Document {
  const value = lookup(resource.props, path);
  const statements =
    value.state === "absent" ? [] : value.state === "known" ? policyStatements(value.value) : null;
  return { resource, path, statements };
}

/** Holds every statement that allows something to a test of what it must not grant. */
export function forbid(
  found: Found,
  graph: ResourceGraph,
  grants: (statement: Statement) => boolean,
  message: string,
  fix: string,
): void {
  for (const { resource, path, statements } of identityPolicies(graph)) {
    found.concerns();
    if (statements === null) found.unknown(resource, path, "the policy is not known yet");
    for (const statement of statements ?? []) {
      if (statement.effect !== "Allow" || !grants(statement)) continue;
      const value = { statement: statement.index, actions: granted(statement) };
      found.violation(resource, path, `statement ${statement.index}: ${message}`, value, fix);
    }
  }
}

const granted = ({ actions, notActions }: Statement) =>
  notActions.length > 0 ? [`every action but ${notActions.join(", ")}`] : actions;

/** Whether a statement reaches every resource of a service ("*": of every service). */
export function onEverything(statement: Statement, service: string): boolean {
  return (
    statement.notResources.length > 0 ||
    statement.resources.some((resource) => {
      if (/^\*+$/.test(resource)) return true;
      const match = /^arn:[^:]*:([^:]*):([*:]*)$/.exec(resource);
      return match !== null && match[2]!.endsWith("*") && [service, "*"].includes(match[1]!.toLowerCase());
    })
  );
}

/** Whether a statement grants an action, wildcards and NotAction included. */
export function grantsAction(statement: Statement, action: string): boolean {
  if (statement.notActions.length > 0)
    return !statement.notActions.some((pattern) => matches(pattern, action));
  return statement.actions.some((pattern) => matches(pattern, action));
}

/** IAM's wildcards: * for any text, ? for one character; actions do not depend on case. */
function matches(pattern: string, action: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, "i").test(action);
}
