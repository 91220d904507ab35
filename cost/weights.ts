import type { ModelPlan, StackPlan } from "../plan/index.ts";
import { between, plus, times } from "./components/component.ts";
import type { Quantity3 } from "./types.ts";
import { STARTS_PER_MONTH_MAX } from "./usage.ts";

const WEEKS_PER_MONTH = 730 / 168;
const NONE: Quantity3 = { min: 0, expected: 0, max: 0 };

export type WeightsSource = "s3" | "disk" | "hub";

/** Where a model's engine reads its weights: its first argument is an s3 address, a path, or a name of the hub. */
export function weightsSource(model: ModelPlan): WeightsSource {
  const path = model.engineArgs[0] ?? "";
  if (path.startsWith("s3://")) return "s3";
  return path.startsWith("/") ? "disk" : "hub";
}

/**
 * Times that a replica of the model starts in a month: once each at least, in the expected case once more for
 * every step up of the load's week, at most once a day each.
 */
export function starts(model: ModelPlan): Quantity3 {
  const { min, max } = model.replicas;
  const week = (model.load?.replicas ?? []).map(Math.ceil);
  const up = week.reduce((sum, now, hour) => sum + Math.max(0, now - week.at(hour - 1)!), 0);
  const most = max * STARTS_PER_MONTH_MAX;
  return between(min, Math.min(Math.max(min, min + up * WEEKS_PER_MONTH), Math.max(min, most)), most);
}

/** GB of weights that engines read from a source in a month. */
export function weightsTraffic(plan: StackPlan, source: WeightsSource): Quantity3 {
  return plan.models
    .filter((model) => weightsSource(model) === source)
    .reduce((sum, model) => plus(sum, times(starts(model), model.weightsGib)), NONE);
}

/** GB of weights that lie in the bucket: each checkpoint once. */
export function weightsStored(plan: StackPlan): number {
  const checkpoints = new Map(
    plan.models
      .filter((model) => weightsSource(model) === "s3")
      .map((model) => [model.engineArgs[0], model.weightsGib]),
  );
  return [...checkpoints.values()].reduce((sum, gib) => sum + gib, 0);
}
