import { decimalText, formatMicro, parseMicro } from "../cost/index.ts";
import type { HardwarePlan, StackPlan } from "../plan/index.ts";

type Budget = NonNullable<StackPlan["budget"]>;
type Text<T, K extends keyof T> = Omit<T, K> & { [Key in K]: null extends T[Key] ? string | null : string };

/** contract: freehold.plan/v1. The planner computes with numbers; the document writes money as decimal text. */
export type PlanDocument = Omit<StackPlan, "budget" | "hardware"> & {
  budget: Text<Budget, "monthlyUsd" | "perMillionTokensUsd"> | null;
  hardware: Text<
    HardwarePlan,
    "purchaseUsd" | "usdPerKwh" | "colocationUsdPerMonth" | "usdPerEngineerHour"
  > | null;
};

/** The plan as it is printed: amounts with six places, unit prices as the stack file has them. */
export function planDocument(plan: StackPlan): PlanDocument {
  const { budget, hardware } = plan;
  const amount = (value: number) => formatMicro(parseMicro(decimalText(value)));
  return {
    ...plan,
    budget: budget && {
      ...budget,
      monthlyUsd: budget.monthlyUsd === null ? null : amount(budget.monthlyUsd),
      perMillionTokensUsd:
        budget.perMillionTokensUsd === null ? null : decimalText(budget.perMillionTokensUsd),
    },
    hardware: hardware && {
      ...hardware,
      purchaseUsd: amount(hardware.purchaseUsd),
      usdPerKwh: decimalText(hardware.usdPerKwh),
      colocationUsdPerMonth: decimalText(hardware.colocationUsdPerMonth),
      usdPerEngineerHour: decimalText(hardware.usdPerEngineerHour),
    },
  };
}
