import { catalogAsOf } from "../../catalog/index.ts";
import type { ResourceGraph } from "../../graph/index.ts";
import type { StackPlan } from "../../plan/index.ts";
import { paramsOf } from "../../policies/declared.ts";
import { evaluate, hasMandatoryFailure } from "../../policies/evaluate.ts";
import type { FindingsDocument, PolicyParams } from "../../policies/types.ts";
import { waiverNotes } from "../../policies/waivers.ts";

/** Judges one stack by its own profiles and parameters, or by those asked for. */
export function judge(
  graph: ResourceGraph,
  plan: StackPlan,
  date: string,
  asked: {
    profiles?: string[] | undefined;
    controls?: string[] | undefined;
    params?: Partial<PolicyParams>;
  } = {},
): { findings: FindingsDocument; policyFailed: boolean; notes: string[] } {
  const findings = evaluate([{ graph }], {
    profiles: asked.profiles ?? plan.profiles,
    ...(asked.controls && { controls: asked.controls }),
    params: { ...paramsOf(plan.policy, date), ...asked.params },
    waivers: plan.policy.waivers,
    catalogAsOf: catalogAsOf(),
  });
  // Whether a waiver is of use shows only where every control of the profiles was judged.
  const notes = asked.controls ? [] : waiverNotes(plan.policy.waivers, findings, date);
  return { findings, policyFailed: hasMandatoryFailure(findings), notes };
}
