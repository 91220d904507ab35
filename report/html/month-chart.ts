import { h, type JSX } from "preact";
import type { BillLine } from "../../cost/index.ts";
import { usd } from "../text/style.ts";
import { section, table } from "./elements.ts";

/** Parts with a colour of their own; the rest is one more part. */
const PARTS = 7;
const CASES = ["min", "expected", "max"] as const;

type Case = (typeof CASES)[number];
export type MonthPart = { what: string } & Record<Case, number>;

/** What a month goes to in the three cases, the largest of any case first, small ones together at the end. */
export function monthParts(lines: readonly BillLine[]): MonthPart[] {
  const parts = new Map<string, MonthPart>();
  for (const { what, monthlyUsd } of lines) {
    if (monthlyUsd === null) continue;
    const part = parts.get(what) ?? { what, min: 0, expected: 0, max: 0 };
    for (const name of CASES) part[name] += Number(monthlyUsd[name]);
    parts.set(what, part);
  }
  const all = [...parts.values()]
    .filter(({ max }) => max > 0)
    .sort((a, b) => b.max - a.max || (a.what < b.what ? -1 : 1));
  if (all.length <= PARTS + 1) return all;
  const rest = all.slice(PARTS);
  const sum = (name: Case) => rest.reduce((total, part) => total + part[name], 0);
  const other = {
    what: `${rest.length} others`,
    min: sum("min"),
    expected: sum("expected"),
    max: sum("max"),
  };
  return [...all.slice(0, PARTS), other];
}

/**
 * The month as three stacked bars on one scale, and the same as a table.
 *
 * Drawn by hand: three rows of rectangles need no axis, scale or layout of a chart library (half a megabyte in the
 * package), and widths in per cent stay sharp at any size and on paper. Each part has a number beside its colour.
 */
export function monthSection(lines: readonly BillLine[]): JSX.Element | null {
  const parts = monthParts(lines);
  if (parts.length === 0) return null;
  const total = (name: Case) => parts.reduce((sum, part) => sum + part[name], 0);
  const scale = total("max");
  const key = (index: number) =>
    h("svg", { class: "key", "aria-hidden": "true", width: "12", height: "12" }, [
      h("rect", { class: tint(index, parts), width: "12", height: "12" }),
    ]);
  const share = (part: MonthPart) =>
    total("expected") > 0 ? `${((part.expected / total("expected")) * 100).toFixed(1)} %` : "";
  return section("What the month goes to", [
    h(
      "div",
      { class: "bars" },
      CASES.flatMap((name) => [
        h("span", null, name),
        bar(parts, name, scale),
        h("span", { class: "right" }, usd(total(name))),
      ]),
    ),
    table(
      "Parts of the bars, largest first",
      [
        { name: "part" },
        { name: "min", right: true },
        { name: "expected", right: true },
        { name: "share of it", right: true },
        { name: "max", right: true },
      ],
      parts.map((part, index) => [
        [key(index), ` ${index + 1} ${part.what}`],
        usd(part.min),
        usd(part.expected),
        share(part),
        usd(part.max),
      ]),
    ),
  ]);
}

const tint = (index: number, parts: MonthPart[]) =>
  index >= PARTS && parts.length > PARTS ? "part-rest" : `part-${index + 1}`;

function bar(parts: MonthPart[], name: Case, scale: number): JSX.Element {
  let left = 0;
  const pieces = parts.flatMap((part, index) => {
    const width = (part[name] / scale) * 100;
    const x = left;
    left += width;
    if (width === 0) return [];
    const place = { x: `${x.toFixed(3)}%`, width: `${width.toFixed(3)}%`, y: "0", height: "100%" };
    return [
      h("rect", { class: `piece ${tint(index, parts)}`, ...place }, [
        h("title", null, `${part.what}: ${usd(part[name])}`),
      ]),
      // Narrower pieces have no room for their number.
      width >= 3 && h("text", { x: `${(x + width / 2).toFixed(3)}%`, y: "50%" }, String(index + 1)),
    ];
  });
  const words = parts.filter((part) => part[name] > 0).map((part) => `${part.what} ${usd(part[name])}`);
  return h(
    "svg",
    { role: "img", "aria-label": `${name}: ${words.join(", ")}`, width: "100%", height: "32" },
    pieces,
  );
}

/** Colours that people with any colour vision tell apart (Okabe and Ito, 2008), with ink that reads on each. */
export const MONTH_SHEET = `
.bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: .5rem .75rem; align-items: center; margin: 1rem 0; font-variant-numeric: tabular-nums; }
.bars svg { display: block; background: var(--tint); print-color-adjust: exact; }
.bars text { fill: #000; font: 600 .8rem system-ui, sans-serif; text-anchor: middle; dominant-baseline: central; pointer-events: none; }
.piece { stroke: var(--page); stroke-width: 1; }
.key { vertical-align: -1px; }
.part-1 { fill: #56b4e9; } .part-2 { fill: #e69f00; } .part-3 { fill: #009e73; } .part-4 { fill: #f0e442; }
.part-5 { fill: #d55e00; } .part-6 { fill: #cc79a7; } .part-7 { fill: #7f93ff; } .part-8, .part-rest { fill: #a3a8b0; }
`;
