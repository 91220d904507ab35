import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { marked, type Tokens } from "marked";
import { afterAll, describe, expect, it } from "vitest";
import { findingsMarkdown, previewMarkdown } from "../../report/index.ts";
import { junit } from "../../report/junit.ts";
import { sarif } from "../../report/sarif.ts";
import { files, HOSTILE } from "./fixtures.ts";
import { document, type Json, ROOT, run, STACKS } from "./run.ts";

const made = files();
afterAll(() => made.remove());

const ALL = ["open", "unknown", "closed", "broken"].flatMap((name) => ["--graph", made.path(`${name}.json`)]);
const CHECK = ["check", ...ALL, "--controls", "S3-01,S3-02"];
const WAIVED = [
  ...["check", "-s", "onprem", "--config", 'freehold:policy.allowedRegistries=["registry.example.com/"]'],
  "--config",
  `freehold:policy.waivers=${JSON.stringify([{ control: "K8S-21", resource: "*", owner: "platform", reason: "the mirror is being built", ticket: "OPS-1", expires: "2026-12-31", approver: "security" }])}`,
];

/** The published schema of SARIF; draft-04 spells two keywords otherwise than the drafts that ajv knows. */
function sarifSchema(): ValidateFunction {
  const text = readFileSync(join(ROOT, "test/fixtures/sarif/sarif-2.1.0-rtm.5.json"), "utf8");
  const { id: _id, $schema: _schema, ...schema } = JSON.parse(text);
  const formats = {
    uri: /^[a-z][a-z0-9+.-]*:[^\s]+$/i,
    "uri-reference": /^[^\s<>"{}|\\^`]*$/,
    "date-time": true as const,
  };
  return new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, formats }).compile(schema);
}

describe("SARIF", () => {
  const validate = sarifSchema();
  const log = async (argv: string[]) => JSON.parse(sarif(await document(...argv)));

  it("is what the command prints", async () => {
    const { out } = await run(...CHECK, "-o", "sarif");
    expect(out).toBe(sarif(await document(...CHECK)));
  });

  it.each([[CHECK], [WAIVED]])("of %j is valid against the published schema", async (argv) => {
    const value = await log(argv);
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
    for (const change of [
      (copy: Json) => delete copy.runs[0].tool.driver.name,
      (copy: Json) => Object.assign(copy.runs[0], { result: [] }),
      (copy: Json) => Object.assign(copy, { version: "2.0.0" }),
    ]) {
      const copy = structuredClone(value);
      change(copy);
      expect(validate(copy)).toBe(false);
    }
  });

  it("has a result for every violation, unknown and waiver, each with its rule", async () => {
    for (const argv of [CHECK, WAIVED]) {
      const [{ results, tool, invocations }] = (await log(argv)).runs;
      const findings = await document(...argv);
      const controls = findings.results.flatMap((result: Json) => result.controls ?? []);
      const count = (key: string) =>
        controls.reduce((total: number, control: Json) => total + control[key].length, 0);
      expect(results.length).toBe(count("violations") + count("unknowns") + count("waived"));
      const suppressed = results.filter((result: Json) => result.suppressions?.length > 0);
      expect(suppressed.length).toBe(count("waived"));
      for (const result of results) {
        expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
        expect(result.locations[0].logicalLocations[0].fullyQualifiedName).not.toBe("");
      }
      const unread = findings.results.filter((result: Json) => result.error).length;
      expect(invocations[0].toolExecutionNotifications.length).toBe(unread);
      expect(invocations[0].executionSuccessful).toBe(unread === 0);
    }
    expect((await document(...WAIVED)).summary.waived).toBeGreaterThan(0);
  });

  it("names a graph by a reference that a URI may be", () => {
    const value = JSON.parse(sarif(oneViolation(HOSTILE)));
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
    expect(
      decodeURIComponent(value.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri),
    ).toBe(HOSTILE);
  });
});

/** A document whose only control fails, with hostile texts everywhere. */
function oneViolation(text: string): Json {
  const violation = {
    resource: text,
    type: "t",
    path: text,
    message: text,
    value: null,
    fix: text,
    references: [],
  };
  const control = {
    id: "S3-01",
    level: "mandatory",
    verdict: "fail",
    violations: [violation],
    unknowns: [],
    waived: [],
  };
  return {
    schema: "freehold.findings/v1",
    freeholdVersion: "0.1.0",
    catalogAsOf: "2026-10-08",
    profiles: [],
    results: [{ graph: text, controls: [control] }],
    summary: { fail: 1, unknown: 0, waived: 0, pass: 0, notApplicable: 0 },
  };
}

