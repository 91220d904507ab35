import { describe, expect, it } from "vitest";
import { files } from "./fixtures.ts";
import { document, type Json, STACKS } from "./run.ts";

const CASES = ["min", "expected", "max"] as const;
const PLACES = 6;

/** A decimal text as a fraction of integers, by hand: the cost room's own arithmetic is what is tested. */
function fraction(text: string): [numerator: bigint, scale: number] {
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e") as [string, string?];
  const [whole, places = ""] = mantissa.split(".") as [string, string?];
  const scale = places.length - Number(exponent);
  const units = BigInt(whole + places);
  return scale >= 0 ? [units, scale] : [units * 10n ** BigInt(-scale), 0];
}

/** quantity × price in micro-dollars, a half to the even one. Neither is below zero. */
function product(quantity: number, price: string): bigint {
  const [a, b] = [fraction(String(quantity)), fraction(price)];
  const [units, scale] = [a[0] * b[0], a[1] + b[1]];
  if (scale <= PLACES) return units * 10n ** BigInt(PLACES - scale);
  const divisor = 10n ** BigInt(scale - PLACES);
  const [whole, rest] = [units / divisor, units % divisor];
  const up = rest * 2n > divisor || (rest * 2n === divisor && whole % 2n === 1n);
  return up ? whole + 1n : whole;
}

const micro = (text: string) => BigInt(text.replace(".", ""));
const text = (amount: bigint) => {
  const digits = String(amount).padStart(PLACES + 1, "0");
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
};

it("rounds a half to the even micro-dollar, by this file's own arithmetic", () => {
  expect(product(0.5, "0.000001")).toBe(0n);
  expect(product(1.5, "0.000001")).toBe(2n);
  expect(product(2.5, "0.000001")).toBe(2n);
  expect(product(1e-7, "10")).toBe(1n);
  expect(product(730, "13.12002")).toBe(9_577_614_600n);
});

