import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { servicePrice } from "../../catalog/index.ts";
import { coverage } from "../../cost/coverage.ts";
import { pricedSection, withPricedSection } from "../../cost/priced-docs.ts";
import { readUsageFile } from "../../cost/usage-file.ts";
import { graphOf, resource } from "./fixtures.ts";

const TEXT = readFileSync(join(import.meta.dirname, "../../docs/cost.md"), "utf8");

describe("docs/cost.md", () => {
  it("has the section that npm run docs:build writes", () => {
    expect(withPricedSection(TEXT)).toBe(TEXT);
  });

  it("names every covered type, every price of it and every day", () => {
    for (const { type, rows } of coverage({ servicePrice }).filter(({ state }) => state === "covered")) {
      expect(TEXT, type).toContain(`| \`${type}\` |`);
      for (const key of rows.flatMap(({ keys }) => keys)) {
        const line = TEXT.split("\n").find((each) => each.startsWith(`| \`${key}\` |`));
        expect(line, key).toBeDefined();
        for (const region of ["us-east-1", "eu-central-1"]) {
          const price = servicePrice(key, region);
          expect(line, key).toContain(price?.unitPriceUsd ?? "unknown");
          if (price) expect(line, key).toContain(price.asOf);
        }
      }
    }
  });

  it("keeps what stands around the section", () => {
    expect(withPricedSection("# Title\n")).toBe(`# Title\n\n${pricedSection()}\n`);
    const around = withPricedSection(`${withPricedSection("# Title\n")}\nafter\n`);
    expect(around.startsWith("# Title\n")).toBe(true);
    expect(around.endsWith("\nafter\n")).toBe(true);
  });

  it("shows a usage file that can be used", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(TEXT)![1]!;
    const graph = graphOf(
      resource("aws:cloudwatch/logGroup:LogGroup", "logs"),
      resource("aws:ec2/natGateway:NatGateway", "web"),
    );
    expect(readUsageFile(example, "usage.yaml", graph)).toMatchObject({ ok: true });
  });
});
