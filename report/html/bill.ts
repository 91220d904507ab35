import { type ComponentChild, h, type JSX } from "preact";
import type { BillDocument, BillLine, Quantity3, Range3 } from "../../cost/index.ts";
import { shortName } from "../digest.ts";
import { usd } from "../text/style.ts";
import { folded, section, table } from "./elements.ts";
import { LOAD_SHEET, loadSection, type ModelLoad } from "./load-chart.ts";
import { MONTH_SHEET, monthSection } from "./month-chart.ts";
import { page } from "./page.ts";
import { billNotes, billTotals } from "./sections.ts";
import { SORT_SCRIPT, type SortCell, sortableTable } from "./sortable.ts";

/** What the bill is of, and the day it was made for. */
export interface BillTitle {
  name: string;
  date: string;
  /** Models of the plan whose load was simulated; none for a graph. */
  loads?: readonly ModelLoad[];
}

/**
 * The bill as one page to sign: the sums, what the month goes to, the week it was simulated from, every line with its unit price, source and day,
 * what has no price and what is free. The lines can be ordered by any column; without the script they stand by
 * amount, dearest first.
 */
export function billHtml(bill: BillDocument, { name, date, loads = [] }: BillTitle): string {
  const month = bill.totals.monthlyUsd;
  const sources = sourcesOf(bill.lines);
  return page({
    title: `Freehold: cost of ${name}: ${usd(month.expected)} a month`,
    sheet: MONTH_SHEET + LOAD_SHEET + BILL_SHEET,
    script: SORT_SCRIPT,
    body: [
      h("header", null, [
        h("h1", null, `Cost of ${name}`),
        h("p", { class: `answer ${bill.budget.status === "over" ? "bad" : ""}` }, [
          `${usd(month.expected)} a month`,
          h("span", { class: "soft" }, ` expected; ${usd(month.min)} to ${usd(month.max)}`),
        ]),
        h(
          "p",
          { class: "soft" },
          `${date} · catalogue of ${bill.catalogAsOf} · Freehold ${bill.freeholdVersion}`,
        ),
      ]),
      section("Totals", [...billTotals(bill), ...billNotes(bill)]),
      monthSection(bill.lines),
      loadSection(loads),
      linesSection(bill.lines, sources),
      unknownSection(bill.lines),
      freeSection(bill.lines),
      sourcesSection(bill.lines, sources),
    ],
  });
}

/** Each source once, in the order of the lines, with its number. */
function sourcesOf(lines: readonly BillLine[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const line of byAmount(lines)) {
    if (line.source !== null && !numbers.has(line.source)) numbers.set(line.source, numbers.size + 1);
  }
  return numbers;
}

const priced = ({ kind }: BillLine) => kind === "fixed" || kind === "usage";

function byAmount(lines: readonly BillLine[]): BillLine[] {
  const amount = (line: BillLine) => Number(line.monthlyUsd?.expected ?? 0);
  return lines.filter(priced).sort((a, b) => amount(b) - amount(a));
}

function linesSection(lines: readonly BillLine[], sources: Map<string, number>): JSX.Element | null {
  const rows = byAmount(lines).map((line) => lineRow(line, sources));
  if (rows.length === 0) return null;
  return section(`Lines (${rows.length})`, [
    sortableTable(
      "Every line that costs money: quantity × unit price, in US dollars a month",
      [
        { name: "resource" },
        { name: "what" },
        { name: "kind" },
        { name: "quantity", right: true },
        { name: "unit price", right: true },
        { name: "min", right: true },
        { name: "expected", right: true },
        { name: "max", right: true },
        { name: "price of" },
      ],
      rows,
    ),
  ]);
}

function lineRow(line: BillLine, sources: Map<string, number>): SortCell[] {
  const name = shortName(line.resource);
  const amount = (which: keyof Range3): SortCell => ({
    cell: dollars(line.monthlyUsd![which]),
    by: line.monthlyUsd![which],
  });
  const source = line.source === null ? null : sources.get(line.source)!;
  return [
    { cell: [name, soft(line.type)], by: name },
    { cell: [line.what, line.reason && soft(line.reason)], by: line.what },
    { cell: line.kind, by: line.kind },
    { cell: [span(line.quantity!), soft(line.unit)], by: line.quantity!.expected },
    { cell: `$${line.unitPriceUsd}`, by: line.unitPriceUsd },
    amount("min"),
    amount("expected"),
    amount("max"),
    {
      cell: [
        line.asOf ?? "undated",
        source !== null && [" ", h("a", { href: `#source-${source}` }, `[${source}]`)],
      ],
      by: line.asOf,
    },
  ];
}

