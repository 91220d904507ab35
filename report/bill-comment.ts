import type { BillDocument } from "../cost/index.ts";
import { lineGroups, quantityOf, unknownLines } from "./digest.ts";
import { billMarkdown, cell, table } from "./markdown.ts";
import { clip, usd } from "./text/style.ts";

/** Characters that a comment on GitHub holds. */
export const COMMENT_LIMIT = 65_536;
/** Characters of a name or a reason that another program wrote. */
const MAX_CELL = 300;
/** Rows of what has no price; the rest by its number. */
const MAX_UNKNOWN = 50;

/**
 * The bill as a comment of a pull request: the sum first, then the totals, the budget, every kind of line folded
 * away, what has no price, and the warnings. As many lines as the comment holds; the others by number and amount.
 */
export function billComment(bill: BillDocument, name: string): string {
  const month = bill.totals.monthlyUsd;
  const head = `## ${cell(clip(name, MAX_CELL))}: ${usd(month.expected)} a month (${usd(month.min)} to ${usd(month.max)})`;
  const unknown = unknownLines(bill.lines);
  const tail = bill.warnings.map((warning) => `> ${cell(clip(warning, MAX_CELL))}`);
  const fixed = [head, billMarkdown({ ...bill, lines: bill.lines.filter(({ kind }) => kind !== "unknown") })];
  const missing = [
    ...unknown
      .slice(0, MAX_UNKNOWN)
      .map(({ text, count }) => `- unknown, not counted (${count} ×): ${cell(clip(text, MAX_CELL))}`),
    ...(unknown.length > MAX_UNKNOWN
      ? [`- and ${unknown.length - MAX_UNKNOWN} more reasons (freehold cost -o json)`]
      : []),
  ].join("\n");
  const rest = [...(missing ? [missing] : []), ...tail];
  const room = COMMENT_LIMIT - [...fixed, ...rest].join("\n\n").length - 4;
  return [...fixed, lineTable(bill, room), ...rest].filter((part) => part !== "").join("\n\n");
}

/** Kinds of line, dearest first, in at most so many characters. */
function lineTable(bill: BillDocument, room: number): string {
  const groups = lineGroups(bill.lines);
  if (groups.length === 0) return "";
  const rows = groups.map((group) => [
    clip(group.what, MAX_CELL),
    clip(quantityOf(group), MAX_CELL),
    clip(group.resources, MAX_CELL),
    usd(group.usd),
  ]);
  const columns = ["what", "quantity", "resource", "a month"];
  const fold = (shown: number) => {
    const left = groups.slice(shown);
    const sum = left.reduce((total, group) => total + group.usd, 0);
    const more = left.length > 0 ? `\n\nand ${left.length} more kinds of line, ${usd(sum)} together` : "";
    return `<details><summary>${groups.length} kinds of line</summary>\n\n${table(columns, rows.slice(0, shown))}${more}\n\n</details>`;
  };
  let shown = rows.length;
  while (shown > 0 && fold(shown).length > room) shown = Math.floor(shown * 0.9);
  return shown > 0 ? fold(shown) : "";
}
