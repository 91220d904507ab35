import type { Quantity3, Range3 } from "./types.ts";

/** An exact decimal number: `units` / 10^`scale`. */
export interface Decimal {
  units: bigint;
  scale: number;
}

/** An amount in the three cases, integer micro-dollars. */
export interface MicroRange {
  min: bigint;
  expected: bigint;
  max: bigint;
}

const MICRO_PLACES = 6;
/** More places than this say nothing about a month, and fewer would lose a minute of an hour. */
const QUANTITY_PLACES = 9;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/**
 * Reads a decimal of any length exactly.
 *
 * @throws RangeError when the text is not a decimal number.
 */
export function parseDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`not a decimal number: ${text}`);
  const [, sign, whole, fraction = "", exponent = "0"] = match;
  const units = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** A number as a decimal string without an exponent, every digit that JSON would show. */
export function decimalText(value: number): string {
  const { units, scale } = parseDecimal(String(value));
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

/** `numerator` / `denominator`, rounded to the nearest integer, a half to the even one. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator < 0n) return divideHalfEven(-numerator, -denominator);
  const whole = numerator / denominator;
  const rest = numerator % denominator;
  const twice = 2n * (rest < 0n ? -rest : rest);
  const away = twice > denominator || (twice === denominator && whole % 2n !== 0n);
  if (!away) return whole;
  return numerator < 0n ? whole - 1n : whole + 1n;
}

/** A decimal as integer micro-units, rounded half to even. */
export function toMicro({ units, scale }: Decimal): bigint {
  return scale <= MICRO_PLACES
    ? units * 10n ** BigInt(MICRO_PLACES - scale)
    : divideHalfEven(units, 10n ** BigInt(scale - MICRO_PLACES));
}

/** The number that a JSON document shows for a quantity: nine places at most. */
export function roundQuantity(value: number): number {
  return Math.abs(value) >= 1e21 ? value : Number(value.toFixed(QUANTITY_PLACES));
}

/**
 * What a quantity costs, micro-dollars: exact product, rounded half to even once.
 *
 * @param quantity taken as the decimal that its JSON text shows
 * @param unitPriceUsd decimal string of any length
 */
export function amount(quantity: number, unitPriceUsd: string): bigint {
  const count = parseDecimal(String(quantity));
  const price = parseDecimal(unitPriceUsd);
  return toMicro({ units: count.units * price.units, scale: count.scale + price.scale });
}

/** {@link amount} in the three cases. */
export function amounts(quantity: Quantity3, unitPriceUsd: string): MicroRange {
  const min = amount(quantity.min, unitPriceUsd);
  const expected = quantity.expected === quantity.min ? min : amount(quantity.expected, unitPriceUsd);
  const max = quantity.max === quantity.expected ? expected : amount(quantity.max, unitPriceUsd);
  return { min, expected, max };
}

/** Micro-dollars as a decimal string with six places. */
export function formatMicro(micro: bigint): string {
  const digits = String(micro < 0n ? -micro : micro).padStart(MICRO_PLACES + 1, "0");
  const point = digits.length - MICRO_PLACES;
  return `${micro < 0n ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A decimal string as micro-dollars. */
export function parseMicro(text: string): bigint {
  return toMicro(parseDecimal(text));
}

export const ZERO: MicroRange = { min: 0n, expected: 0n, max: 0n };

export function addRanges(a: MicroRange, b: MicroRange): MicroRange {
  return { min: a.min + b.min, expected: a.expected + b.expected, max: a.max + b.max };
}

export function subtractRanges(a: MicroRange, b: MicroRange): MicroRange {
  return { min: a.min - b.min, expected: a.expected - b.expected, max: a.max - b.max };
}

export function formatRange(range: MicroRange): Range3 {
  return { min: formatMicro(range.min), expected: formatMicro(range.expected), max: formatMicro(range.max) };
}

export function parseRange(range: Range3): MicroRange {
  return { min: parseMicro(range.min), expected: parseMicro(range.expected), max: parseMicro(range.max) };
}

/** Micro-dollars per million of `count`: the price of a token, for one. */
export function perMillion(micro: bigint, count: Decimal): bigint {
  return divideHalfEven(micro * 1_000_000n * 10n ** BigInt(count.scale), count.units);
}
