import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  breakEven,
  costAt,
  firstOf,
  type StepCost,
  sinceWhen,
  unitsFor,
} from "../../../cost/compare/index.ts";
import { exact } from "../../../cost/decimal.ts";

const step = (fixed: number, unit: number, requestsPerUnit: number): StepCost => ({
  fixed: BigInt(fixed),
  unit: BigInt(unit),
  requestsPerUnit: BigInt(requestsPerUnit),
});

describe("the cost of whole machines", () => {
  it("is paid for a machine that nobody asks anything, and for the next from the first request beyond", () => {
    const machines = step(100, 10, 50);
    expect([0n, 1n, 50n, 51n, 100n, 101n].map((n) => costAt(machines, n))).toEqual([
      110n,
      110n,
      110n,
      120n,
      120n,
      130n,
    ]);
  });

  it("never falls with more requests", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.nat(1000),
        fc.integer({ min: 1, max: 99 }),
        fc.nat(9999),
        fc.nat(99),
        (f, u, r, n, more) => {
          const machines = step(f, u, r);
          expect(costAt(machines, BigInt(n + more)) >= costAt(machines, BigInt(n))).toBe(true);
          expect(unitsFor(machines, BigInt(n)) * machines.requestsPerUnit >= BigInt(n)).toBe(true);
        },
      ),
    );
  });
});

describe("where machines and a price by the request cost the same", () => {
  it("is worked by hand", () => {
    // 100 + 10·n against 3 each, 50 a machine: one machine costs 110, reached at 36.7 requests, which it can answer.
    expect(breakEven(step(100, 10, 50), exact(3))).toBe(37n);
    // Against 1 each it takes n = 100 / (50 − 10) = 3 machines: 130, of the 150 requests that they can answer.
    expect(breakEven(step(100, 10, 50), exact(1))).toBe(130n);
    // 0.2 each pays exactly for a full machine and for nobody around it.
    expect(breakEven(step(100, 10, 50), exact("0.2"))).toBeNull();
    expect(breakEven(step(0, 10, 50), exact("0.2"))).toBe(50n);
    expect(breakEven(step(0, 10, 50), exact("0.19"))).toBeNull();
    expect(breakEven(step(0, 10, 50), exact(0))).toBeNull();
  });

  it("is a root, and the first: below it the price is lower, at it the machines are not dearer", () => {
    const price = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom(1, 10, 100));
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.nat(60),
        fc.integer({ min: 1, max: 40 }),
        price,
        (f, u, r, [numerator, denominator]) => {
          const machines = step(f, u, r);
          const each = exact(numerator / denominator);
          const isDearer = (n: bigint) => costAt(machines, n) * BigInt(denominator) > n * BigInt(numerator);
          const root = breakEven(machines, each);
          const first =
            Array.from({ length: 3000 }, (_, n) => BigInt(n + 1)).find((n) => !isDearer(n)) ?? null;
          if (root === null) expect(first).toBeNull();
          else if (root <= 3000n) expect(root).toBe(first ?? -1n);
          // One request less costs less than the machines; so the two are equal to within one request.
          if (root !== null && root > 1n)
            expect([isDearer(root), isDearer(root - 1n)]).toEqual([false, true]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("from any point on, and back to where the stretch around it begins, are those of trying every number", () => {
    const price = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom(1, 10, 100));
    const around = fc.integer({ min: 1, max: 1500 });
    const way = fc.tuple(fc.nat(300), fc.nat(60), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(
        fc.array(way, { minLength: 1, maxLength: 3 }),
        price,
        around,
        (list, [numerator, denominator], at) => {
          const ways = list.map(([f, u, r], index) => ({ name: `${index}`, step: step(f, u, r) }));
          const each = exact(numerator / denominator);
          const isDearer = (n: number) =>
            ways.every(
              ({ step: machines }) =>
                costAt(machines, BigInt(n)) * BigInt(denominator) > BigInt(n * numerator),
            );
          const next = Array.from({ length: 3000 }, (_, n) => at + n).find((n) => !isDearer(n));
          const found = firstOf(ways, each, BigInt(at));
          if (next === undefined) expect(found === null || found.root > 3000n).toBe(true);
          else expect(found!.root).toBe(BigInt(next));
          let since: number | null = null;
          for (let n = at; n >= 1 && !isDearer(n); n--) since = n;
          expect(sinceWhen(ways, each, BigInt(at))).toBe(since === null ? null : BigInt(since));
        },
      ),
      { numRuns: 500 },
    );
  });
});
