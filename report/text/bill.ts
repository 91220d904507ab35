import type { BillDocument } from "../../cost/index.ts";
import { budgetSentence, coverage, lineGroups, quantityOf, unknownLines } from "../digest.ts";
import { clip, columns, type Style, usd, wrap } from "./style.ts";

/** The bill for people: totals first, the largest lines, what is unknown and why. */
export function billText(bill: BillDocument, style: Style, limit = 12): string {
  const { totals, budget } = bill;
  const row = (name: string, range: { min: string; expected: string; max: string } | null) =>
    range
      ? [`  ${name}`, usd(range.min), usd(range.expected), usd(range.max)]
      : [`  ${name}`, "unknown", "unknown", "unknown"];
  const lines = [
    style.bold("Cost of a month (730 h, list prices before tax)"),
    ...columns(
      [
        ["", "min", "expected", "max"],
        row("fixed", totals.fixedUsd),
        row("usage", totals.usageUsd),
        row("total", totals.monthlyUsd),
        row("per million tokens", totals.perMillionTokensUsd),
      ],
      [1, 2, 3],
    ),
  ];
  if (totals.perMillionTokensReason)
    lines.push(wrap(`per million tokens: ${totals.perMillionTokensReason}`, "  "));
  const sentence = wrap(budgetSentence(bill), "  ", undefined, "    ");
  const paint = { over: style.bad, under: style.good, none: style.dim }[budget.status];
  lines.push(paint(sentence), ...largest(bill, style, limit));
  for (const { text, count } of unknownLines(bill.lines))
    lines.push(style.warn(wrap(`unknown, not counted (${count} ×): ${text}`, "  ", undefined, "    ")));
  lines.push(wrap(coverage(bill), "  "));
  for (const warning of bill.warnings)
    lines.push(style.warn(wrap(`warning: ${warning}`, "  ", undefined, "    ")));
  return lines.join("\n");
}

function largest(bill: BillDocument, style: Style, limit: number): string[] {
  const groups = lineGroups(bill.lines);
  if (groups.length === 0) return [];
  const rows = groups
    .slice(0, limit)
    .map((group) => [
      `  ${clip(group.what, 36)}`,
      clip(quantityOf(group), 22),
      clip(group.resources, 24),
      usd(group.usd),
    ]);
  const rest = groups.slice(limit);
  const sum = rest.reduce((total, group) => total + group.usd, 0);
  const more =
    rest.length > 0 ? [style.dim(`  and ${rest.length} more kinds of line, ${usd(sum)} together`)] : [];
  return ["", "  Largest lines", ...columns(rows, [3]), ...more];
}