describe("JUnit", () => {
  const read = (xml: string) => {
    expect(XMLValidator.validate(xml)).toBe(true);
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "",
      isArray: (name, _path, _leaf, isAttribute) => !isAttribute && name !== "testsuites",
    });
    return parser.parse(xml).testsuites;
  };

  it("has a suite for every graph, a case for every control, and counts that are those of its cases", async () => {
    const { testsuite: suites } = read((await run(...CHECK, "-o", "junit")).out);
    const findings = await document(...CHECK);
    expect(suites.map((suite: Json) => suite.name)).toEqual(
      findings.results.map((result: Json) => result.graph),
    );
    for (const [index, suite] of suites.entries()) {
      const controls = findings.results[index].controls;
      if (!controls) {
        expect(suite.testcase[0].error[0].message).toBe(findings.results[index].error.message);
        continue;
      }
      expect(Number(suite.tests)).toBe(controls.length);
      const failed = controls.filter((control: Json) => control.violations.length > 0);
      expect(Number(suite.failures)).toBe(failed.length);
      expect(suite.testcase.filter((one: Json) => one.failure).length).toBe(failed.length);
      for (const [at, control] of controls.entries()) {
        const one = suite.testcase[at];
        expect(one.name).toContain(control.id);
        expect((one.failure ?? []).length).toBe(control.violations.length);
        expect((one.error ?? []).length).toBe(control.unknowns.length);
        expect("skipped" in one).toBe(control.verdict === "not-applicable");
      }
    }
  });

  it("writes a violation as a failure, what is unknown as an error and a waiver as a note", async () => {
    const cases = async (argv: string[]) =>
      read(junit(await document(...argv))).testsuite.flatMap((suite: Json) => suite.testcase);
    const [open, , unknown] = await cases(CHECK);
    expect(Object.keys(open)).toEqual(expect.arrayContaining(["failure"]));
    expect(Object.keys(open)).not.toContain("error");
    expect(Object.keys(unknown)).toContain("error");
    expect(Object.keys(unknown)).not.toContain("failure");
    const waived = (await cases(WAIVED)).filter((one: Json) => one["system-out"]);
    expect(waived).toHaveLength((await document(...WAIVED)).summary.waived);
    expect(waived[0]["system-out"][0]).toContain("the mirror is being built");
  });

  it("stays XML with markup and control characters in its texts", () => {
    const [suite] = read(junit(oneViolation(`${HOSTILE}\u0000\u001b[31m\ud800`))).testsuite;
    expect(suite.testcase[0].failure[0].message).toContain("�[31m�");
  });
});

describe("Markdown", () => {
  const tables = (text: string) =>
    marked.lexer(text, { gfm: true }).filter((token): token is Tokens.Table => token.type === "table");

  it.each(STACKS)("of %s has the verdict as its heading and tables that are tables", async (stack) => {
    const value = await document("preview", "-s", stack);
    const out = previewMarkdown(value);
    const [first] = marked.lexer(out, { gfm: true });
    expect(first).toMatchObject({ type: "heading", depth: 2 });
    expect((first as Tokens.Heading).text).toContain("OK: fits");
    const lines = out.split("\n").filter((line) => line.startsWith("|"));
    expect(tables(out).reduce((total, table) => total + table.rows.length + 2, 0)).toBe(lines.length);
    expect(tables(out)[0]!.rows.length).toBe(value.plan.models.length);
    expect(out.length).toBeLessThan(65_536);
  });

  it("is what the command prints", async () => {
    const { out } = await run("preview", "-s", "onprem", "-o", "markdown");
    expect(out).toBe(previewMarkdown(await document("preview", "-s", "onprem")));
  });

  it("fits a comment of GitHub, however much there is to say", () => {
    const value = oneViolation("x".repeat(2_000));
    const [control] = value.results[0].controls;
    control.violations = new Array(5_000).fill({ ...control.violations[0], resource: "a-resource" });
    const text = findingsMarkdown(value);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("and 4900 more");
  });

  it("escapes what a table, Markdown or HTML would read as its own", async () => {
    const text = findingsMarkdown(oneViolation(HOSTILE));
    const [table] = tables(text);
    expect(table!.rows.length).toBe(1);
    expect(table!.rows[0]!.length).toBe(4);
    const html = (await marked.parse(text)).replace(/&lt;|&gt;|&quot;|&amp;|&#39;/g, "");
    expect(html).not.toMatch(/<(?!\/?(h3|p|table|thead|tbody|tr|th|td)\b)/);
    const value = structuredClone(await document("preview", "-s", "onprem"));
    value.stack = HOSTILE;
    value.plan.models[0].model = HOSTILE;
    const page = await marked.parse(previewMarkdown(value));
    expect(page).not.toMatch(/<(img|script|a|em|strong)\b/);
  });
});
