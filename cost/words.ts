import { divideHalfEven } from "./money.ts";

const HALF_A_CENT = 5000n;

/** An amount for people: whole cents, thousands apart; what is not nothing never looks like it. */
export function dollarWords(micro: bigint): string {
  if (micro > 0n && micro <= HALF_A_CENT) return "less than $0.01";
  const cents = String(divideHalfEven(micro, 10_000n)).padStart(3, "0");
  return `$${thousands(cents.slice(0, -2))}.${cents.slice(-2)}`;
}

/** A whole number for people. */
export function thousands(value: number | string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
