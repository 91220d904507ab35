import { exact, quotient } from "../decimal.ts";

/**
 * Hours that a bill implies at a price by the hour: rented hardware is paid for while it is held, whatever it does.
 *
 * @returns decimal text with four places
 */
export function impliedHours(spentUsd: string, usdPerHour: string): string {
  return quotient(exact(spentUsd), exact(usdPerHour), 4);
}

/** US dollars of one of so many things that a bill was for; four places. */
export function eachOf(spentUsd: string, count: string): string {
  return quotient(exact(spentUsd), exact(count), 4);
}

/** Tokens a second, over every second of 730 hours, at which a price by the month equals one by the million tokens. */
export function sustainedTokensPerSecond(monthlyUsd: string, usdPerMtok: string): number {
  const SECONDS = 730 * 3600;
  return (Number(monthlyUsd) / Number(usdPerMtok)) * (1_000_000 / SECONDS);
}
