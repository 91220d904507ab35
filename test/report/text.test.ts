import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { diffBills } from "../../cost/index.ts";
import {
  billText,
  diffText,
  findingsText,
  planText,
  previewText,
  styleOf,
  wrap,
} from "../../report/index.ts";
import { files } from "./fixtures.ts";
import { document, ROOT, run, STACKS, start } from "./run.ts";

const made = files();
afterAll(() => made.remove());

const plain = styleOf(false);
const WIDTH = 100;

/** Columns as a terminal counts them; the reports hold no wide characters. */
function tooWide(text: string): string[] {
  return stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => [...line].length > WIDTH);
}

/** Every text that a command prints, each with what its first line must answer. */
const TEXTS: [argv: string[], first: RegExp][] = [
  [["preview", "-s", "onprem"], /^onprem {2}OK: fits, allowed, within budget · \$8,\d{3} a month \(/],
  [["preview", "-s", "us-hipaa", "--config", "freehold:models[0].instance=g6.xlarge"], /NO: does not fit/],
  ...STACKS.map((stack): [string[], RegExp] => [["plan", "-s", stack], /^Model \w+: fits$/]),
  ...STACKS.map((stack): [string[], RegExp] => [["images", "-s", stack], /^Engine images/]),
  [["cost", "--graph", made.path("strange.json")], /^Cost of a month/],
  [
    ["check", "--graph", made.path("open.json"), "--controls", "S3-01"],
    /^Policy: NO: 1 mandatory control failed$/,
  ],
  [
    ["check", "--graph", made.path("unknown.json"), "--controls", "S3-01"],
    /^Policy: UNKNOWN: 1 mandatory control/,
  ],
  [
    ["check", "--graph", made.path("broken.json"), "--controls", "S3-01"],
    /^Policy: NO: 1 graph cannot be read$/,
  ],
  [["fit", "casperhansen/llama-3.3-70b-instruct-awq"], /^(FITS|TIGHT|NO) /],
  [["fit", "--batch", made.path("batch.csv")], /^(FITS|TIGHT|NO|UNKNOWN) /],
  [["price", "p5.48xlarge", "--region", "eu-west-1"], /unknown; it is not offered there/],
  [["explain", "S3-03"], /^S3-03 {2}\w/],
  [["doctor", "-s", "onprem"], /^(ok|warn|fail|skipped) /],
];

describe("a text report", () => {
  it.each(TEXTS)(
    "%j answers first, fits 100 columns and has no colour where none is wanted",
    async (argv, first) => {
      const { out } = await run(...argv);
      expect(out.split("\n")[0]).toMatch(first);
      expect(tooWide(out)).toEqual([]);
      expect(stripVTControlCharacters(out)).toBe(out);
      expect(out).not.toMatch(/undefined|NaN|\[object|-0\.00|\$-/);
    },
  );

  it.each(STACKS)("of %s fits 100 columns, its verdict first", async (stack) => {
    const text = previewText(await document("preview", "-s", stack), false);
    expect(text.split("\n")[0]).toMatch(new RegExp(`^${stack}  OK: fits, .* a month`));
    expect(tooWide(text)).toEqual([]);
    expect(text).not.toMatch(/undefined|NaN|\[object|-0\.00|\$-/);
  });

  it("of a bill, of findings and of a comparison fits 100 columns, the answer first", async () => {
    const old = await document("preview", "-s", "eu-gdpr");
    const now = await document("preview", "-s", "onprem");
    const over = { ...now, verdict: "over-budget" };
    const texts: [string, RegExp][] = [
      [billText(old.bill, plain, 100), /^Cost of a month/],
      [findingsText(now.findings, plain), /^Policy \(gdpr\): OK$/],
      [diffText(diffBills(old.bill, now.bill), plain), /^\$[\d,]+ -> \$8,\d{3} a month \(expected\), -\$/],
      [diffText(diffBills(now.bill, old.bill), plain), /^\$8,\d{3} -> \$[\d,]+ a month \(expected\), \+\$/],
      [previewText(over, false), /^onprem {2}NO: over budget · \$/],
    ];
    for (const [text, first] of texts) {
      expect(text.split("\n")[0]).toMatch(first);
      expect(tooWide(text)).toEqual([]);
    }
  });

  it("says the same in colour", async () => {
    for (const argv of [
      ["preview", "-s", "onprem"],
      ["check", "--graph", made.path("open.json"), "--controls", "S3-01"],
      ["fit", "Qwen/Qwen3-8B-AWQ"],
    ]) {
      const { out } = await start(argv, true);
      expect(stripVTControlCharacters(out)).not.toBe(out);
      const { out: bare } = await run(...argv);
      const words = (text: string) => text.split(/\s+/).filter(Boolean);
      expect(words(stripVTControlCharacters(out))).toEqual(words(bare));
      expect(tooWide(out)).toEqual([]);
    }
  });

  it("is without colour in a file, whatever the terminal wants", async () => {
    const file = made.path("preview.txt");
    await start(["preview", "-s", "onprem", "--out", file], true);
    expect(readFileSync(file, "utf8")).toBe((await run("preview", "-s", "onprem")).out);
  });

  it("fits 100 columns with names and amounts longer than any stack has", async () => {
    const long = "a-name-without-any-place-to-break-it-".repeat(5);
    const value = structuredClone(await document("preview", "-s", "eu-gdpr"));
    value.stack = long;
    value.plan.models[0].model = `${long}/${long}`;
    value.plan.nodePools[0].name = long;
    value.bill.lines[0] = {
      ...value.bill.lines.find((line: { kind: string }) => line.kind === "fixed"),
      resource: `urn:pulumi:s::p::t::${long}`,
      what: long,
      unit: long,
      monthlyUsd: { min: "0.000000", expected: "1234567.000000", max: "1234567.000000" },
    };
    value.findings.results[0].controls[0] = {
      ...value.findings.results[0].controls[0],
      verdict: "fail",
      violations: [
        { resource: long, type: "t", path: long, message: long, value: null, fix: long, references: [long] },
      ],
    };
    expect(tooWide(previewText(value, false))).toEqual([]);
  });
});

describe("layout", () => {
  it("never makes a line wider than asked, and loses nothing but blanks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), fc.integer({ min: 10, max: 120 }), (text, width) => {
        const laid = wrap(text, "  ", width, "    ");
        expect(laid.split("\n").filter((line) => line.length > width)).toEqual([]);
        expect(laid.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      }),
    );
  });

  it("takes colour from the terminal, and from NO_COLOR that there is to be none", () => {
    const terminal = "data:text/javascript,process.stdout.isTTY=true";
    const print = (env: Record<string, string>) => {
      const { NO_COLOR: _own, ...rest } = process.env;
      const argv = ["--import", terminal, join(ROOT, "cli/bin.ts"), "fit", "Qwen/Qwen3-8B-AWQ"];
      const { stdout, status } = spawnSync(process.execPath, argv, {
        encoding: "utf8",
        env: { ...rest, ...env },
      });
      expect(status).toBe(0);
      return stdout;
    };
    const coloured = print({});
    expect(coloured).toContain("\u001b[");
    expect(print({ NO_COLOR: "1" })).toBe(stripVTControlCharacters(coloured));
  });
});

