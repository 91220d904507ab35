/**
 * A value that the engine does not know yet. Parsers turn every foreign spelling (Pulumi's sentinels,
 * `{"$unknown": true}`, `{__pulumiUnknown: true}`) into this one object, so rules compare by identity.
 */
export const UNKNOWN = Object.freeze({ $unknown: true as const });

/** A secret. The value is dropped on the way in: no rule, report or bill can leak what it never had. */
export const SECRET = Object.freeze({ $secret: true as const });

export type Props = Record<string, unknown>;

export interface Resource {
  urn: string;
  /** Pulumi type token, e.g. "aws:s3/bucket:Bucket" or "kubernetes:apps/v1:Deployment". */
  type: string;
  name: string;
  /** false for component resources. */
  custom: boolean;
  /** Inputs; UNKNOWN and SECRET may stand at any depth. */
  props: Props;
  /** Outputs where the source has them (a stack export); else null. */
  outputs: Props | null;
  /** URN of the parent. */
  parent: string | null;
  /** URN of the provider resource. */
  provider: string | null;
  /** Property path ("rules[0].destination.bucket") to the URNs that the value was computed from. */
  refs: Record<string, string[]>;
  dependencies: string[];
  protect: boolean;
}

export interface ResourceGraph {
  /** Name shown in reports: "stack:dev" or the file. */
  name: string;
  resources: Resource[];
  /** Parameters carried by a `freehold.resources/v1` file. */
  config: Props;
  byUrn: ReadonlyMap<string, Resource>;
  byType: ReadonlyMap<string, readonly Resource[]>;
  /** Children by URN of the parent. */
  children: ReadonlyMap<string, readonly Resource[]>;
}

/** What a property path holds. `unknown` also when an ancestor is unknown. */
export type Lookup =
  | { state: "known"; value: unknown }
  | { state: "unknown" }
  | { state: "secret" }
  | { state: "absent" };
