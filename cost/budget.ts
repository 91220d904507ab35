import type { StackPlan } from "../plan/index.ts";
import {
  type Decimal,
  decimalText,
  divideHalfEven,
  formatMicro,
  type MicroRange,
  parseMicro,
  perMillion,
} from "./money.ts";
import type { BillDocument } from "./types.ts";

/** Tokens in and out that the plan's models handle in a month, or why that is not known. */
export function tokensPerMonth(plan: StackPlan | null): Decimal | { reason: string } {
  if (!plan || plan.models.length === 0) return { reason: "no plan, so no load is known" };
  const silent = plan.models.filter((model) => model.load === null).map((model) => model.name);
  if (silent.length > 0) return { reason: `no load is given for ${silent.join(", ")}` };
  let units = 0n;
  for (const { load } of plan.models) {
    const each = load!.inputTokens + load!.outputTokens;
    const product = [load!.requestsPerMonth, each].map((value) => BigInt(Math.round(value)));
    units += product[0]! * product[1]!;
  }
  return units === 0n ? { reason: "the load is zero tokens" } : { units, scale: 0 };
}

/** Price of a million tokens in the three cases: the whole bill over the same load. */
export function tokenPrice(total: MicroRange, tokens: Decimal): MicroRange {
  return {
    min: perMillion(total.min, tokens),
    expected: perMillion(total.expected, tokens),
    max: perMillion(total.max, tokens),
  };
}

/**
 * Compares the bill with the budget of the stack file, in the case that the budget names. Equal is under.
 *
 * @param unpriced resources that are not, or not wholly, in the total
 */
export function judgeBudget(
  plan: StackPlan | null,
  total: MicroRange,
  perMillionTokens: MicroRange | null,
  perMillionReason: string | null,
  unpriced: number,
): BillDocument["budget"] {
  const budget = plan?.budget ?? null;
  const basis = budget?.basis ?? "expected";
  const limits = {
    monthlyUsd: plain(budget?.monthlyUsd ?? null),
    perMillionTokensUsd: plain(budget?.perMillionTokensUsd ?? null),
  };
  const reasons: string[] = [];
  let status: BillDocument["budget"]["status"] = "none";
  const judge = (what: string, have: bigint, limit: bigint) => {
    const over = have > limit;
    if (over || status === "none") status = over ? "over" : "under";
    const [verb, by] = over ? ["over", have - limit] : ["under", limit - have];
    reasons.push(
      `${dollars(have)} ${what} in the ${basis} case is ${dollars(by)} ${verb} the budget of ${dollars(limit)}`,
    );
  };
  if (limits.monthlyUsd !== null) judge("a month", total[basis], parseMicro(limits.monthlyUsd));
  if (limits.perMillionTokensUsd !== null) {
    if (perMillionTokens)
      judge("per million tokens", perMillionTokens[basis], parseMicro(limits.perMillionTokensUsd));
    else reasons.push(`the budget per million tokens was not judged: ${perMillionReason}`);
  }
  if (budget && unpriced > 0) {
    reasons.push(`${unpriced} resources have something without a price: the true total is higher`);
  }
  return {
    basis,
    monthlyUsd: limits.monthlyUsd === null ? null : formatMicro(parseMicro(limits.monthlyUsd)),
    perMillionTokensUsd: limits.perMillionTokensUsd,
    growthPct: null,
    status,
    reasons,
  };
}

/** An amount in words: cents, or all six places of what is less than half a cent. */
function dollars(micro: bigint): string {
  if (micro > 0n && micro < 5_000n) return `$${formatMicro(micro)}`;
  const cents = divideHalfEven(micro, 10_000n);
  const whole = (cents / 100n).toLocaleString("en-US");
  return `$${whole}.${String(cents % 100n).padStart(2, "0")}`;
}

const plain = (value: number | null): string | null => (value === null ? null : decimalText(value));
