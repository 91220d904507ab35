import { describe, expect, it } from "vitest";
import { mean, planLoad, uptimeWeek, WEEKS_PER_MONTH } from "../../plan/load.ts";

const model = (min: number, max: number) => ({ replicas: { min, max } }) as never;
const spec = (load: object, schedule?: object) => ({ load, schedule }) as never;

describe("the week of a service", () => {
  it("counts a schedule's hours, halves included", () => {
    const week = uptimeWeek({ timezone: "UTC", days: ["Mon", "Sun"], start: "08:30", end: "19:00" });
    expect(week.reduce((sum, up) => sum + up, 0)).toBe(21);
    expect(week[8]).toBe(0.5);
    expect(week[6 * 24 + 18]).toBe(1);
    expect(week[24]).toBe(0);
  });

  it("asks for as many replicas as the hour's answers need, and no more than the bound", () => {
    // 100 tokens/s are 360,000 an hour: 1,200 answers of 300 tokens.
    const output = { low: 80, expected: 100, high: 120 };
    const load = {
      requestsPerHour: 3000,
      inputTokens: 1000,
      outputTokens: 300,
      profile: "business-hours" as const,
    };
    const plan = planLoad(model(1, 2), spec(load), output)!;
    expect(plan.replicas[9]).toBe(2);
    expect(plan.replicas[3]).toBe(1);
    expect(planLoad(model(1, 9), spec(load), output)!.replicas[9]).toBe(3);
    // Fifty busy hours and 118 at a tenth.
    expect(plan.requestsPerMonth).toBe(Math.round(3000 * (50 + 11.8) * WEEKS_PER_MONTH));
  });

  it("is down outside its schedule", () => {
    const schedule = { timezone: "UTC", days: ["Mon"], start: "08:00", end: "10:00" };
    const load = { requestsPerHour: 10, inputTokens: 1, outputTokens: 1, profile: "schedule" as const };
    const plan = planLoad(model(1, 1), spec(load, schedule), null)!;
    expect(mean(plan.replicas) * 168).toBe(2);
    expect(plan.requestsPerMonth).toBe(Math.round(20 * WEEKS_PER_MONTH));
  });

  it("keeps the floor where throughput is unknown", () => {
    const load = { requestsPerHour: 1e6, inputTokens: 1, outputTokens: 1, profile: "flat" as const };
    expect(mean(planLoad(model(2, 6), spec(load), null)!.replicas)).toBe(2);
  });
});
