import { describe, expect, it } from "vitest";
import { planLoad } from "../../../plan/load/index.ts";
import { offsetHours, rotated, trafficWeek, uptimeWeek } from "../../../plan/load/week.ts";
import { planned, SUBJECT, stackWith } from "./subject.ts";

const shares = (...at: number[]) => Array.from({ length: 24 }, (_, hour) => (at.includes(hour) ? 1 : 0));

describe("the week of a service", () => {
  it("counts a schedule's hours, halves included", () => {
    const week = uptimeWeek({ timezone: "UTC", days: ["Mon", "Sun"], start: "08:30", end: "19:00" });
    expect(week.reduce((sum, up) => sum + up, 0)).toBe(21);
    expect(week[8]).toBe(0.5);
    expect(week[6 * 24 + 18]).toBe(1);
    expect(week[24]).toBe(0);
  });

  it("has weekdays and weekends by the hour", () => {
    const { spec } = stackWith(
      { requestsPerHour: 1, profile: "hourly", weekday: shares(9), weekend: shares(20) },
      { min: 1, max: 1 },
    );
    const week = trafficWeek(spec.load!, undefined);
    expect(week.flatMap((share, hour) => (share > 0 ? [hour] : []))).toEqual([9, 33, 57, 81, 105, 140, 164]);
  });
});

describe("time zones", () => {
  it.each([
    ["UTC", 0],
    ["Europe/Berlin", 1],
    ["Asia/Kolkata", 5.5],
    ["America/Los_Angeles", -8],
    ["Pacific/Kiritimati", 14],
    ["Pacific/Pago_Pago", -11],
  ])("%s is %d hours ahead of UTC in January", (zone, hours) => {
    expect(offsetHours(zone)).toBe(hours);
  });

  it("put a load on the clock of the schedule", () => {
    // Nine in Kolkata is 4:30 in Berlin; each half lands in its own hour, and Monday's comes on Monday.
    const load = { requestsPerHour: 1, profile: "hourly", weekday: shares(9), weekend: shares(9) };
    const all = { timezone: "Europe/Berlin", days: ["Mon"], start: "00:00", end: "12:00" };
    const { spec } = stackWith({ ...load, timezone: "Asia/Kolkata" }, { min: 1, max: 1 }, all);
    const week = trafficWeek(spec.load!, spec.schedule);
    expect(week.slice(3, 7)).toEqual([0, 0.5, 0.5, 0]);
    expect(week.slice(24).every((share) => share === 0)).toBe(true);
  });

  it("keep the sum of a week", () => {
    const week = Array.from({ length: 168 }, (_, hour) => (hour * 7) % 11);
    const sum = (list: number[]) => list.reduce((total, value) => total + value, 0);
    for (const ahead of [-11, -0.5, 0, 0.25, 5.5, 14])
      expect(sum(rotated(week, ahead))).toBeCloseTo(sum(week), 9);
  });
});

describe("a file of counted hours", () => {
  const { spec, model } = stackWith({ profile: "file", requestsFile: "./counted.csv" }, { min: 1, max: 4 });
  const file = (requests: number[]) => planLoad(model, spec, SUBJECT, { requests, hourOfWeek: 50 })!;

  it("that is a flat week says what the flat profile says", () => {
    const flat = planned({ requestsPerHour: 500, profile: "flat" }, { min: 1, max: 4 });
    const { simulation, requestsPerMonth, requestsPerHour } = file(new Array<number>(168).fill(500));
    expect(simulation.nodes).toBe(flat.simulation.nodes);
    expect([requestsPerMonth, requestsPerHour]).toEqual([flat.requestsPerMonth, 500]);
  });

  it("is simulated as it is: a peak of one week stays a peak", () => {
    // Three weeks of 100 an hour; in the second, 1,000 for one hour: three replicas.
    const requests = new Array<number>(504).fill(100);
    requests[200] = 1000;
    const { simulation, requestsPerHour } = file(requests);
    expect(requestsPerHour).toBe(1000);
    expect(simulation.weeks).toMatchObject([{ peakRequestsPerHour: 1000 }]);
    expect(simulation.nodes).toBeGreaterThan(1 + 1.5 / 504);
    expect(simulation.nodes).toBeLessThan(1 + 3 / 504);
    // The replicas that the peak asks for are ready too late for it.
    expect(simulation.hoursAboveCapacityPerMonth).toBeCloseTo(730 / 504, 5);
  });

  it("counts whole weeks only, so that no day of the week weighs more", () => {
    const requests = new Array<number>(168 + 20).fill(100).fill(900, 168);
    expect(file(requests).requestsPerMonth).toBe(73_000);
  });
});
