import type { BillDocument } from "../cost/index.ts";
import type { ResourceGraph } from "../graph/index.ts";
import type { StackPlan } from "../plan/index.ts";
import type { FindingsDocument } from "../policies/types.ts";
import { type PlanDocument, planDocument } from "./plan.ts";

/** contract: freehold.preview/v1 */
export interface PreviewDocument {
  schema: "freehold.preview/v1";
  freeholdVersion: string;
  catalogAsOf: string;
  stack: string;
  date: string;
  verdict: "ok" | "does-not-fit" | "policy" | "over-budget";
  /** Why the later parts are null; null when they are not. */
  reason: string | null;
  plan: PlanDocument;
  bill: BillDocument | null;
  findings: FindingsDocument | null;
  resources: { total: number; byType: Record<string, number> } | null;
}

/** Puts the four answers together. The first that fails names the verdict: fit, policy, budget. */
export function previewDocument(parts: {
  stack: string;
  date: string;
  plan: StackPlan;
  bill: BillDocument | null;
  findings: FindingsDocument | null;
  policyFailed: boolean;
  graph: ResourceGraph | null;
}): PreviewDocument {
  const { plan, bill } = parts;
  const verdict =
    plan.verdict === "does-not-fit"
      ? "does-not-fit"
      : parts.policyFailed
        ? "policy"
        : bill?.budget.status === "over"
          ? "over-budget"
          : "ok";
  return {
    schema: "freehold.preview/v1",
    freeholdVersion: plan.freeholdVersion,
    catalogAsOf: plan.catalogAsOf,
    stack: parts.stack,
    date: parts.date,
    verdict,
    reason: verdict === "does-not-fit" ? "what does not fit has no resources to price or to judge" : null,
    plan: planDocument(plan),
    bill,
    findings: parts.findings,
    resources: parts.graph ? countTypes(parts.graph) : null,
  };
}

/** Resources by type, components and providers included, types in order. */
export function countTypes(graph: ResourceGraph): { total: number; byType: Record<string, number> } {
  const types = [...graph.byType].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    total: graph.resources.length,
    byType: Object.fromEntries(types.map(([type, list]) => [type, list.length])),
  };
}
