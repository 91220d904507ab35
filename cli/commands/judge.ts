import { catalogAsOf } from "../../catalog/index.ts";
import type { ResourceGraph } from "../../graph/index.ts";
import type { StackPlan } from "../../plan/index.ts";
import { evaluate, hasMandatoryFailure } from "../../policies/evaluate.ts";
import type { FindingsDocument, PolicyParams, Waiver } from "../../policies/types.ts";

/** Parameters of the rules for a stack of ours. */
export function paramsOf(plan: StackPlan, date: string): PolicyParams {
  return {
    date,
    ...(plan.policy.allowedRegions.length > 0 && { allowedRegions: plan.policy.allowedRegions }),
    ...(plan.infrastructure && { partition: plan.infrastructure.partition }),
    ...(plan.region !== null && { providerRegion: plan.region }),
    allowedRegistries: plan.policy.allowedRegistries,
    allowedEgressHosts: plan.policy.allowedEgressHosts,
    allowedLlmHosts: plan.policy.allowedLlmHosts,
    allowGlobalServices: plan.policy.allowGlobalServices,
    minLogDays: plan.policy.minLogDays,
  };
}

/** Judges one stack by its own profiles, or by those asked for. */
export function judge(
  graph: ResourceGraph,
  plan: StackPlan,
  date: string,
  asked: { profiles?: string[]; controls?: string[] } = {},
): { findings: FindingsDocument; policyFailed: boolean } {
  const findings = evaluate([{ graph }], {
    profiles: asked.profiles ?? plan.profiles,
    ...(asked.controls && { controls: asked.controls }),
    params: paramsOf(plan, date),
    waivers: plan.policy.waivers as unknown as Waiver[],
    catalogAsOf: catalogAsOf(),
  });
  return { findings, policyFailed: hasMandatoryFailure(findings) };
}
