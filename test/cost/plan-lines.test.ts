import { describe, expect, it } from "vitest";
import { annuity, starts, weightsTraffic } from "../../cost/index.ts";
import type { HardwarePlan, LoadPlan } from "../../plan/index.ts";
import { bill, graphOf, linesOf, model, nodeGroup, plan, pool, resource } from "./fixtures.ts";

const load = (part: Partial<LoadPlan> = {}): LoadPlan => ({
  requestsPerHour: 100,
  inputTokens: 800,
  outputTokens: 200,
  week: new Array<number>(168).fill(1),
  replicas: new Array<number>(168).fill(1),
  requestsPerMonth: 73_000,
  simulation: { nodes: 1 } as LoadPlan["simulation"],
  ...part,
});

const HARDWARE: HardwarePlan = {
  purchaseUsd: 100_000,
  purchasedOn: "2026-01-15",
  source: "quote 4711",
  salvagePct: 10,
  years: 1,
  interestPct: 12,
  powerWatts: 5000,
  pue: 1.4,
  usdPerKwh: 0.15,
  colocationUsdPerMonth: 800,
  sparesPctPerYear: 0,
  engineerHoursPerMonth: 20,
  usdPerEngineerHour: 90,
};

describe("nodes that Karpenter starts", () => {
  const document = bill(graphOf(), { plan: plan({ nodePools: [pool()] }) });
  const lines = linesOf(document, "plan:node-pool:chat-elastic");

  it("are hours of the pool's nodes in the three cases, and their volumes", () => {
    expect(lines.map(({ what, quantity }) => [what, quantity])).toEqual([
      ["g6e.xlarge on-demand", { min: 0, expected: 365, max: 1460 }],
      ["root volumes (gp3)", { min: 0, expected: 75, max: 300 }],
    ]);
    // g6e.xlarge in us-east-1 is 1.861 USD an hour.
    expect(lines[0]!.monthlyUsd).toEqual({ min: "0.000000", expected: "679.265000", max: "2717.060000" });
  });

  it("keep the hours of a schedule to nine places", () => {
    const nodes = { min: 55 / 168, expected: 55 / 168, max: 55 / 168 };
    const scheduled = bill(graphOf(), { plan: plan({ nodePools: [pool({ nodes })] }) });
    expect(scheduled.lines[0]!.quantity!.expected).toBe(238.988095238);
  });

  it("are counted once: a managed pool is a node group of the graph", () => {
    const managed = pool({ name: "system", provisioner: "managed", nodes: { min: 2, expected: 2, max: 2 } });
    const both = bill(graphOf(...nodeGroup("system", { min: 2, desired: 2, max: 2 })), {
      plan: plan({ nodePools: [managed] }),
    });
    expect(both.lines.filter(({ unit }) => unit === "instance-hour")).toHaveLength(1);
  });

  it("do not exist without the Kubernetes layer that holds their pool", () => {
    expect(bill(graphOf(), { plan: plan({ nodePools: [pool()], kubernetes: null }) }).lines).toEqual([]);
  });

  it("take the volume of their node class", () => {
    const ebs = { volumeType: "gp3", volumeSize: "200Gi", iops: 6000, throughput: 600 };
    const pair = {
      nodeClass: { spec: { blockDeviceMappings: [{ ebs }] } },
      nodePool: { metadata: { name: "chat" } },
    };
    const own = bill(graphOf(), {
      plan: plan({ nodePools: [pool()], kubernetes: { karpenter: [pair] } as never }),
    });
    expect(linesOf(own, "plan:node-pool:chat-elastic").map(({ quantity }) => quantity!.max)).toEqual([
      1460, 400, 6000, 950,
    ]);
  });

  it("on spot cost less than on demand", () => {
    const spot = bill(graphOf(), { plan: plan({ nodePools: [pool({ capacity: "spot" })] }) });
    expect(Number(spot.totals.usageUsd.max)).toBeLessThan(Number(document.totals.usageUsd.max));
  });
});

