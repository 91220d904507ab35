import { divideHalfEven } from "./money.ts";

/** An amount for people: whole cents, thousands apart. */
export function dollarWords(micro: bigint): string {
  const cents = String(divideHalfEven(micro, 10_000n)).padStart(3, "0");
  return `$${thousands(cents.slice(0, -2))}.${cents.slice(-2)}`;
}

/** A whole number for people. */
export function thousands(value: number | string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
