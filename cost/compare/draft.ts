import { exact, multiply } from "../decimal.ts";
import { type Decimal, formatMicro } from "../money.ts";
import { intelligenceOf, pricePerPoint } from "./intelligence.ts";
import type { Rented } from "./rented.ts";
import type { StepCost } from "./step.ts";
import type { CompareBook, CompareRequest, ComparisonOption, Intelligence } from "./types.ts";

/** An option with what the recommendation reckons with. */
export interface Draft {
  option: ComparisonOption;
  /** Micro-dollars of a month; null = not known. */
  total: bigint | null;
  /** Price of one request, for an API. */
  perRequest: Decimal | null;
  /** Cost in whole machines with people, for what is self-hosted. */
  step: StepCost | null;
  rented: Rented | null;
}

/** Why a model has no index. */
export const NOT_IN_TABLE = "not in the intelligence table of August 2025 under this name";
/** A part that an option does not have. */
export const NONE = formatMicro(0n);

/** Tokens in and out of a month, exact. */
export function tokensOf({ requestsPerMonth, inputTokens, outputTokens }: CompareRequest): Decimal {
  return multiply(exact(requestsPerMonth), exact(inputTokens + outputTokens));
}

/** Price of a point, where there is a price and an index. */
export function pointPrice(
  usdPerMtok: Decimal | string | null,
  intelligence: Intelligence | null,
): string | null {
  return usdPerMtok === null || intelligence === null ? null : pricePerPoint(usdPerMtok, intelligence.index);
}

/** The index that an option has to reach; null = none is known. */
export function floorOf(book: CompareBook, request: CompareRequest): number | null {
  const own = intelligenceOf(book.intelligence(), null, request.rented.shape.repo);
  return request.minIntelligence ?? own?.index ?? null;
}

/** Whether the quality of an option will do. */
export function isGoodEnough(
  book: CompareBook,
  request: CompareRequest,
  intelligence: Intelligence | null,
  isSame: boolean,
): ComparisonOption["comparable"] {
  if (request.minIntelligence === null && isSame) return true;
  const floor = floorOf(book, request);
  if (floor === null || intelligence === null) return "unknown";
  return intelligence.index >= floor;
}

/** Spot is shown beside the rest, but nothing is concluded from it: it may be gone tomorrow. */
export function isSpot({ rented }: Draft): boolean {
  return rented?.offer.capacity === "spot";
}
