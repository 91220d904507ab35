import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  amount,
  decimalText,
  divideHalfEven,
  formatMicro,
  parseDecimal,
  parseMicro,
  perMillion,
  roundQuantity,
} from "../../cost/money.ts";

/** A rational number, to check the decimals with arithmetic that shares nothing with them. */
type Rational = [numerator: bigint, denominator: bigint];

function rational(text: string): Rational {
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e") as [string, string?];
  const point = mantissa.indexOf(".");
  const places = point < 0 ? 0 : mantissa.length - point - 1;
  const shift = Number(exponent) - places;
  const digits = BigInt(mantissa.replace(".", ""));
  return shift >= 0 ? [digits * 10n ** BigInt(shift), 1n] : [digits, 10n ** BigInt(-shift)];
}

/** Half-even by its definition: of the two neighbours take the closer, and of two as close the even one. */
function nearest([numerator, denominator]: Rational): bigint {
  const below = numerator / denominator;
  const toBelow = numerator - below * denominator;
  const toAbove = (below + 1n) * denominator - numerator;
  if (toBelow !== toAbove) return toBelow < toAbove ? below : below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}

const price = fc.tuple(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 0, max: 14 })).map(([units, places]) => {
  const digits = String(units).padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
});
const quantity = fc
  .oneof(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.integer({ min: 0, max: 10_000_000 }))
  .map(roundQuantity);

describe("an amount", () => {
  it("is the exact product, rounded half to even once", () => {
    fc.assert(
      fc.property(quantity, price, (count, unit) => {
        const [a, b] = rational(String(count));
        const [c, d] = rational(unit);
        expect(amount(count, unit)).toBe(nearest([a * c * 1_000_000n, b * d]));
      }),
      { numRuns: 500 },
    );
  });

  it("rounds a half to the even neighbour", () => {
    expect(amount(1, "0.0000005")).toBe(0n);
    expect(amount(1, "0.0000015")).toBe(2n);
    expect(amount(3, "0.0000005")).toBe(2n);
    expect(amount(5, "0.0000005")).toBe(2n);
    expect(amount(1, "0.00000050000001")).toBe(1n);
  });

  it("keeps what binary fractions lose", () => {
    expect(formatMicro(amount(730, "0.1"))).toBe("73.000000");
    expect(formatMicro(amount(0.1, "0.2"))).toBe("0.020000");
    expect(formatMicro(amount(1_000_000, "0.0000004"))).toBe("0.400000");
    expect(formatMicro(amount(40_000_000, "113.9328"))).toBe("4557312000.000000");
  });
});

describe("decimals", () => {
  it("round-trip through six places", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), (micro) => {
        expect(formatMicro(micro)).toMatch(/^-?\d+\.\d{6}$/);
        expect(parseMicro(formatMicro(micro))).toBe(micro);
      }),
    );
  });

  it("read exponents, as JSON writes very small numbers", () => {
    expect(parseMicro(String(1e-7))).toBe(0n);
    expect(parseMicro("1.5e3")).toBe(1_500_000_000n);
  });

  it("are written without an exponent", () => {
    expect([1e-7, 0.22, 85, 1e21].map(decimalText)).toEqual([
      "0.0000001",
      "0.22",
      "85",
      `1${"0".repeat(21)}`,
    ]);
  });

  it.each(["", "1,5", "abc", "1.", ".5", "NaN", "--1"])("refuse %o", (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  it("divide with the sign of either side", () => {
    expect([divideHalfEven(-7n, 2n), divideHalfEven(7n, -2n), divideHalfEven(-5n, 2n)]).toEqual([
      -4n,
      -4n,
      -2n,
    ]);
  });

  it("give nine places to a quantity at most, whatever its size", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
        const { scale } = parseDecimal(String(roundQuantity(value)));
        expect(scale).toBeLessThanOrEqual(9);
      }),
    );
  });

  it("price a million tokens by the hourly formula", () => {
    // 1,000 tokens a second for 730 hours at 3.6 USD an hour: 3.6 / 3600 / 1000 * 1e6 = 1 USD.
    const tokens = { units: 1000n * 3600n * 730n, scale: 0 };
    expect(formatMicro(perMillion(amount(730, "3.6"), tokens))).toBe("1.000000");
  });
});
