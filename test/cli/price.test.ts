import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../catalog/index.ts";
import { document, ROOT, run } from "./project.ts";

const KEYS = [
  "schema",
  "freeholdVersion",
  "catalogAsOf",
  "instance",
  "region",
  "onDemandUsdPerHour",
  "source",
  "asOf",
  "reason",
  "regionsWithPrice",
];
const rowsOf = (name: string) =>
  parseCsv(readFileSync(join(ROOT, "catalog/sources", name), "utf8")).map(({ cells }) => cells);
const price = (instance: string, region: string) => document(["price", instance, "--region", region]);

describe("freehold price", () => {
  it("prints the prices of the source table digit for digit, with source and date", async () => {
    const rows = rowsOf("aws-gpu-instances.csv").filter((row) => row["on_demand_usd_per_hour"] !== "");
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) {
      const { code, json } = await price(row["instance_type"]!, row["region"]!);
      expect(code).toBe(0);
      expect(Object.keys(json)).toEqual(KEYS);
      expect(json).toMatchObject({
        schema: "freehold.price/v1",
        instance: row["instance_type"],
        region: row["region"],
        source: row["source"],
        // A source without a day of its own counts as old as it may be.
        asOf: row["as_of"]!.includes("/") ? `${row["as_of"]!.split("/")[0]}-01` : row["as_of"],
        reason: null,
      });
      expect(Number(json.onDemandUsdPerHour)).toBe(Number(row["on_demand_usd_per_hour"]));
      expect(json.regionsWithPrice).toContain(row["region"]);
    }
  });

  it("of a known instance that a region does not have is 0 with the regions that do", async () => {
    const offered = rowsOf("aws-gpu-instances.csv").filter((row) => row["instance_type"] === "g7e.2xlarge");
    const { code, json } = await price("g7e.2xlarge", "eu-west-3");
    expect(code).toBe(0);
    expect(json).toMatchObject({ onDemandUsdPerHour: null, source: null, asOf: null, reason: "not-offered" });
    expect(json.regionsWithPrice).toEqual(offered.map((row) => row["region"]).sort());
    const text = await run(["price", "g7e.2xlarge", "--region", "eu-west-3"]);
    expect(text.out).toContain("is not offered there");
    expect(text.out).not.toMatch(/\$0|\bnull\b|undefined/);
  });

  it("of an instance that is offered, but whose price is not known, is no-data", async () => {
    for (const gap of rowsOf("price-gaps.csv")) {
      const { code, json } = await price(gap["instance_type"]!, gap["region"]!);
      expect(code).toBe(0);
      expect(json).toMatchObject({ onDemandUsdPerHour: null, reason: "no-data" });
      expect(json.regionsWithPrice).not.toContain(gap["region"]);
    }
  });

  it("of an instance that is sold in capacity blocks only says so, everywhere", async () => {
    const blocks = rowsOf("aws-gpu-instances.csv");
    const priced = new Set(
      blocks.filter((row) => row["on_demand_usd_per_hour"]).map((row) => row["instance_type"]),
    );
    const only = [...new Set(blocks.map((row) => row["instance_type"]!))].filter((type) => !priced.has(type));
    expect(only.length).toBeGreaterThan(0);
    for (const type of only) {
      const { code, json } = await price(type, "us-east-1");
      expect({ type, code, reason: json.reason }).toEqual({ type, code: 0, reason: "capacity-block-only" });
      expect(json).toMatchObject({ onDemandUsdPerHour: null, regionsWithPrice: [] });
    }
  });

  it.each([
    ["g6.xlrge", "eu-west-1", "unknown-instance", "INSTANCE", "g6.xlarge"],
    ["p5.48xlareg", "eu-west-1", "unknown-instance", "INSTANCE", "p5.48xlarge"],
    ["g6.xlarge", "eu-wst-1", "unknown-region", "--region", "eu-west-1"],
    ["g6.xlarge", "frankfurt", "unknown-region", "--region", null],
    ["", "eu-west-1", "unknown-instance", "INSTANCE", null],
    ["__proto__", "eu-west-1", "unknown-instance", "INSTANCE", null],
    ["g6.xlarge", "constructor", "unknown-region", "--region", null],
  ])("%j in %j is %s", async (instance, region, code, path, meant) => {
    const result = await price(instance, region);
    expect(result.code).toBe(2);
    const value = code === "unknown-region" ? region : instance;
    expect(result.json.errors).toMatchObject([{ code, path, value }]);
    if (meant !== null) {
      expect(result.json.errors[0].allowed[0]).toBe(meant);
      expect(result.err).toContain(`did you mean ${meant}?`);
    }
  });

  it("reads names in any case and prints them as AWS writes them", async () => {
    expect((await price("G6.XLARGE", "eu-west-1")).json.instance).toBe("g6.xlarge");
  });
});
