import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeBounds } from "../../../plan/load/index.ts";
import { WEEKS_PER_MONTH } from "../../../plan/load/week.ts";
import { planned, SUBJECT, stackWith } from "./subject.ts";

const OFFICE = { timezone: "UTC", days: ["Mon"], start: "08:00", end: "10:00" };

describe("the load of a model", () => {
  it("that is flat costs the replicas that it needs, all hours: the closed form", () => {
    // 1,000 requests an hour at 360 a replica: three replicas, on nodes of two.
    const { simulation, requestsPerMonth, replicas } = planned(
      { requestsPerHour: 1000, profile: "flat" },
      { min: 1, max: 9 },
      { subject: { replicasPerNode: 2 } },
    );
    expect(simulation).toMatchObject({
      replicas: 3,
      nodes: 2,
      utilisation: 0.925926,
      idleShare: 0.305556,
      hoursAboveCapacityShare: 0,
      longestQueue: 0,
      startsPerMonth: 0,
      interruptionsPerMonth: 0,
      reason: null,
    });
    expect(requestsPerMonth).toBe(730_000);
    expect(new Set(replicas)).toEqual(new Set([3]));
  });

  it("of business hours, worked by hand", () => {
    // 500 requests an hour from 8 to 18: two replicas. 50 otherwise: one.
    const { simulation, requestsPerMonth, replicas } = planned(
      { requestsPerHour: 500, profile: "business-hours" },
      { min: 1, max: 4 },
    );
    // The excess of 140 an hour makes 8 requests wait after 8/140 h; then a question of KEDA's (15 s) and a first look
    // of the autoscaler (30 s).
    const asked = 8 / 140 + 45 / 3600;
    expect(replicas[8]).toBeCloseTo(2 - asked, 9);
    expect(replicas[9]).toBe(2);
    // After 18:00 the autoscaler looks for 300 s before it takes one away.
    expect(replicas[18]).toBeCloseTo(1 + 300 / 3600, 9);
    expect(replicas[3]).toBe(1);
    // The node goes ten minutes after its replica.
    const extra = 5 * (10 - asked + (300 + 600) / 3600);
    expect(simulation.nodes).toBeCloseTo(1 + extra / 168, 9);
    expect(requestsPerMonth).toBe(Math.round((500 * 50 + 50 * 118) * WEEKS_PER_MONTH));
    // Ready 510 + 210 s later: in the first hour 1 + (1 − asked − 0.2) replicas answer 622 requests, more than 500.
    expect(simulation.hoursAboveCapacityShare).toBe(0);
    expect(simulation.startsPerMonth).toBeCloseTo(5 * WEEKS_PER_MONTH, 5);
    const ready = 168 + 5 * (10 - asked - 0.2 + 300 / 3600);
    expect(simulation.utilisation).toBeCloseTo((500 * 50 + 50 * 118) / (360 * ready), 5);
  });

  it("waits in the hours in which more arrives than replicas answer", () => {
    // One replica at most: 500 against 360 an hour, ten hours a day; the queue of 1,400 drains at 310 an hour.
    const { simulation } = planned({ requestsPerHour: 500, profile: "business-hours" }, { min: 1, max: 1 });
    expect(simulation.hoursAboveCapacityShare).toBe(0.297619);
    expect(simulation.hoursAboveCapacityPerMonth).toBeCloseTo((50 / 168) * 730, 3);
    expect(simulation.longestQueue).toBe(1400);
    expect(simulation.nodes).toBe(1);
  });

  it("is down outside its schedule, but for what closing takes, and cold when it opens", () => {
    const { simulation, requestsPerMonth } = planned(
      { requestsPerHour: 36, profile: "schedule" },
      { min: 1, max: 1 },
      { schedule: OFFICE, subject: { floorNodes: 0 } },
    );
    // Opened by the schedule after 15 s; gone 300 s after it closes, its node 600 s later.
    expect(simulation.replicas).toBeCloseTo((2 - 15 / 3600 + 300 / 3600) / 168, 6);
    expect(simulation.nodes).toBeCloseTo((2 - 15 / 3600 + 900 / 3600) / 168, 9);
    expect(requestsPerMonth).toBe(Math.round(72 * WEEKS_PER_MONTH));
    expect(simulation.longestQueue).toBe(0);
  });

  it("is above capacity in the first hour if a start takes too much of it", () => {
    const at = (requestsPerHour: number) =>
      planned(
        { requestsPerHour, profile: "schedule" },
        { min: 1, max: 1 },
        { schedule: OFFICE, subject: { floorNodes: 0 } },
      ).simulation.hoursAboveCapacityPerMonth;
    // Ready after 15 + 510 + 210 s: 286.5 requests can be answered in the first hour.
    expect(at(286)).toBe(0);
    expect(at(287)).toBeCloseTo(730 / 168, 5);
  });

  it("keeps the floor where throughput is unknown, and says so", () => {
    const { simulation } = planned(
      { requestsPerHour: 1e6, profile: "flat" },
      { min: 2, max: 6 },
      { subject: { outputTokensPerSecond: null, floorNodes: 2 } },
    );
    expect(simulation).toMatchObject({
      replicas: 2,
      utilisation: null,
      idleShare: null,
      hoursAboveCapacityShare: null,
    });
    expect(simulation.reason).toMatch(/throughput/);
  });

  it("loses what reclaimed spot nodes are away for, and nothing else", () => {
    // A fifth of the nodes a month, each away for 720 s: 0.2 h × 0.2 of 730 h.
    const { simulation } = planned(
      { requestsPerHour: 100, profile: "flat" },
      { min: 1, max: 1 },
      { subject: { floorNodes: 0, interruption: { perMonth: 0.2, band: ">20%" } } },
    );
    expect(simulation.nodes).toBe(1);
    expect(simulation.interruptionsPerMonth).toBe(0.2);
    expect(simulation.utilisation).toBeCloseTo(100 / (360 * (1 - (0.2 * 0.2) / 730)), 6);
    const unknown = planned(
      { requestsPerHour: 100, profile: "flat" },
      { min: 1, max: 1 },
      { subject: { floorNodes: 0, interruption: { perMonth: null, band: null } } },
    );
    expect(unknown.simulation.interruptionsPerMonth).toBeNull();
  });
});

