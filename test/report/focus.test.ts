import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../catalog/csv.ts";
import { servicePrice } from "../../catalog/index.ts";
import { coverage } from "../../cost/coverage.ts";
import { billCsv, focusUnit } from "../../report/focus.ts";
import { focusService } from "../../report/focus-services.ts";
import { files, HOSTILE } from "./fixtures.ts";
import { document, type Json, run } from "./run.ts";

/**
 * Columns of feature level Mandatory in the table of the Cost and Usage dataset, and whether they may be null
 * (FOCUS_Spec, specification/datasets/cost_and_usage/dataset.md).
 */
const MANDATORY: Record<string, boolean> = {
  BilledCost: false,
  BillingAccountId: false,
  BillingAccountName: true,
  BillingCurrency: false,
  BillingPeriodEnd: false,
  BillingPeriodStart: false,
  ChargeCategory: false,
  ChargeClass: true,
  ChargeDescription: true,
  ChargePeriodEnd: false,
  ChargePeriodStart: false,
  ContractedCost: false,
  EffectiveCost: false,
  HostProviderName: false,
  InvoiceIssuerName: false,
  ListCost: false,
  PricingQuantity: true,
  PricingUnit: true,
  ServiceCategory: false,
  ServiceName: false,
  ServiceProviderName: false,
};
/** Not null in the specification, and not known of a planned month (docs/cost.md). */
const NOT_KNOWN = ["BillingAccountId", "InvoiceIssuerName"];
/** Allowed values of ServiceCategory. */
const CATEGORIES = [
  "AI and Machine Learning",
  "Analytics",
  "Business Applications",
  "Compute",
  "Databases",
  "Developer Tools",
  "Multicloud",
  "Identity",
  "Integration",
  "Internet of Things",
  "Management and Governance",
  "Media",
  "Migration",
  "Mobile",
  "Networking",
  "Security",
  "Storage",
  "Web",
  "Other",
];
const rowsOf = (csv: string) => parseCsv(csv).map(({ cells }) => cells);

describe.each(["dev", "eu-gdpr", "us-hipaa", "onprem"])("the CSV of %s", (stack) => {
  const rows = async () => rowsOf(billCsv(await document("cost", "-s", stack), "2026-10-15"));

  it("has every mandatory column of FOCUS, and the custom ones behind them under x_", async () => {
    const names = Object.keys((await rows())[0]!);
    for (const name of Object.keys(MANDATORY)) expect(names).toContain(name);
    const custom = names.filter((name) => name.startsWith("x_"));
    expect(names.slice(-custom.length)).toEqual(custom);
    expect(names).toEqual([...new Set(names)]);
  });

  it("leaves empty only what the documentation says", async () => {
    for (const row of await rows()) {
      const empty = Object.keys(MANDATORY).filter((name) => row[name] === "" && !MANDATORY[name]);
      const unknown =
        row["x_FreeholdKind"] === "unknown" ? ["ContractedCost", "EffectiveCost", "ListCost"] : [];
      expect(empty.sort()).toEqual([...NOT_KNOWN, ...unknown].sort());
    }
  });

  it("adds up to the bill, and bills nothing", async () => {
    const { totals } = await document("cost", "-s", stack);
    const micro = (name: string) => async () =>
      (await rows()).reduce((sum, row) => sum + BigInt((row[name] || "0.000000").replace(".", "")), 0n);
    const total = (usd: string) => BigInt(usd.replace(".", ""));
    for (const name of ["ListCost", "ContractedCost", "EffectiveCost"])
      expect(await micro(name)()).toBe(total(totals.monthlyUsd.expected));
    expect(await micro("x_FreeholdMinCost")()).toBe(total(totals.monthlyUsd.min));
    expect(await micro("x_FreeholdMaxCost")()).toBe(total(totals.monthlyUsd.max));
    expect(new Set((await rows()).map((row) => row["BilledCost"]))).toEqual(new Set(["0"]));
  });

  it("has allowed categories and the calendar month of the day", async () => {
    for (const row of await rows()) {
      expect(CATEGORIES).toContain(row["ServiceCategory"]);
      expect(row["BillingPeriodStart"]).toBe("2026-10-01T00:00:00Z");
      expect(row["ChargePeriodEnd"]).toBe("2026-11-01T00:00:00Z");
    }
  });
});