describe("owned hardware", () => {
  it("is paid off as an annuity", () => {
    // Textbook: 100,000 at 1% a month over 12 months is 8,884.88 a month; the sinking fund factor is 0.0788488.
    expect(annuity(100_000, 0, 12, 1)).toBe("8884.878868");
    expect(Number(annuity(100_000, 10, 12, 1))).toBeCloseTo(8884.878868 - 10_000 * 0.0788487887, 4);
    expect(annuity(36_000, 0, 0, 3)).toBe("1000.000000");
    expect(annuity(36_000, 25, 0, 3)).toBe("750.000000");
    // A 30-year loan of 200,000 at 6%: 1,199.10 a month in every table.
    expect(Number(annuity(200_000, 0, 6, 30))).toBeCloseTo(1199.1, 2);
    // What keeps its whole worth costs its interest.
    expect(annuity(120_000, 100, 5, 4)).toBe("500.000000");
  });

  it("is four fixed lines with the user's own source", () => {
    const document = bill(graphOf(), { plan: plan({ region: null, hardware: HARDWARE }) });
    expect(
      linesOf(document, "plan:hardware").map(({ what, monthlyUsd }) => [what, monthlyUsd!.expected]),
    ).toEqual([
      ["purchase", "8096.390981"],
      // 5 kW × 1.4 × 730 h = 5,110 kWh.
      ["electricity", "766.500000"],
      ["colocation", "800.000000"],
      ["people", "1800.000000"],
    ]);
    expect(document.lines[0]).toMatchObject({ kind: "fixed", source: "quote 4711", asOf: "2026-01-15" });
    expect(document.lines[1]!.asOf).toBe("2026-11-24");
    expect(document.pricesAsOf).toEqual({
      oldest: null,
      newest: null,
      reason: "no price of a price list is used",
    });
    expect(document.totals.resources).toMatchObject({ total: 1, priced: 1 });
  });

  it("has spares where the stack file states them", () => {
    const lines = (sparesPctPerYear: number) =>
      bill(graphOf(), {
        plan: plan({ region: null, hardware: { ...HARDWARE, sparesPctPerYear } }),
      }).lines.filter(({ what }) => what === "spares");
    // Five per cent of 100,000 USD a year, by twelve.
    expect(lines(5).map(({ monthlyUsd }) => monthlyUsd!.expected)).toEqual(["416.666667"]);
    expect(lines(0)).toEqual([]);
  });

  it("pays the nodes of the cluster; without it nobody knows what they cost", () => {
    const existing = pool({ name: "chat", provisioner: "existing", instance: null, capacity: "owned" });
    const kind = (hardware: HardwarePlan | null) =>
      bill(graphOf(), { plan: plan({ nodePools: [existing], hardware }) }).lines[0]!.kind;
    expect(kind(HARDWARE)).toBe("free");
    expect(kind(null)).toBe("unknown");
  });
});

describe("weights", () => {
  it("start once a replica at least, and again for each step up of the week", () => {
    const replicas = Array.from({ length: 168 }, (_, hour) => (hour % 24 >= 8 && hour % 24 < 18 ? 3 : 1));
    const { min, expected, max } = starts(model({ load: load({ replicas }) }));
    expect([min, max]).toEqual([1, 90]);
    // Two replicas more on each of seven mornings, 730/168 weeks.
    expect(expected).toBeCloseTo(1 + 14 * (730 / 168), 6);
    expect(starts(model())).toEqual({ min: 1, expected: 1, max: 90 });
  });

  it("are stored once and read at every start", () => {
    const own = plan({
      models: [model(), model({ name: "again" })],
      infrastructure: { storage: { bucket: "weights" } } as never,
    });
    const bucket = resource("aws:s3/bucket:Bucket", "bucket", { bucket: "weights" });
    const [stored, , read] = bill(graphOf(bucket), { plan: own }).lines;
    expect(stored!.quantity).toEqual({ min: 10, expected: 10, max: 10 });
    // Two engines × 10 GiB in parts of 8 MiB: 2,560 requests.
    expect(read!.quantity!.min).toBe(2.56);
  });

  it("from the hub go through the NAT gateways, shared evenly", () => {
    const hub = plan({ models: [model({ engineArgs: ["org/chat"] })] });
    expect(weightsTraffic(hub, "hub").min).toBe(10);
    const nat = (name: string) => resource("aws:ec2/natGateway:NatGateway", name);
    const through = (...names: string[]) =>
      bill(graphOf(...names.map(nat)), { plan: hub }).lines.find(({ what }) =>
        what.startsWith("data through"),
      )!;
    expect(through("a").quantity!.min).toBe(10);
    expect(through("a", "b").quantity!.min).toBe(5);
    const bucketPlan = plan({ models: [model()] });
    expect(bill(graphOf(nat("a")), { plan: bucketPlan }).lines[1]!.quantity!.min).toBe(0);
  });
});

