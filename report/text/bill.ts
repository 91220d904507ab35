import type { BillDocument, BillLine } from "../../cost/index.ts";
import { clip, columns, type Style, usd, wrap } from "./style.ts";

export function shortName(resource: string): string {
  return resource.split("::").at(-1)!;
}

/** The bill for people: totals first, the largest lines, what is unknown and why. */
export function billText(bill: BillDocument, style: Style, limit = 12): string {
  const { totals } = bill;
  const lines = [style.bold("Cost of a month (730 h, list prices before tax)")];
  const row = (name: string, range: { min: string; expected: string; max: string } | null) =>
    range
      ? [`  ${name}`, usd(range.min), usd(range.expected), usd(range.max)]
      : [`  ${name}`, "unknown", "unknown", "unknown"];
  const table = columns(
    [
      ["", "min", "expected", "max"],
      row("fixed", totals.fixedUsd),
      row("usage", totals.usageUsd),
      row("total", totals.monthlyUsd),
      row("per million tokens", totals.perMillionTokensUsd),
    ],
    [1, 2, 3],
  );
  lines.push(table[0]!, ...table.slice(1));
  if (totals.perMillionTokensReason)
    lines.push(wrap(`per million tokens: ${totals.perMillionTokensReason}`, "  "));
  lines.push("", "  Largest lines", ...largest(bill.lines, style, limit));
  lines.push(...unknowns(bill.lines, style));
  const { resources } = totals;
  lines.push(
    wrap(
      `${resources.total} resources: ${resources.priced} priced, ${resources.partial} in part, ${resources.free} free, ${resources.unknown} unknown. Prices from ${bill.pricesAsOf.oldest ?? "unknown"} to ${bill.pricesAsOf.newest ?? "unknown"}.`,
      "  ",
    ),
  );
  lines.push(budgetLine(bill, style));
  for (const warning of bill.warnings)
    lines.push(style.warn(wrap(`warning: ${warning}`, "  ", undefined, "    ")));
  return lines.join("\n");
}

interface Grouped {
  resources: string[];
  what: string;
  quantity: number;
  unit: string;
  usd: number;
}

/** Lines of the same kind under one heading, dearest first: the bill in JSON has each by itself. */
function largest(all: BillLine[], style: Style, limit: number): string[] {
  const groups = new Map<string, Grouped>();
  for (const line of all) {
    if (line.monthlyUsd === null || line.kind === "free") continue;
    const key = `${line.type} ${line.what} ${line.unit} ${line.unitPriceUsd}`;
    const group = groups.get(key) ?? { resources: [], what: line.what, quantity: 0, unit: line.unit, usd: 0 };
    group.resources.push(shortName(line.resource));
    group.quantity += line.quantity?.expected ?? 0;
    group.usd += Number(line.monthlyUsd.expected);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort((a, b) => b.usd - a.usd || a.what.localeCompare(b.what));
  const rows = sorted
    .slice(0, limit)
    .map((group) => [
      `  ${clip(group.what, 36)}`,
      clip(`${number(group.quantity)} ${group.unit}`, 22),
      clip(named(group.resources), 24),
      usd(group.usd),
    ]);
  const rest = sorted.slice(limit).reduce((sum, group) => sum + group.usd, 0);
  const more =
    sorted.length > limit
      ? [style.dim(`  and ${sorted.length - limit} more kinds of line, ${usd(rest)} together`)]
      : [];
  return [...columns(rows, [3]), ...more];
}

/** One resource by the end of its name, several by their number. */
function named(resources: string[]): string {
  const names = new Set(resources);
  const [only] = names;
  return names.size > 1
    ? `${names.size} resources`
    : only!.replace(/^platform-(infrastructure-)?|^plan:(node-pool:)?/, "");
}

function unknowns(all: BillLine[], style: Style): string[] {
  const groups = new Map<string, number>();
  for (const line of all) {
    if (line.kind !== "unknown") continue;
    const text = `${line.what}: ${line.reason ?? "no reason given"}`;
    groups.set(text, (groups.get(text) ?? 0) + 1);
  }
  return [...groups].map(([text, count]) =>
    style.warn(wrap(`unknown, not counted (${count} ×): ${text}`, "  ", undefined, "    ")),
  );
}

function budgetLine(bill: BillDocument, style: Style): string {
  const { budget } = bill;
  if (budget.status === "none") return "  Budget: none";
  const text = wrap(
    `Budget: ${budget.status} (${budget.basis} case). ${budget.reasons.join("; ")}`,
    "  ",
    undefined,
    "    ",
  );
  return budget.status === "over" ? style.bad(text) : style.good(text);
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}