describe.each(STACKS)("the figures of %s", (stack) => {
  const preview = () => document("preview", "-s", stack);

  it("are quantity times unit price on every line, in order of the cases", async () => {
    const { bill } = await preview();
    expect(bill.lines.length).toBeGreaterThan(0);
    for (const line of bill.lines as Json[]) {
      if (line.quantity) {
        const { min, expected, max } = line.quantity;
        expect([min <= expected, expected <= max], line.what).toEqual([true, true]);
      }
      if (line.kind === "unknown") continue;
      for (const name of CASES)
        expect(line.monthlyUsd[name], `${line.resource} ${line.what} ${name}`).toBe(
          text(product(line.quantity[name], line.unitPriceUsd)),
        );
      const [min, expected, max] = CASES.map((name) => micro(line.monthlyUsd[name]));
      expect([min! <= expected!, expected! <= max!], line.what).toEqual([true, true]);
    }
  });

  it("add up: totals are sums of lines, and fixed and usage make the whole", async () => {
    const { bill } = await preview();
    const sum = (kinds: string[], name: (typeof CASES)[number]) =>
      (bill.lines as Json[])
        .filter((line) => kinds.includes(line.kind))
        .reduce((total, line) => total + micro(line.monthlyUsd[name]), 0n);
    for (const name of CASES) {
      expect(bill.totals.fixedUsd[name]).toBe(text(sum(["fixed"], name)));
      expect(bill.totals.usageUsd[name]).toBe(text(sum(["usage"], name)));
      expect(bill.totals.monthlyUsd[name]).toBe(text(sum(["fixed", "usage", "free"], name)));
    }
    expect((bill.lines as Json[]).filter(({ kind }) => kind === "free").every(free)).toBe(true);
  });

  it("are the whole bill over the tokens of the load", async () => {
    const { bill, plan } = await preview();
    const tokens = (plan.models as Json[]).reduce(
      (total, { load }) => total + load.requestsPerMonth * (load.inputTokens + load.outputTokens),
      0,
    );
    for (const name of CASES) {
      const expected = Number(bill.totals.monthlyUsd[name]) / (tokens / 1e6);
      expect(Number(bill.totals.perMillionTokensUsd[name])).toBeCloseTo(expected, 5);
    }
  });

  it("count every resource of the bill once", async () => {
    const { bill } = await preview();
    const { total, priced, partial, free: free_, unknown } = bill.totals.resources;
    expect(priced + partial + free_ + unknown).toBe(total);
    const kinds = new Map<string, Set<string>>();
    for (const { resource, kind } of bill.lines as Json[])
      kinds.set(resource, (kinds.get(resource) ?? new Set()).add(kind));
    expect(kinds.size).toBe(total);
    const only = (kind: string) =>
      [...kinds.values()].filter((set) => set.has(kind) && set.size === 1).length;
    expect(only("unknown")).toBe(unknown);
    expect(only("free")).toBe(free_);
  });

  it("count resources by type, and the bill holds all of them but those that only the plan knows", async () => {
    const { resources, bill } = await preview();
    const types = Object.values(resources.byType) as number[];
    expect(types.reduce((total, count) => total + count, 0)).toBe(resources.total);
    const billed = new Set((bill.lines as Json[]).map(({ resource }) => resource as string));
    const graph = [...billed].filter((name) => name.startsWith("urn:"));
    expect(graph.length).toBe(resources.total);
  });

  it("count every control once for every graph", async () => {
    const { findings } = await preview();
    const controls = (findings.results as Json[]).flatMap((result) => result.controls as Json[]);
    const count = (verdict: string) => controls.filter((control) => control.verdict === verdict).length;
    const ids = findings.results[0].controls.map((control: Json) => control.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(findings.summary).toEqual({
      fail: count("fail"),
      unknown: count("unknown"),
      waived: count("waived"),
      pass: count("pass"),
      notApplicable: count("not-applicable"),
    });
  });

  it("are within the budget that the stack states, by exactly the difference", async () => {
    const { bill, plan } = await preview();
    expect(bill.budget.monthlyUsd).toBe(plan.budget.monthlyUsd);
    const under = micro(bill.totals.monthlyUsd[bill.budget.basis]) <= micro(bill.budget.monthlyUsd);
    expect(bill.budget.status).toBe(under ? "under" : "over");
  });

  it("say the same in every command", async () => {
    const { plan } = await preview();
    expect(await document("plan", "-s", stack)).toEqual(plan);
  });
});

const free = (line: Json) => CASES.every((name) => line.monthlyUsd[name] === "0.000000");

it("counts findings by control and graph", async () => {
  const made = files();
  try {
    const graphs = ["open", "unknown", "closed"].flatMap((name) => ["--graph", made.path(`${name}.json`)]);
    const { results, summary } = await document("check", ...graphs, "--profile", "gdpr");
    const controls = results.map((result: Json) => result.controls.map((control: Json) => control.id));
    expect(controls[1]).toEqual(controls[0]);
    expect(controls[2]).toEqual(controls[0]);
    const counted = Object.values(summary as Record<string, number>).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(controls[0].length * results.length);
  } finally {
    made.remove();
  }
});

describe("the bill", () => {
  it("is the same by itself, in a preview and in a comparison", async () => {
    const { bill } = await document("preview", "-s", "onprem");
    const own = await document("cost", "-s", "onprem");
    expect(own).toEqual(bill);
    const diff = await document("cost", "diff", "dev", "onprem");
    const dev = (await document("preview", "-s", "dev")).bill;
    for (const name of CASES) {
      expect(diff.totals.old[name]).toBe(dev.totals.monthlyUsd[name]);
      expect(diff.totals.new[name]).toBe(bill.totals.monthlyUsd[name]);
      const delta = micro(bill.totals.monthlyUsd[name]) - micro(dev.totals.monthlyUsd[name]);
      expect(micro(diff.totals.delta[name])).toBe(delta);
    }
  });
});
