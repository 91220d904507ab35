import { type Decimal, divideHalfEven, formatMicro, parseDecimal, toMicro } from "./money.ts";

/** Arithmetic that stays exact: numbers as people write them, multiplied before anything is rounded. */

export const ONE: Decimal = { units: 1n, scale: 0 };
/** Tokens of the unit in which APIs are priced. */
const MILLION: Decimal = { units: 1n, scale: 6 };

/** A number, or a decimal text, as the decimal that it shows. */
export function exact(value: number | string): Decimal {
  return parseDecimal(String(value));
}

export function multiply(...factors: readonly Decimal[]): Decimal {
  return factors.reduce(
    (product, { units, scale }) => ({ units: product.units * units, scale: product.scale + scale }),
    ONE,
  );
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const lift = (value: Decimal) => value.units * 10n ** BigInt(scale - value.scale);
  return { units: lift(a) + lift(b), scale };
}

/** 1 − share. */
export function complement({ units, scale }: Decimal): Decimal {
  return { units: 10n ** BigInt(scale) - units, scale };
}

/** Micro-dollars of a number of tokens at a price by the million, rounded half to even once. */
export function tokenCost(tokens: Decimal, usdPerMtok: Decimal): bigint {
  return toMicro(multiply(tokens, usdPerMtok, MILLION));
}

/**
 * `a` / `b` as a decimal text, rounded half to even at `places`.
 *
 * @throws RangeError where `b` is zero
 */
export function quotient(a: Decimal, b: Decimal, places: number): string {
  if (b.units === 0n) throw new RangeError("division by zero");
  // One place scale for both, then whole units of the last place asked for.
  const numerator = a.units * 10n ** BigInt(b.scale + places);
  const units = divideHalfEven(numerator, b.units * 10n ** BigInt(a.scale));
  return decimalString({ units, scale: places });
}

/** A decimal with all of its places, without an exponent. */
export function decimalString({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

/** Micro-dollars as a decimal of US dollars. */
export function dollars(micro: bigint): Decimal {
  return { units: micro, scale: 6 };
}

/** Sum of amounts as text with six places. */
export function total(...micros: readonly bigint[]): string {
  return formatMicro(micros.reduce((sum, micro) => sum + micro, 0n));
}
