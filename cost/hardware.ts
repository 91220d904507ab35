import { type Decimal, divideHalfEven, formatMicro, parseDecimal } from "./money.ts";

const MONTHS_PER_YEAR = 12;
const MICRO = 1_000_000n;

/**
 * Monthly instalment that pays a purchase, less what it is worth at the end, at a yearly interest compounded by
 * the month: (P − S / (1 + i)ⁿ) · i / (1 − (1 + i)⁻ⁿ), the ordinary annuity. Without interest, (P − S) / n.
 *
 * Exact in integers, rounded half to even once.
 *
 * @param salvagePct worth at the end, percent of the purchase
 * @param years counted in whole months
 * @returns US dollars as a decimal string with six places
 */
export function annuity(purchaseUsd: number, salvagePct: number, interestPct: number, years: number): string {
  const months = BigInt(Math.max(1, Math.round(years * MONTHS_PER_YEAR)));
  const price = parseDecimal(String(purchaseUsd));
  const salvage = parseDecimal(String(salvagePct));
  // Everything over one denominator: P = price.units / unit, S / P = salvage.units / share.
  const unit = 10n ** BigInt(price.scale);
  const share = 100n * 10n ** BigInt(salvage.scale);
  const [step, whole] = monthlyRate(parseDecimal(String(interestPct)));
  if (step === 0n) {
    const over = price.units * (share - salvage.units) * MICRO;
    return formatMicro(divideHalfEven(over, unit * share * months));
  }
  // (1 + i)ⁿ = grown / base, with i = step / whole.
  const grown = (whole + step) ** months;
  const base = whole ** months;
  const over = price.units * (share * grown - salvage.units * base) * step * MICRO;
  return formatMicro(divideHalfEven(over, unit * share * whole * (grown - base)));
}

/** A yearly rate in percent as the fraction of one month. */
function monthlyRate(percent: Decimal): [numerator: bigint, denominator: bigint] {
  return [percent.units, 10n ** BigInt(percent.scale) * 100n * BigInt(MONTHS_PER_YEAR)];
}
