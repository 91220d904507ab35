import type { Resource, ResourceGraph } from "../graph/types.ts";

/** Parameters of a run, contract.md §3 `check`. Absent means not stated. */
export interface PolicyParams {
  /** Expanded region names (sets such as `eea` are expanded before a rule sees them). */
  allowedRegions?: string[];
  providerRegion?: string;
  partition?: string;
  allowedRegistries?: string[];
  allowedUpstreamRegistries?: string[];
  allowGlobalServices?: string[];
  allowedLlmHosts?: string[];
  allowedEgressHosts?: string[];
  multimodal?: boolean;
  maxRetentionDays?: number;
  maxPersonalLogDays?: number;
  minLogDays?: number;
  auditLogDays?: number;
  tlsPolicies?: string[];
  /** ISO date the run is judged at (waivers). */
  date: string;
}

export interface Violation {
  resource: Resource;
  /** Property path under the inputs, "" for the resource itself. */
  path: string;
  /** What is wrong, with what is allowed. Never contains a secret. */
  message: string;
  /** The offending value (null when absent). */
  value: unknown;
  /** The smallest change that fixes it. */
  fix: string;
}

export interface UnknownFact {
  resource: Resource;
  path: string;
  why: string;
}

/** What one rule found in one graph. `applicable` false means that nothing in the graph concerns the rule. */
export interface RuleResult {
  applicable: boolean;
  violations: Violation[];
  unknowns: UnknownFact[];
}

/** One predicate over the graph. Rules know nothing of laws: frameworks map ids to articles and levels. */
export interface Rule {
  /** Id of the control catalogue, e.g. "S3-03". */
  id: string;
  title: string;
  /** Pass condition in one or two sentences, for `freehold explain`. */
  description: string;
  check(graph: ResourceGraph, params: PolicyParams): RuleResult;
}

export type Level = "mandatory" | "advisory";
export type Verdict = "fail" | "unknown" | "waived" | "pass" | "not-applicable";

/** A framework row: what one law or standard says about one control. */
export interface FrameworkControl {
  level: Level;
  /** e.g. ["GDPR 32(1)(a)"]. */
  references: string[];
  /** Whether unknown counts as an error (residency) or as a warning. */
  onUnknown: "error" | "warn";
  why: string;
}

export type Framework = {
  name: string;
  title: string;
  source: string;
  controls: Record<string, FrameworkControl>;
};

export interface Waiver {
  control: string;
  /** Resource name or URN; `*` wildcards allowed. */
  resource: string;
  owner: string;
  reason: string;
  ticket: string;
  /** Last day on which it holds (inclusive, UTC). */
  expires: string;
  approver: string;
  alternativeMeasure?: string;
}

export interface ControlResult {
  id: string;
  level: Level;
  verdict: Verdict;
  violations: {
    resource: string;
    type: string;
    message: string;
    path: string;
    value: unknown;
    fix: string;
    references: string[];
  }[];
  unknowns: { resource: string; type: string; path: string; why: string }[];
  waived: (Omit<Waiver, "control" | "alternativeMeasure"> & { alternativeMeasure: string | null })[];
}

export interface FindingsDocument {
  schema: "freehold.findings/v1";
  freeholdVersion: string;
  catalogAsOf: string;
  profiles: string[];
  results: (
    | { graph: string; controls: ControlResult[] }
    | { graph: string; error: { code: string; message: string; line: number | null; col: number | null } }
  )[];
  summary: { fail: number; unknown: number; waived: number; pass: number; notApplicable: number };
}
