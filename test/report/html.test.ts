import { type DefaultTreeAdapterTypes, type ParserError, parse } from "parse5";
import { describe, expect, it } from "vitest";
import { previewHtml } from "../../report/html/preview.ts";
import { previewText } from "../../report/index.ts";
import { HOSTILE } from "./fixtures.ts";
import { document, type Json, run, STACKS } from "./run.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** The page as a browser reads it, with what it had to repair. */
function read(html: string): { elements: Element[]; text: string; repairs: string[] } {
  const repairs: string[] = [];
  const root = parse(html, { onParseError: (error: ParserError) => repairs.push(error.code) });
  const elements: Element[] = [];
  let text = "";
  const walk = (node: Node) => {
    if (
      "value" in node &&
      node.parentNode &&
      "tagName" in node.parentNode &&
      node.parentNode.tagName !== "style"
    )
      text += ` ${node.value}`;
    if ("tagName" in node) elements.push(node);
    for (const child of "childNodes" in node ? node.childNodes : []) walk(child);
  };
  walk(root);
  return { elements, text: text.replace(/\s+/g, " "), repairs };
}

const NO_FIT = ["preview", "-s", "us-hipaa", "--config", "freehold:models[0].instance=g6.xlarge"];
const PAGES = [...STACKS.map((stack) => ["preview", "-s", stack]), NO_FIT];

describe.each(PAGES)("the page of %s %s %s", (...argv) => {
  const page = async () => read(previewHtml(await document(...argv)));

  it("is what a browser reads without repair", async () => {
    const { repairs, elements } = await page();
    expect(repairs).toEqual([]);
    expect(elements.find(({ tagName }) => tagName === "html")?.attrs).toEqual([
      { name: "lang", value: "en" },
    ]);
    expect(elements.filter(({ tagName }) => tagName === "title")).toHaveLength(1);
    expect(elements.filter(({ tagName }) => tagName === "h1")).toHaveLength(1);
  });

  it("runs nothing, loads nothing and links nowhere", async () => {
    const { elements } = await page();
    const names = new Set(elements.map(({ tagName }) => tagName));
    for (const name of ["script", "link", "img", "iframe", "object", "form", "a", "svg", "base"])
      expect(names).not.toContain(name);
    const attributes = new Set(elements.flatMap(({ attrs }) => attrs.map(({ name }) => name)));
    expect([...attributes].filter((name) => /^on|src|href|style/.test(name))).toEqual([]);
    const policy = elements.find(({ attrs }) => attrs.some(({ name }) => name === "http-equiv"));
    expect(policy?.attrs.find(({ name }) => name === "content")?.value).toBe(
      "default-src 'none'; style-src 'unsafe-inline'",
    );
    const [sheet] = elements.filter(({ tagName }) => tagName === "style");
    const css = (sheet!.childNodes[0] as { value: string }).value;
    expect(css).not.toMatch(/url\(|@import/);
    expect(css).toMatch(/prefers-color-scheme: dark/);
    expect(css).toMatch(/@media print/);
  });

  it("has tables with a caption, headers and rows as wide as them", async () => {
    const { elements } = await page();
    const tables = elements.filter(({ tagName }) => tagName === "table");
    expect(tables.length).toBeGreaterThan(0);
    const cells = (node: Node): Element[] =>
      "tagName" in node && (node.tagName === "th" || node.tagName === "td")
        ? [node]
        : "childNodes" in node
          ? node.childNodes.flatMap(cells)
          : [];
    for (const table of tables) {
      const parts = table.childNodes.filter((node): node is Element => "tagName" in node);
      expect(parts.map(({ tagName }) => tagName)).toEqual(["caption", "thead", "tbody"]);
      const width = cells(parts[1]!).length;
      for (const row of parts[2]!.childNodes) expect(cells(row).length).toBe(width);
    }
  });

  it("leads with the verdict and says what the text report says", async () => {
    const { text } = await page();
    const value = await document(...argv);
    const out = previewText(value, false);
    const answer = /(?:OK|NO): [a-z ,]+?(?= · \$|\n)/.exec(out)![0];
    expect(text.slice(0, 400)).toContain(answer);
    const flat = out.replace(/\s+/g, " ");
    for (const part of expected(value)) {
      expect(text).toContain(part);
      expect(flat).toContain(part);
    }
  });
});

/** Texts that both reports must hold. */
function expected(value: Json): string[] {
  if (value.verdict === "does-not-fit") return value.plan.refusals.map((refusal: Json) => refusal.message);
  return [
    ...value.plan.models.flatMap((model: Json) => [model.model, model.decisions.instance.why]),
    ...value.plan.warnings,
    ...value.bill.warnings,
    ...value.bill.budget.reasons,
    `${value.findings.summary.pass} pass`.repeat(value.findings.profiles.length > 0 ? 1 : 0),
    `Resources (${value.resources.total})`,
  ];
}

it("is what the command prints", async () => {
  const { out, code } = await run("preview", "-s", "onprem", "-o", "html");
  expect(code).toBe(0);
  expect(out).toBe(previewHtml(await document("preview", "-s", "onprem")));
});

it("shows hostile names as they are, as text", async () => {
  const value = structuredClone(await document("preview", "-s", "onprem"));
  value.stack = HOSTILE;
  value.plan.models[0].name = HOSTILE;
  value.plan.models[0].decisions.instance.why = HOSTILE;
  value.plan.warnings = [HOSTILE];
  value.bill.lines[0].what = HOSTILE;
  value.findings.results[0].controls[0].verdict = "fail";
  value.findings.results[0].controls[0].violations = [
    {
      resource: HOSTILE,
      type: "t",
      path: HOSTILE,
      message: HOSTILE,
      value: null,
      fix: HOSTILE,
      references: [HOSTILE],
    },
  ];
  value.resources.byType = { [HOSTILE]: 1 };
  const { elements, text, repairs } = read(previewHtml(value));
  expect(repairs).toEqual([]);
  expect(elements.filter(({ tagName }) => tagName === "img" || tagName === "script")).toEqual([]);
  expect(text.split(HOSTILE).length - 1).toBeGreaterThan(8);
});