describe("what a report says", () => {
  it("of memory is never less than none", async () => {
    const { plan } = await document("preview", "-s", "eu-gdpr");
    const because = plan.models[0].decisions.instance.rejected.map(
      (entry: { because: string }) => entry.because,
    );
    expect(because.join("\n")).toMatch(/at most \d+\.\d\d are left, in the low case nothing/);
    expect(because.join("\n")).not.toMatch(/ -\d/);
    const { out } = await run(
      "fit",
      "casperhansen/llama-3.3-70b-instruct-awq",
      "--gpu",
      "A10G-24G",
      "--gpus",
      "1",
    );
    expect(out).not.toMatch(/ -\d/);
  });

  it("of a budget is in dollars and cents", async () => {
    const { bill } = await document("preview", "-s", "onprem");
    const text = billText(bill, plain).replace(/\s+/g, " ");
    expect(text).toMatch(
      /Budget: under\. \$8,\d{3}\.\d\d a month in the expected case is \$1,\d{3}\.\d\d under the budget of \$10,000\.00\./,
    );
    expect(text).toContain("No price dates: no price of a price list is used.");
  });

  it("of a stack without a profile is not that it is allowed", async () => {
    const value = await document("preview", "-s", "dev");
    expect(value.findings.results[0].controls).toEqual([]);
    expect(previewText(value, false).split("\n")[0]).toMatch(/OK: fits, no policy profile, within budget/);
    expect(findingsText(value.findings, plain)).toBe("Policy: nothing was judged, for no profile is named");
  });

  it("of a bill names what has no price, and why", async () => {
    const { out } = await run("cost", "--graph", made.path("strange.json"));
    expect(out.replace(/\s+/g, " ")).toContain(
      "unknown, not counted (1 ×): acme:index/thing:Thing: resources of the provider acme have no price here: AWS's own have",
    );
  });

  it("of what does not fit is the arithmetic", async () => {
    const argv = ["preview", "-s", "us-hipaa", "--config", "freehold:models[0].instance=g6.xlarge"];
    const { plan } = await document(...argv);
    expect(planText(plan, plain).replace(/\s+/g, " ")).toContain(plan.refusals[0].message);
  });
});
