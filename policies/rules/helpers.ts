import { isUnknown, lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import type { PolicyParams, Rule, RuleResult, UnknownFact, Violation } from "../types.ts";
import { asText } from "./text.ts";

/** Collects what a rule finds. A rule that looks at a resource says so with `concerns`. */
export class Found implements RuleResult {
  applicable = false;
  readonly violations: Violation[] = [];
  readonly unknowns: UnknownFact[] = [];

  concerns(): this {
    this.applicable = true;
    return this;
  }

  violation(resource: Resource, path: string, message: string, value: unknown, fix: string): void {
    this.applicable = true;
    this.violations.push({ resource, path, message, value: value ?? null, fix });
  }

  /** The same in the order in which Kubernetes rules have it: the value before the message. */
  fail(resource: Resource, path: string, value: unknown, message: string, fix: string): void {
    this.violation(resource, path, message, value, fix);
  }

  unknown(resource: Resource, path: string, why: string): void {
    this.applicable = true;
    this.unknowns.push({ resource, path, why });
  }

  /**
   * Holds one property to a test. Absent counts as a violation unless `absent` says what the provider's default
   * is; unknown and secret values are unknown.
   */
  require(
    resource: Resource,
    path: string,
    test: (value: unknown) => boolean,
    message: string,
    fix: string,
    absent: "violation" | "pass" = "violation",
  ): void {
    this.applicable = true;
    const found = lookup(resource.props, path);
    if (found.state === "unknown" || found.state === "secret")
      this.unknown(resource, path, `${path} is not known yet`);
    else if (found.state === "absent") {
      if (absent === "violation") this.violation(resource, path, message, null, fix);
    } else if (!test(found.value)) this.violation(resource, path, message, found.value, fix);
  }
}

/** A rule from its identity and its predicate. */
export function rule(
  id: string,
  title: string,
  description: string,
  check: (found: Found, graph: ResourceGraph, params: PolicyParams) => void,
): Rule {
  return {
    id,
    title,
    description,
    check: (graph, params) => {
      const found = new Found();
      check(found, graph, params);
      return found;
    },
  };
}

/** Older names of the same resource: V2-suffixed S3 types and the alb module. */
const ALIASES: Record<string, string[]> = {
  "aws:lb/loadBalancer:LoadBalancer": lbAliases("loadBalancer:LoadBalancer"),
  "aws:lb/listener:Listener": lbAliases("listener:Listener"),
  "aws:lb/listenerRule:ListenerRule": lbAliases("listenerRule:ListenerRule"),
  "aws:s3/bucket:Bucket": ["aws:s3/bucketV2:BucketV2"],
  "aws:s3/bucketVersioning:BucketVersioning": ["aws:s3/bucketVersioningV2:BucketVersioningV2"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  "aws:s3/bucketAcl:BucketAcl": ["aws:s3/bucketAclV2:BucketAclV2"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
  ],
  "aws:s3/bucketLogging:BucketLogging": ["aws:s3/bucketLoggingV2:BucketLoggingV2"],
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": [
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
  ],
};

function lbAliases(name: string): string[] {
  return ["alb", "applicationloadbalancing", "elasticloadbalancingv2"].map(
    (module) => `aws:${module}/${name}`,
  );
}

/** Resources of AWS types, written as `s3.Bucket`, aliases included. */
export function ofType(graph: ResourceGraph, ...types: string[]): Resource[] {
  return types.flatMap((short) => {
    const token = awsToken(short);
    return [token, ...(ALIASES[token] ?? [])].flatMap((name) => graph.byType.get(name) ?? []);
  });
}

/** `s3.Bucket` = `aws:s3/bucket:Bucket`. */
export function awsToken(short: string): string {
  const [module, name] = short.split(".") as [string, string];
  return `aws:${module}/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`;
}

/** URNs that a property path was computed from; the engine records them for the outermost property only. */
export function refsAt(resource: Resource, path: string): string[] {
  const own = Object.entries(resource.refs).filter(
    ([key]) =>
      path === key ||
      path.startsWith(`${key}.`) ||
      path.startsWith(`${key}[`) ||
      key.startsWith(`${path}.`) ||
      key.startsWith(`${path}[`),
  );
  return own.flatMap(([, urns]) => urns);
}

/** Whether a path was computed from a resource of that type. */
export function refersTo(
  resource: Resource,
  path: string,
  graph: ResourceGraph,
  ...types: string[]
): boolean {
  const tokens = types.map(awsToken);
  return refsAt(resource, path).some((urn) => tokens.includes(graph.byUrn.get(urn)?.type ?? ""));
}

/** true and "true": several AWS properties are strings that hold a boolean. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/**
 * A customer key at a path: named, or computed from a key of the graph. Unknown when it is computed from
 * something else.
 */
export function requireKey(
  found: Found,
  resource: Resource,
  path: string,
  graph: ResourceGraph,
  fix: string,
): void {
  found.concerns();
  const value = lookup(resource.props, path);
  if (value.state === "known") {
    if (value.value === "" || /alias\/aws\//.test(asText(value.value))) {
      found.violation(
        resource,
        path,
        "an AWS-managed key is used; a customer-managed key is asked for",
        value.value,
        fix,
      );
    }
  } else if (value.state === "absent") {
    found.violation(resource, path, "no customer-managed key is named", null, fix);
  } else if (!refersTo(resource, path, graph, "kms.Key", "kms.Alias", "kms.ReplicaKey", "kms.ExternalKey")) {
    found.unknown(resource, path, `${path} is not known yet and comes from no key of this graph`);
  }
}

/** Resources of a type by what a property of theirs names, or is computed from. */
interface Belongings {
  byRef: Map<string, Set<Resource>>;
  byValue: Map<unknown, Set<Resource>>;
}

/** One index per graph, type and property: without it, 1000 buckets look at 1000 settings each. */
const belongings = new WeakMap<ResourceGraph, Map<string, Belongings>>();

function belongingsOf(graph: ResourceGraph, type: string, property: string): Belongings {
  const indexes = belongings.get(graph) ?? new Map<string, Belongings>();
  belongings.set(graph, indexes);
  const key = `${type} ${property}`;
  let index = indexes.get(key);
  if (index === undefined) {
    index = { byRef: new Map(), byValue: new Map() };
    for (const candidate of ofType(graph, type)) {
      for (const urn of refsAt(candidate, property)) add(index.byRef, urn, candidate);
      const value = lookup(candidate.props, property);
      if (value.state === "known") add(index.byValue, value.value, candidate);
    }
    indexes.set(key, index);
  }
  return index;
}

function add<Key>(map: Map<Key, Set<Resource>>, key: Key, resource: Resource): void {
  const list = map.get(key);
  if (list) list.add(resource);
  else map.set(key, new Set([resource]));
}

/** Resources that belong to another one: by reference, or by an equal name. */
export function siblingsOf(
  graph: ResourceGraph,
  owner: Resource,
  type: string,
  property: string,
  ownerName: string,
): Resource[] {
  const index = belongingsOf(graph, type, property);
  const name = lookup(owner.props, ownerName);
  const byName = name.state === "known" ? index.byValue.get(name.value) : undefined;
  return [...new Set([...(index.byRef.get(owner.urn) ?? []), ...(byName ?? [])])];
}

/** What `stray` found, per graph, type and property: without it, every owner looks at every setting again. */
const strays = new WeakMap<ResourceGraph, Map<string, Resource | undefined>>();

/** A resource of a type that may belong to any owner: whose it is, is not known, and no reference says so. */
export function stray(graph: ResourceGraph, type: string, property: string): Resource | undefined {
  const known = strays.get(graph) ?? new Map<string, Resource | undefined>();
  strays.set(graph, known);
  const key = `${type} ${property}`;
  if (!known.has(key))
    known.set(
      key,
      ofType(graph, type).find((candidate) => {
        const { state } = lookup(candidate.props, property);
        return (state === "unknown" || state === "secret") && refsAt(candidate, property).length === 0;
      }),
    );
  return known.get(key);
}

/** Elements of a list property with their paths; an unknown list gives null. */
export function elements(resource: Resource, path: string): { path: string; value: unknown }[] | null {
  const found = lookup(resource.props, path);
  if (found.state === "absent") return [];
  if (found.state !== "known") return null;
  const list = Array.isArray(found.value) ? found.value : [found.value];
  return list.map((value, index) => ({ path: `${path}[${index}]`, value }));
}

export { isUnknown };
