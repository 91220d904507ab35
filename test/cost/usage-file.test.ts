import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatError } from "../../config/index.ts";
import { parseRange } from "../../cost/index.ts";
import { USAGE } from "../../cost/usage-defaults.ts";
import { readUsageFile } from "../../cost/usage-file.ts";
import { bill, graphOf, linesOf, resource } from "./fixtures.ts";

const GRAPH = graphOf(
  resource("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays: 365 }),
  resource("aws:s3/bucket:Bucket", "data"),
  resource("aws:s3/bucket:Bucket", "backups"),
  resource("aws:kms/key:Key", "key"),
);

function read(...lines: string[]) {
  const found = readUsageFile(lines.join("\n"), "usage.yaml", GRAPH);
  if (!found.ok) throw new Error(found.errors.map(formatError).join("\n"));
  return bill(GRAPH, { usage: found.book });
}

function refused(...lines: string[]): string[] {
  const found = readUsageFile(lines.join("\n"), "usage.yaml", GRAPH);
  return found.ok ? [] : found.errors.map((error) => formatError(error).split("\n")[0]!);
}

describe("a usage file", () => {
  it("replaces an assumption by the name of the resource, and by its type for the others", () => {
    const document = read(
      "version: 1",
      "resources:",
      "  data:",
      "    s3.gb: 5000",
      "  logs:",
      "    logs.ingest.gb: { min: 50, expected: 200, max: 400 }",
      "types:",
      "  aws:s3/bucket:Bucket:",
      "    s3.gb: 10",
    );
    const stored = (name: string) => linesOf(document, name).find(({ what }) => what === "stored objects")!;
    expect(stored("data").quantity).toEqual({ min: 5000, expected: 5000, max: 5000 });
    expect(stored("backups").quantity!.expected).toBe(10);
    const [taken, kept] = linesOf(document, "logs");
    expect(taken!.quantity).toEqual({ min: 50, expected: 200, max: 400 });
    // What is stored rests on what is taken in: a year of it.
    expect(kept!.quantity).toEqual({ min: 600, expected: 2400, max: 4800 });
    expect(taken!.reason).toContain("as usage.yaml states: 50 to 400, expected 200");
    expect(linesOf(document, "key").find(({ kind }) => kind === "usage")!.reason).toContain("assumed");
  });

  it("adds lines that are counted only where somebody states them", () => {
    const document = read("types:", "  aws:s3/bucket:Bucket:", "    s3.ia.gb: 100");
    const line = linesOf(document, "data").find(({ what }) => what === "stored objects (Standard-IA)");
    expect(line!.monthlyUsd!.expected).toBe("1.250000");
    expect(linesOf(bill(GRAPH), "data").map(({ what }) => what)).not.toContain(
      "stored objects (Standard-IA)",
    );
  });

  it("takes a URN where two resources share a name", () => {
    const urn = GRAPH.resources[1]!.urn;
    const document = read("resources:", `  "${urn}":`, "    s3.gb: 7");
    expect(linesOf(document, "data")[0]!.quantity!.expected).toBe(7);
  });

  it("reports everything that is wrong, where it stands, in the order of the file", () => {
    expect(
      refused(
        "version: 2",
        "resorces: {}",
        "resources:",
        "  lgos:",
        "    logs.ingest.gb: 5",
        "  logs:",
        "    logs.ingst.gb: 5",
        "    logs.ingest.gb: -4",
        "    nat.gb: 4",
        "types:",
        "  aws:s3/bucket:Bucket:",
        "    s3.gb: { min: 10, expected: 5, max: 20 }",
        "    s3.put.1k: 1e30",
        "    s3.get.1k: { expected: ten, most: 3 }",
        "  aws:iam/role:Role: {}",
      ),
    ).toEqual([
      "usage.yaml:1:10: usage files have version 1",
      "usage.yaml:2:1: resorces is not a key of a usage file",
      "usage.yaml:4:3: no resource of the graph is called lgos",
      "usage.yaml:7:5: logs.ingst.gb is nothing that a resource uses",
      "usage.yaml:8:21: an amount is not negative",
      "usage.yaml:9:5: nothing of logs is charged by nat.gb",
      "usage.yaml:12:12: min, expected and max are in order, not 10, 5, 20",
      "usage.yaml:13:16: an amount is a number of at most a trillion a month",
      "usage.yaml:14:28: expected of an amount is a number",
      "usage.yaml:14:33: most is not a case of an amount",
      "usage.yaml:15:3: nothing of aws:iam/role:Role is charged by use here",
    ]);
  });

  it.each([
    ["", "the usage file is empty"],
    ["[1]", "a usage file is a map"],
    ["resources: 4", "resources is a map"],
    ["resources:\n  key: 4", "usage is a map of amounts"],
    ["resources:\n  key:\n    kms.request.10k: lots", "an amount is a number, or min, expected and max"],
    ["resources:\n  key: {a: 1", "usage.yaml:"],
    ["types: {__proto__: {s3.gb: 1}}", "__proto__ is not a key"],
  ])("that says %j is refused", (text, message) => {
    expect(refused(text).join("\n")).toContain(message);
  });

  it("of any text never throws", () => {
    const line = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom(
        "resources:",
        "types:",
        "  key:",
        "    kms.request.10k: 3",
        "  data:",
        "    s3.gb: {max: .inf}",
        "&a",
        "<<: *a",
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const found = readUsageFile(lines.join("\n"), "usage.yaml", GRAPH);
        if (!found.ok) expect(found.errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe("usage", () => {
  it("never costs less when there is more of it", () => {
    const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(amount, amount, fc.constantFrom("s3.gb", "s3.put.1k", "s3.ia.gb" as const), (a, b, key) => {
        const total = (value: number) =>
          parseRange(
            bill(GRAPH, {
              usage: (_, asked) =>
                asked === key
                  ? { min: value, expected: value, max: value, why: "stated", given: true }
                  : undefined,
            }).totals.monthlyUsd,
          ).expected;
        expect(total(Math.max(a, b)) >= total(Math.min(a, b))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("is assumed with a reason for each key", () => {
    for (const [key, [, , , why]] of Object.entries(USAGE)) expect(why, key).toMatch(/\w{3}/);
  });
});
