import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { subnet } from "../../plan/infrastructure/cidr.ts";

/** First and last address of a block, by an independent route: bit strings. */
function bounds(cidr: string): [number, number] {
  const [address, prefix] = cidr.split("/") as [string, string];
  const bits = address
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("")
    .slice(0, Number(prefix));
  return [Number.parseInt(bits.padEnd(32, "0"), 2), Number.parseInt(bits.padEnd(32, "1"), 2)];
}

describe("subnets", () => {
  it("cuts the way AWS documents it", () => {
    expect(subnet("10.40.0.0/16", 19, 1)).toBe("10.40.32.0/19");
    expect(subnet("172.16.0.0/20", 23, 7)).toBe("172.16.14.0/23");
    expect(() => subnet("10.0.0.0/16", 19, 8)).toThrow(RangeError);
  });

  it("keeps blocks inside the network and apart from each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 15 }), (prefix, second) => {
        const block = `10.${second}.0.0/${prefix}`;
        const [low, high] = bounds(block);
        const cuts = Array.from({ length: 8 }, (_, index) => bounds(subnet(block, prefix + 3, index)));
        for (const [index, [first, last]] of cuts.entries()) {
          expect(first).toBeGreaterThanOrEqual(low);
          expect(last).toBeLessThanOrEqual(high);
          if (index > 0) expect(first).toBe(cuts[index - 1]![1] + 1);
        }
      }),
    );
  });
});