describe("seasons and growth", () => {
  it("weigh by their months", () => {
    const { simulation, requestsPerMonth } = planned(
      {
        requestsPerHour: 300,
        profile: "flat",
        seasons: [{ name: "sale", months: [11, 12, 1], factor: 2 }],
      },
      { min: 1, max: 4 },
    );
    // Three months at 600 an hour (two replicas), nine at 300 (one).
    expect(
      simulation.weeks.map(({ season, factor, weight, nodes }) => [season, factor, weight, nodes]),
    ).toEqual([
      ["sale", 2, 0.25, 2],
      [null, 1, 0.75, 1],
    ]);
    expect(simulation.nodes).toBe(1.25);
    expect(requestsPerMonth).toBe(375 * 730);
  });

  it("is the mean of its months", () => {
    const { simulation, requestsPerMonth } = planned(
      { requestsPerHour: 300, profile: "flat", growthPctPerMonth: 50, growthMonths: 3 },
      { min: 1, max: 4 },
    );
    // 300, 450 and 675 an hour: one, two, two replicas.
    expect(simulation.weeks.map(({ factor, nodes }) => [factor, nodes])).toEqual([
      [1, 1],
      [1.5, 2],
      [2.25, 2],
    ]);
    expect(simulation.nodes).toBeCloseTo(5 / 3, 9);
    expect(requestsPerMonth).toBe(475 * 730);
  });
});

describe("any load", () => {
  const share = fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10);
  const day = fc.array(share, { minLength: 24, maxLength: 24 }).filter((shares) => Math.max(...shares) > 0);
  const any = fc.record({
    weekday: day,
    weekend: day,
    requestsPerHour: fc.integer({ min: 1, max: 5000 }),
    min: fc.integer({ min: 1, max: 4 }),
    more: fc.integer({ min: 0, max: 8 }),
    perNode: fc.integer({ min: 1, max: 4 }),
    growthPctPerMonth: fc.constantFrom(0, 0, 20, -20),
    scheduled: fc.boolean(),
  });
  const SCHEDULE = { timezone: "UTC", days: ["Mon", "Wed", "Sat"], start: "07:30", end: "18:45" };

  it("stays between its bounds, and more of it never takes fewer nodes", () => {
    fc.assert(
      fc.property(any, fc.double({ min: 1, max: 5, noNaN: true }), (given, times) => {
        const { weekday, weekend, min, more, perNode, scheduled } = given;
        const schedule = scheduled ? SCHEDULE : undefined;
        const subject = { replicasPerNode: perNode, floorNodes: scheduled ? 0 : Math.ceil(min / perNode) };
        const of = (requestsPerHour: number) =>
          planned(
            {
              requestsPerHour,
              weekday,
              weekend,
              profile: "hourly",
              growthPctPerMonth: given.growthPctPerMonth,
              growthMonths: 3,
            },
            { min, max: min + more },
            { ...(schedule && { schedule }), subject },
          ).simulation;
        const [less, most] = [of(given.requestsPerHour), of(given.requestsPerHour * times)];
        expect(most.nodes).toBeGreaterThanOrEqual(less.nodes - 1e-9);
        const { spec, model } = stackWith(
          { requestsPerHour: 1, profile: "flat" },
          { min, max: min + more },
          schedule,
        );
        const bounds = nodeBounds(model, spec, { ...SUBJECT, ...subject });
        expect(less.nodes).toBeGreaterThanOrEqual(bounds.min - 1e-9);
        expect(most.nodes).toBeLessThanOrEqual(bounds.max + 1e-9);
        for (const { utilisation, idleShare } of [less, most]) {
          expect(utilisation ?? 0).toBeLessThanOrEqual(1);
          expect(idleShare ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
