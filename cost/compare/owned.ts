import type { GuideFigure } from "../../catalog/index.ts";
import { HOURS_PER_MONTH } from "../components/component.ts";
import { exact, multiply } from "../decimal.ts";
import { annuity } from "../hardware.ts";
import { parseMicro, toMicro } from "../money.ts";
import { SECONDS_PER_MONTH } from "../offers/index.ts";
import type { StepCost } from "./step.ts";
import type { OwnedMachine } from "./types.ts";

/** Years of use, worth at their end and interest, as `freehold:hardware` of a stack file has them by default. */
export const OWNED_TERMS = { years: 4, salvagePct: 10, interestPct: 5 } as const;

/** The weights that the guide ran on its Mac. */
const GUIDE_MODEL = "openai/gpt-oss-120b";

/** The Mac of the guide, for the model that it ran; null for any other model. */
export function guideMac(model: string, figure: (key: string) => GuideFigure): OwnedMachine | null {
  if (model !== GUIDE_MODEL) return null;
  const purchase = figure("mac.m4-max-128.purchase");
  return {
    name: "MacBook Pro M4 Max 128 GB",
    purchaseUsd: purchase.value,
    tokensPerSecond: Number(figure("mac.m4-max-128.rate").value),
    watts: null,
    usdPerKwh: null,
    source: purchase.source,
    asOf: purchase.asOf,
  };
}

/**
 * Cost of owned machines by the month. Electricity runs all month: the machine is on, whatever it is asked.
 *
 * @returns `electricity` null where draw or price is not known; `step.unit` then leaves it out
 */
export function ownedStep(
  machine: OwnedMachine,
  outputTokens: number,
  peakToMean: number,
): { step: StepCost; electricity: bigint | null } {
  const { purchaseUsd, tokensPerSecond, watts, usdPerKwh } = machine;
  const { salvagePct, interestPct, years } = OWNED_TERMS;
  const instalment = parseMicro(annuity(Number(purchaseUsd), salvagePct, interestPct, years));
  const electricity =
    watts === null || usdPerKwh === null
      ? null
      : toMicro(multiply(exact(watts), { units: 1n, scale: 3 }, exact(HOURS_PER_MONTH), exact(usdPerKwh)));
  const capacity = Math.floor((tokensPerSecond * SECONDS_PER_MONTH) / (outputTokens * peakToMean));
  return {
    step: {
      fixed: 0n,
      unit: instalment + (electricity ?? 0n),
      requestsPerUnit: BigInt(Math.max(1, capacity)),
    },
    electricity,
  };
}
