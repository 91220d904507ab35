import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../catalog/csv.ts";
import type { BillDocument, BillLine, Quantity3, Range3 } from "../../cost/index.ts";
import { document } from "../report/run.ts";

const table = (name: string) =>
  parseCsv(readFileSync(join(import.meta.dirname, "worked/stacks", name), "utf8")).map(({ cells }) => cells);
const PRICES = table("prices.csv");
const STACKS = [
  ["dev", "eu-west-1"],
  ["eu-gdpr", "eu-central-1"],
  ["us-hipaa", "us-east-1"],
] as const;

/**
 * Whole stacks: each line with how its quantity comes about, in words, and what it costs. The sheets are worked
 * with a calculator, never taken from a bill: where a line changes, its row is worked anew, and a new price has a
 * row in prices.csv.
 */
describe.each(STACKS)("a month of %s in %s, worked line by line", (stack, region) => {
  const worked = table(`${stack}.csv`);
  const priceOf = (row: string) =>
    PRICES.find((price) => price["price_row"] === row && price["region"] === region);
  const bill = (): Promise<BillDocument> => document("cost", "-s", stack, "--date", "2026-10-15");
  const charged = async () => (await bill()).lines.filter(({ kind }) => kind !== "free");

  it("has the lines that were worked, and no other", async () => {
    expect((await charged()).map(found).sort(byName)).toEqual(worked.map(said(priceOf)).sort(byName));
  });

  it("comes to the sum of the column, to the micro-dollar", async () => {
    const { totals } = await bill();
    for (const name of ["min", "expected", "max"] as const) {
      const micro = worked.reduce((sum, row) => sum + microOf(row[`${name}_usd`]!), 0n);
      expect(microOf(totals.monthlyUsd[name])).toBe(micro);
    }
  });

  it("is added up as the sheet says: quantity × price", () => {
    for (const row of worked) {
      const price = priceOf(row["price_row"]!);
      for (const name of ["min", "expected", "max"] as const) {
        const usd = row[`${name}_usd`]!;
        if (price === undefined) expect(usd, row["what"]).toBe("unknown");
        else expect(Number(usd)).toBeCloseTo(Number(row[name]) * Number(price["usd"]), 5);
      }
    }
  });
});

type Flat = { key: string } & Record<string, unknown>;
const byName = (a: Flat, b: Flat) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const microOf = (usd: string) => (usd === "unknown" ? 0n : BigInt(usd.replace(".", "")));

/** Eight digits of a quantity: the bill rounds what it multiplies on the way, the sheet only the result. Amounts are exact. */
const digits = ({ min, expected, max }: Quantity3) =>
  [min, expected, max].map((value) => value.toPrecision(8));

/** A line of the bill in the terms of the table. */
function found(line: BillLine): Flat {
  const resource = line.resource
    .split("::")
    .at(-1)!
    .replace(/^platform-/, "");
  return {
    key: `${resource} / ${line.what}`,
    unit: line.unit,
    quantity: line.quantity && digits(line.quantity),
    price: line.unitPriceUsd,
    usd: line.monthlyUsd,
    source: line.source,
    asOf: line.asOf,
  };
}

function said(priceOf: (row: string) => Record<string, string> | undefined) {
  return (row: Record<string, string>): Flat => {
    const price = priceOf(row["price_row"]!);
    const quantity: Quantity3 = {
      min: Number(row["min"]),
      expected: Number(row["expected"]),
      max: Number(row["max"]),
    };
    const usd: Range3 = {
      min: row["min_usd"]!,
      expected: row["expected_usd"]!,
      max: row["max_usd"]!,
    };
    return {
      key: `${row["resource"]} / ${row["what"]}`,
      unit: row["unit"],
      quantity: digits(quantity),
      price: price?.["usd"] ?? null,
      usd: price ? usd : null,
      source: price?.["source"] ?? null,
      asOf: price?.["as_of"] ?? null,
    };
  };
}
