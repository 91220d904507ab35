import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { discounted } from "../../cost/discount.ts";
import { bill, graphOf, linesOf, nodeGroup, plan, pool, resource, without } from "./fixtures.ts";

const GRAPH = graphOf(
  ...nodeGroup("system", { min: 2, desired: 2, max: 2 }),
  resource("aws:eks/cluster:Cluster", "main", { version: "1.35" }),
);
const of = (discountPct: number | null, capacity: "on-demand" | "spot" = "on-demand") =>
  bill(GRAPH, {
    plan: plan({ nodePools: [pool({ capacity })], pricing: discountPct === null ? null : { discountPct } }),
  });

describe("a discount by agreement", () => {
  it("is taken off every list price, exactly", () => {
    const document = of(12.5);
    // Two m6i.large at 0.096 USD an hour: 0.084; a control plane at 0.10: 0.0875; 730 hours.
    const nodes = linesOf(document, "system").find(({ unit }) => unit === "instance-hour");
    expect([nodes!.unitPriceUsd, nodes!.monthlyUsd!.expected]).toEqual(["0.084", "122.640000"]);
    expect(linesOf(document, "main")[0]!.monthlyUsd!.expected).toBe("63.875000");
    // g6e.xlarge at 1.861 USD an hour: 1.628375, 365 node-hours.
    expect(linesOf(document, "plan:node-pool:chat-elastic")[0]!.monthlyUsd!.expected).toBe("594.356875");
    expect(nodes!.source).toMatch(/less 12\.5% by agreement/);
  });

  it("of nothing, or none, changes nothing", () => {
    expect(of(0)).toEqual(of(null));
  });

  it("does not touch spot prices, or make a price of what has none", () => {
    const spot = (document: ReturnType<typeof of>) =>
      linesOf(document, "plan:node-pool:chat-elastic")[0]!.unitPriceUsd;
    expect(spot(of(30, "spot"))).toBe(spot(of(null, "spot")));
    const book = discounted(without("g6e.xlarge", "eks.cluster.hour"), 30);
    expect(book.servicePrice("eks.cluster.hour", "us-east-1")).toBeNull();
    expect(book.instancePrice("g6e.xlarge", "us-east-1").onDemandUsdPerHour).toBeNull();
  });

  it("that is larger never makes a bill larger", () => {
    const total = (percent: number) => Number(of(percent).totals.monthlyUsd.expected);
    const percent = fc.integer({ min: 0, max: 9999 }).map((hundredths) => hundredths / 100);
    fc.assert(
      fc.property(percent, percent, (a, b) => {
        expect(total(Math.max(a, b))).toBeLessThanOrEqual(total(Math.min(a, b)));
      }),
      { numRuns: 30 },
    );
  });
});