describe("budget and tokens", () => {
  const stack = (part: object) => bill(graphOf(), { plan: plan({ hardware: HARDWARE, ...part }) });
  const usd = 8096.390981 + 766.5 + 800 + 1800;

  it("prices a million tokens of the stated load", () => {
    const document = stack({ models: [model({ load: load() })] });
    // 73,000 requests × 1,000 tokens.
    expect(Number(document.totals.perMillionTokensUsd!.expected)).toBeCloseTo(usd / 73, 5);
    expect(document.totals.perMillionTokensReason).toBeNull();
  });

  it("has no token price where a load is not known or zero", () => {
    expect(stack({ models: [model({ load: load() }), model({ name: "other" })] }).totals).toMatchObject({
      perMillionTokensUsd: null,
      perMillionTokensReason: "no load is given for other",
    });
    expect(
      stack({ models: [model({ load: load({ requestsPerMonth: 0 }) })] }).totals.perMillionTokensUsd,
    ).toBeNull();
  });

  it.each([
    [0, "over"],
    [11462.89, "over"],
    [11462.890981, "under"],
    [20000, "under"],
  ])("of %d USD a month is %s", (monthlyUsd, status) => {
    const { budget } = stack({ budget: { basis: "expected", monthlyUsd, perMillionTokensUsd: null } });
    expect(budget.status).toBe(status);
    expect(budget.reasons).toHaveLength(1);
  });

  it("says by how much it is over", () => {
    const { budget } = stack({ budget: { basis: "expected", monthlyUsd: 11462, perMillionTokensUsd: null } });
    expect(budget.reasons[0]).toContain("$0.89 over");
  });

  it("looks at the case that it names", () => {
    const pools = { hardware: null, nodePools: [pool()] };
    const status = (basis: string) =>
      stack({ ...pools, budget: { basis, monthlyUsd: 1000, perMillionTokensUsd: null } }).budget.status;
    expect([status("expected"), status("max")]).toEqual(["under", "over"]);
  });

  it("is judged for tokens too, and not judged without a load", () => {
    const budget = { basis: "expected", monthlyUsd: 20000, perMillionTokensUsd: 1 };
    expect(stack({ budget, models: [model({ load: load() })] }).budget.status).toBe("over");
    const silent = stack({ budget: { ...budget, monthlyUsd: null }, models: [model()] }).budget;
    expect(silent.status).toBe("none");
    expect(silent.reasons[0]).toContain("not judged");
  });

  it("says that what has no price is not in it", () => {
    const document = bill(graphOf(resource("aws:rds/instance:Instance", "db")), {
      plan: plan({ budget: { basis: "expected", monthlyUsd: 5, perMillionTokensUsd: null } }),
    });
    expect(document.budget.status).toBe("under");
    expect(document.budget.reasons.join()).toContain("1 resources have something without a price");
  });

  it("is none without one", () => {
    expect(stack({}).budget).toMatchObject({ status: "none", reasons: [] });
  });
});