it("ends the month of December in the next year", async () => {
  const [row] = rowsOf(billCsv(await document("cost", "-s", "dev"), "2026-12-31"));
  expect(row!["BillingPeriodEnd"]).toBe("2027-01-01T00:00:00Z");
});

it("states no list price where a discount is negotiated", async () => {
  const discount = ["--config", "freehold:pricing.discountPct=10"];
  const { out, code, err } = await run("cost", "-s", "dev", ...discount, "-o", "csv");
  expect(code, err).toBe(0);
  const rows = rowsOf(out);
  expect(new Set(rows.map((row) => row["ListCost"]))).toEqual(new Set([""]));
  const cluster = rows.find((row) => row["ServiceName"] === "Amazon EKS")!;
  expect(Number(cluster["ContractedUnitPrice"])).toBe(0.09);
  expect(cluster["ContractedCost"]).toBe("65.700000");
});

it("is what the command prints", async () => {
  const { out, code } = await run("cost", "-s", "dev", "-o", "csv");
  expect(code).toBe(0);
  expect(out).toBe(billCsv(await document("cost", "-s", "dev"), "2026-10-15"));
});

it("is of any graph, too", async () => {
  const work = files();
  try {
    const { out, code } = await run("cost", "--graph", work.path("strange.json"), "-o", "csv");
    expect(code).toBe(0);
    const [row] = rowsOf(out);
    expect(row).toMatchObject({
      ResourceName: "thing",
      ListCost: "",
      ServiceCategory: "Other",
      x_FreeholdKind: "unknown",
    });
  } finally {
    work.remove();
  }
});

it("knows the service of every type that can cost money", () => {
  const types = coverage({ servicePrice }).filter(
    ({ state, type }) => state !== "free" && type.startsWith("aws:"),
  );
  expect(types.length).toBeGreaterThan(100);
  for (const { type } of types) {
    const { name, category, provider } = focusService(type);
    expect({ type, name, provider }).not.toEqual({ type, name: type, provider });
    expect(CATEGORIES).toContain(category);
    expect(provider).toBe("AWS");
  }
});

/** By the unit format of FOCUS: capitalised, the last part in the plural, sizes as they are. */
it.each([
  ["instance-hour", "Instance-Hours"],
  ["GB-month", "GB-Months"],
  ["GB", "GB"],
  ["hour", "Hours"],
  ["MiB/s-month", "MiB/Second-Months"],
  ["1000 requests", "1000 Requests"],
  ["LCU-hour", "LCU-Hours"],
  ["evaluation", "Evaluations"],
])("writes the unit %s as %s", (unit, focus) => {
  expect(focusUnit(unit)).toBe(focus);
});

it("is read back as it was written, and is no formula, whatever the names", async () => {
  const bill: Json = structuredClone(await document("cost", "-s", "dev"));
  const [line] = bill.lines.filter((one: Json) => one.kind === "fixed");
  bill.lines = [line];
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom(HOSTILE, "=1+1", "@SUM(A1)", "+1", "-x", 'a"b,c\r\nd')),
      (text) => {
        line.what = text;
        const [row] = rowsOf(billCsv(bill, "2026-10-15"));
        const read = row!["ChargeDescription"]!;
        // Our reader trims cells.
        const formula = /^[=+@]|^-(?!\d)/;
        expect(read).toBe((formula.test(text.trim()) ? `'${text}` : text).trim());
        expect(read).not.toMatch(formula);
      },
    ),
  );
});