function unknownSection(lines: readonly BillLine[]): JSX.Element | null {
  const rows = lines
    .filter(({ kind }) => kind === "unknown")
    .map((line) => [
      [shortName(line.resource), soft(line.type)],
      line.what,
      line.reason ?? "no reason given",
    ]);
  if (rows.length === 0) return null;
  return section(`Without a price (${rows.length})`, [
    table(
      "In no total: the true month costs more",
      [{ name: "resource" }, { name: "what" }, { name: "why" }],
      rows,
    ),
  ]);
}

/** Free types with the reason once, however many resources are of it. */
function freeSection(lines: readonly BillLine[]): JSX.Element | null {
  const groups = new Map<string, { type: string; reason: string; names: Set<string> }>();
  for (const line of lines) {
    if (line.kind !== "free") continue;
    const reason = line.reason ?? "";
    const group = groups.get(`${line.type} ${reason}`) ?? { type: line.type, reason, names: new Set() };
    group.names.add(line.resource);
    groups.set(`${line.type} ${reason}`, group);
  }
  const rows = [...groups.values()]
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map(({ type, reason, names }) => [type, String(names.size), reason]);
  if (rows.length === 0) return null;
  return section(`Free of charge (${rows.length} types)`, [
    folded("each type, and why", [
      table(
        "What costs nothing",
        [{ name: "type" }, { name: "resources", right: true }, { name: "why" }],
        rows,
      ),
    ]),
  ]);
}

function sourcesSection(lines: readonly BillLine[], sources: Map<string, number>): JSX.Element | null {
  if (sources.size === 0) return null;
  const days = (source: string) =>
    [...new Set(lines.flatMap((line) => (line.source === source && line.asOf ? [line.asOf] : [])))].sort();
  return section("Sources of prices", [
    h(
      "ol",
      null,
      [...sources].map(([source, number]) =>
        h("li", { id: `source-${number}` }, `${source} (${days(source).join(", ") || "undated"})`),
      ),
    ),
  ]);
}

const soft = (text: string): ComponentChild => h("div", { class: "soft small" }, text);

/** A quantity: one number, or the expected one with the least and the most under it. */
function span({ min, expected, max }: Quantity3): ComponentChild {
  return min === max ? number(expected) : [number(expected), soft(`${number(min)} to ${number(max)}`)];
}

const number = (value: number) =>
  value.toLocaleString(
    "en-US",
    value !== 0 && value < 0.1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 },
  );

/** Whole cents, as on an invoice; what is less than a cent keeps its digits. */
function dollars(amount: string): string {
  const value = Number(amount);
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: value !== 0 && value < 0.01 ? 6 : 2 };
  return `$${value.toLocaleString("en-US", cents)}`;
}

const BILL_SHEET = `
body { max-width: 84rem; }
.small { font-size: .8125rem; font-weight: 400; white-space: normal; }
.right .small { white-space: nowrap; }
a { color: inherit; }
table[data-sortable] th, table[data-sortable] td { padding-right: 1rem; }
table[data-sortable] tbody td:not(.right) { min-width: 6rem; }
thead button { all: unset; cursor: pointer; color: inherit; }
thead button:hover { color: var(--ink); text-decoration: underline; }
thead button:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
thead [aria-sort] button { color: var(--ink); font-weight: 600; }
thead [aria-sort="ascending"] button::after { content: " ↑"; }
thead [aria-sort="descending"] button::after { content: " ↓"; }
li { margin: .25rem 0; overflow-wrap: anywhere; }
li:target { background: var(--tint); }
@media print {
  @page { size: landscape; margin: 1.5cm; }
  .small { font-size: 8pt; }
  table[data-sortable] { font-size: 8.5pt; }
  table[data-sortable] th, table[data-sortable] td { padding-right: .5rem; }
}
`;
