import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, type ParserError, parse } from "parse5";
import { describe, expect, it } from "vitest";
import { billHtml } from "../../report/html/bill.ts";
import { monthParts } from "../../report/html/month-chart.ts";
import { HOSTILE } from "./fixtures.ts";
import { document, type Json, run, STACKS, TODAY } from "./run.ts";

type Element = DefaultTreeAdapterTypes.Element;

function read(html: string): { elements: Element[]; text: string; repairs: string[] } {
  const repairs: string[] = [];
  const elements: Element[] = [];
  let text = "";
  const walk = (node: DefaultTreeAdapterTypes.Node) => {
    const parent =
      "parentNode" in node && node.parentNode && "tagName" in node.parentNode ? node.parentNode.tagName : "";
    if ("value" in node && parent !== "style" && parent !== "script") text += ` ${node.value}`;
    if ("tagName" in node) elements.push(node);
    for (const child of "childNodes" in node ? node.childNodes : []) walk(child);
  };
  walk(parse(html, { onParseError: (error: ParserError) => repairs.push(error.code) }));
  return { elements, text: text.replace(/\s+/g, " "), repairs };
}

const attribute = (element: Element, name: string) => element.attrs.find((one) => one.name === name)?.value;
const loadsOf = async (stack: string) =>
  (await document("plan", "-s", stack)).models.filter(({ load }: Json) => load !== null);
const page = async (stack: string) =>
  billHtml(await document("cost", "-s", stack), { name: stack, date: TODAY, loads: await loadsOf(stack) });

describe.each(STACKS)("the page of the bill of %s", (stack) => {
  it("is what the command prints, and what a browser reads without repair", async () => {
    const { out } = await run("cost", "-s", stack, "-o", "html");
    expect(out).toBe(await page(stack));
    expect(read(out).repairs).toEqual([]);
  });

  it("loads nothing, and runs only the script that its policy names", async () => {
    const { elements } = read(await page(stack));
    const scripts = elements.filter(({ tagName }) => tagName === "script");
    expect(scripts).toHaveLength(1);
    const text = (scripts[0]!.childNodes[0] as { value: string }).value;
    const hash = createHash("sha256").update(text).digest("base64");
    const policy = elements.find((one) => attribute(one, "http-equiv"))!;
    expect(attribute(policy, "content")).toBe(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
    );
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => /^on|^src$|^style$/.test(name))).toEqual([]);
    const links = attributes.filter(({ name }) => name === "href").map(({ value }) => value);
    const ids = new Set(attributes.filter(({ name }) => name === "id").map(({ value }) => `#${value}`));
    for (const link of links) expect(ids).toContain(link);
  });

  it("has every line with its price, source and day, and every sum", async () => {
    const bill = await document("cost", "-s", stack);
    const { elements, text } = read(await page(stack));
    const sheet = elements.find((one) => attribute(one, "data-sortable") !== undefined);
    const charged = bill.lines.filter(({ kind }: Json) => kind === "fixed" || kind === "usage");
    const rows = sheet
      ? elements.filter(
          ({ tagName, parentNode }) =>
            tagName === "tr" &&
            parentNode?.nodeName === "tbody" &&
            (parentNode as Element).parentNode === sheet,
        )
      : [];
    expect(rows).toHaveLength(charged.length);
    for (const { unitPriceUsd, source, asOf, what } of charged) {
      expect(text).toContain(what);
      expect(text).toContain(`$${unitPriceUsd}`);
      if (source) expect(text).toContain(source.replace(/\s+/g, " "));
      if (asOf) expect(text).toContain(asOf);
    }
    for (const { kind, reason } of bill.lines) if (kind === "unknown") expect(text).toContain(reason);
    for (const warning of bill.warnings) expect(text).toContain(warning);
  });

  it("draws the same sums as the bill", async () => {
    const bill = await document("cost", "-s", stack);
    const parts = monthParts(bill.lines);
    for (const name of ["min", "expected", "max"] as const) {
      const sum = parts.reduce((total, part) => total + part[name], 0);
      expect(sum).toBeCloseTo(Number(bill.totals.monthlyUsd[name]), 4);
    }
    expect(parts.length).toBeLessThanOrEqual(8);
  });
});

it("draws the simulated week of each model, and says what came of it", async () => {
  const { elements, text } = read(await page("eu-gdpr"));
  const [{ load }] = await loadsOf("eu-gdpr");
  const strips = elements.filter(
    (one) => one.tagName === "svg" && / by day: /.test(attribute(one, "aria-label") ?? ""),
  );
  const bars = strips.map(({ childNodes }) => childNodes as Element[]);
  expect(bars.map((list) => list.length)).toEqual([168, 168]);
  // Height is share of the tallest: the traffic as it is, replicas against the most of them.
  const heights = bars.map((list) => list.map((bar) => Number.parseFloat(attribute(bar, "height")!)));
  expect(heights[0]).toEqual(load.week.map((share: number) => Number((share * 100).toFixed(2))));
  const most = Math.max(...load.replicas);
  expect(heights[1]).toEqual(load.replicas.map((value: number) => Number(((value / most) * 100).toFixed(2))));
  expect(text).toContain(`${(load.simulation.idleShare * 100).toFixed(1)} % of the paid node-hours`);
  for (const why of load.simulation.why) expect(text).toContain(why);
});

it("stands in order of amount without its script", async () => {
  const { elements } = read(await page("eu-gdpr"));
  const expected = elements
    .filter(({ tagName }) => tagName === "tr")
    .flatMap((row) => {
      const cells = row.childNodes.filter((node): node is Element => "tagName" in node);
      const value = cells[6] && attribute(cells[6], "data-by");
      return value === undefined ? [] : [Number(value)];
    });
  expect(expected.length).toBeGreaterThan(20);
  expect(expected).toEqual([...expected].sort((a, b) => b - a));
});

it("shows hostile names as they are, as text", async () => {
  const bill: Json = structuredClone(await document("cost", "-s", "dev"));
  for (const kind of ["fixed", "unknown", "free"]) {
    const line = bill.lines.find((one: Json) => one.kind === kind);
    Object.assign(line, { resource: HOSTILE, type: HOSTILE, what: HOSTILE, reason: HOSTILE });
  }
  const { elements, text, repairs } = read(billHtml(bill, { name: HOSTILE, date: TODAY }));
  expect(repairs).toEqual([]);
  expect(elements.filter(({ tagName }) => tagName === "img")).toEqual([]);
  expect(elements.filter(({ tagName }) => tagName === "script")).toHaveLength(1);
  expect(text.split(HOSTILE).length - 1).toBeGreaterThan(8);
});
