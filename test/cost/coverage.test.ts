import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { servicePrice } from "../../catalog/index.ts";
import { FAMILIES } from "../../cost/components/index.ts";
import { coverage, HELD_REGIONS } from "../../cost/coverage.ts";
import { USAGE } from "../../cost/usage-defaults.ts";
import { without } from "./fixtures.ts";

const ALL = coverage({ servicePrice });
const PROVIDER = join(import.meta.dirname, "../../node_modules/@pulumi/aws");

/** Every resource type of the installed provider, read from its modules. */
function providerTypes(): Set<string> {
  const found = new Set<string>();
  for (const entry of readdirSync(PROVIDER, { recursive: true, withFileTypes: true })) {
    if (
      !entry.isFile() ||
      !entry.name.endsWith(".js") ||
      entry.parentPath.includes("node_modules/@pulumi/aws/node_modules")
    )
      continue;
    const match = /__pulumiType = '([^']+)'/.exec(readFileSync(join(entry.parentPath, entry.name), "utf8"));
    if (match) found.add(match[1]!);
  }
  return found;
}

describe("the tables of types", () => {
  it("name only types that the provider has", () => {
    const types = providerTypes();
    expect(types.size).toBeGreaterThan(1500);
    const wrong = ALL.filter(({ type }) => type.startsWith("aws:") && !types.has(type)).map(
      ({ type }) => type,
    );
    // Settings of S3 exist under two names, of which a provider may have dropped one; the Classic names stay free.
    expect(wrong.filter((type) => !type.startsWith("aws:s3/"))).toEqual([]);
  });

  it("have each type once", () => {
    const types = FAMILIES.flatMap(([, table]) => Object.keys(table));
    expect(types.length).toBe(new Set(types).size);
  });

  it("price at least sixty AWS types in both regions, and no table has a price that is missing", () => {
    const covered = ALL.filter(({ state, type }) => state === "covered" && type.startsWith("aws:"));
    expect(covered.length).toBeGreaterThanOrEqual(60);
    expect(
      ALL.flatMap(({ type, missing }) => missing.map((each) => `${type} ${each.key} ${each.region}`)),
    ).toEqual([]);
  });

  it("say exactly in which of the regions a price is missing", () => {
    for (const { type, rows } of ALL) {
      for (const { keys, gaps } of rows) {
        for (const key of keys) {
          const open = HELD_REGIONS.filter((region) => servicePrice(key, region) === null);
          expect(open, `${type} ${key}`).toEqual(gaps);
        }
      }
    }
  });

  it("rest on assumptions that are in order, and leave none unused", () => {
    for (const [key, [min, expected, max]] of Object.entries(USAGE)) {
      expect(min <= expected && expected <= max, key).toBe(true);
    }
    const used = new Set(ALL.flatMap(({ rows }) => rows.flatMap(({ uses }) => uses)));
    expect(Object.keys(USAGE).filter((key) => !used.has(key as keyof typeof USAGE))).toEqual([]);
  });
});

describe("a price that is taken out", () => {
  it("makes its types unknown, never covered", () => {
    const planted = coverage(without("nat.hour"));
    expect(planted.find(({ type }) => type === "aws:ec2/natGateway:NatGateway")).toMatchObject({
      state: "unknown",
      missing: HELD_REGIONS.map((region) => ({ key: "nat.hour", region })),
    });
  });
});

describe("service prices", () => {
  it("have a source and a day on every row that a table reads, and are no number that was rounded away", () => {
    for (const { rows } of ALL) {
      for (const key of rows.flatMap(({ keys }) => keys)) {
        for (const region of HELD_REGIONS) {
          const row = servicePrice(key, region);
          if (!row) continue;
          expect(row.source, key).toMatch(/\w/);
          expect(row.asOf, key).toMatch(/^\d{4}-\d{2}-\d{2}$/);
          expect(Number(row.unitPriceUsd), key).toBeGreaterThan(0);
          // One source is enough only where it is AWS's own word, or a copy of AWS's own file; else the row says so.
          if (!row.source.includes(" ; "))
            expect(`${row.note} ${row.source}`, `${key} ${region}`).toMatch(
              /one source|AWS|ec2\.shop|infracost/,
            );
        }
      }
    }
  });
});
