import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { document, folder, run } from "./project.ts";

const GRAPH = {
  schema: "freehold.resources/v1",
  config: { providerRegion: "eu-central-1" },
  resources: [
    { type: "aws:cloudwatch/logGroup:LogGroup", name: "logs", props: { retentionInDays: 30 } },
    { type: "azure-native:compute:VirtualMachine", name: "other", props: {} },
  ],
};
let dir: string;
beforeAll(() => {
  dir = folder();
  writeFileSync(join(dir, "graph.json"), JSON.stringify(GRAPH));
  writeFileSync(join(dir, "usage.yaml"), "resources:\n  logs:\n    logs.ingest.gb: 100\n");
  writeFileSync(join(dir, "wrong.yaml"), "resources:\n  logs:\n    logs.ingest.gb: -1\n  lgos: {}\n");
});

describe("freehold cost --graph", () => {
  const cost = (...flags: string[]) => document(["cost", "--graph", "graph.json", ...flags], dir);

  it("takes what a usage file states in place of its own assumptions", async () => {
    const { code, json } = await cost("--usage", "usage.yaml");
    expect(code).toBe(0);
    expect(json.lines[0]).toMatchObject({ what: "logs taken in", monthlyUsd: { expected: "63.000000" } });
    expect(json.totals.resources).toMatchObject({ priced: 1, unknown: 1 });
    expect(json.lines.at(-1).reason).toContain("provider azure-native");
  });

  it("refuses a usage file with every finding, each at its place", async () => {
    const { code, json } = await cost("--usage", "wrong.yaml");
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([
      {
        code: "negative",
        file: "wrong.yaml",
        line: 3,
        col: 21,
        path: "resources.logs.logs.ingest.gb",
        value: -1,
      },
      { code: "unknown-resource", line: 4, col: 3, allowed: ["logs"], fix: "did you mean logs?" },
    ]);
  });

  it("refuses any other currency than the price lists', and a usage file that is not there", async () => {
    const euro = await cost("--currency", "EUR");
    expect(euro.code).toBe(2);
    expect(euro.json.errors).toMatchObject([{ code: "currency", path: "--currency", allowed: ["USD"] }]);
    expect((await cost("--currency", "usd")).code).toBe(0);
    const missing = await run(["cost", "--graph", "graph.json", "--usage", "none.yaml"], dir);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain("cannot read none.yaml");
  });

  it("has no total of what has no price in a region, and says so", async () => {
    const { json } = await cost("--region", "ap-southeast-7");
    expect(json.totals.resources.total).toBe(2);
    writeFileSync(
      join(dir, "far.json"),
      JSON.stringify({ ...GRAPH, config: { providerRegion: "ap-southeast-7" } }),
    );
    const far = await document(["cost", "--graph", "far.json"], dir);
    expect(far.json.totals.monthlyUsd.max).toBe("0.000000");
    expect(far.json.totals.resources).toMatchObject({ priced: 0, unknown: 2 });
    expect(far.json.lines[0].reason).toContain("no price of logs.ingest.gb in ap-southeast-7");
  });
});
