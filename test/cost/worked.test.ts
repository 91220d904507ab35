import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../catalog/csv.ts";
import { servicePrice } from "../../catalog/index.ts";
import { coverage } from "../../cost/coverage.ts";
import { bill, graphOf, linesOf } from "./fixtures.ts";
import { CASES } from "./worked/cases.ts";

const TABLE = parseCsv(readFileSync(join(import.meta.dirname, "worked/lines.csv"), "utf8")).map(
  ({ cells }) => cells,
);
const REGIONS = [
  ["us-east-1", "us_east_1"],
  ["eu-central-1", "eu_central_1"],
] as const;

describe.each(REGIONS)("a month of each kind of resource in %s, worked by hand", (region, column) => {
  it.each(Object.keys(CASES))("%s", (name) => {
    const rows = TABLE.filter((row) => row["case"] === name);
    const lines = linesOf(bill(graphOf(...CASES[name]!), { region }), name).filter(
      ({ kind }) => kind !== "free",
    );
    const said = rows.map((row) => ({
      what: row["what"],
      unit: row["unit"],
      quantity: Number(row["quantity"]),
      price: row[`${column}_price`] === "unknown" ? null : Number(row[`${column}_price`]),
      usd: row[`${column}_usd`] || null,
    }));
    const found = lines.map((line) => ({
      what: line.what,
      unit: line.unit,
      quantity: line.quantity?.expected,
      price: line.unitPriceUsd === null ? null : Number(line.unitPriceUsd),
      usd: line.monthlyUsd?.expected ?? null,
    }));
    expect(found).toEqual(said);
    for (const line of lines.filter(({ kind }) => kind !== "unknown")) {
      expect(line.source, line.what).toBeTruthy();
      expect(line.asOf, line.what).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

describe("the table of worked lines", () => {
  it("has a case for every line, and lines for every case", () => {
    expect([...new Set(TABLE.map((row) => row["case"]))].sort()).toEqual(Object.keys(CASES).sort());
  });

  it("has a wholly priced case of every covered type, and of no other", () => {
    const worked = new Set(
      Object.entries(CASES)
        .filter(([name]) => TABLE.some((row) => row["case"] === name && row["eu_central_1_usd"]))
        .map(([name, parts]) => parts.findLast((part) => part.name === name)!.type),
    );
    const covered = coverage({ servicePrice }).filter(({ state }) => state === "covered");
    expect([...worked].sort()).toEqual(covered.map(({ type }) => type).sort());
  });
});
