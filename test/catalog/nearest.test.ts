import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance, nearest } from "../../config/nearest.ts";

describe("distance", () => {
  it.each([
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["region", "regoin", 1],
    ["ca", "abc", 3],
    ["us-east-1", "us-east-1", 0],
  ])("%s to %s is %i", (a, b, steps) => {
    expect(distance(a, b)).toBe(steps);
  });

  it("is symmetric, zero only for equals and at most the longer length", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const steps = distance(a, b);
        expect(steps).toBe(distance(b, a));
        expect(steps === 0).toBe(a === b);
        expect(steps).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(steps).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  it("counts one edit as one", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.nat(), (word, at) => {
        const i = at % word.length;
        expect(distance(word, word.slice(0, i) + word.slice(i + 1))).toBe(1);
      }),
    );
  });
});

describe("nearest", () => {
  it("puts the closest first, ignores case and leaves out what is far", () => {
    expect(nearest("KARPENTR", ["keda", "karpenter", "karpenter-crd"], 2)).toEqual(["karpenter"]);
    expect(nearest("replica", ["replicas", "region", "models"], 3)).toEqual(["replicas"]);
    expect(nearest("qqqqqq", ["replicas", "region"], 3)).toEqual([]);
    expect(nearest("Qwen3-32B", ["Qwen/Qwen3-32B", "Qwen/Qwen3-8B"], 1)).toEqual(["Qwen/Qwen3-32B"]);
  });

  it("returns each candidate once and in a stable order", () => {
    expect(nearest("ab", ["ac", "aa", "ac"], 5)).toEqual(["aa", "ac"]);
  });
});
