import type { BillDocument, BillLine } from "../../cost/index.ts";
import { clip, columns, type Style, usd, WIDTH, wrap } from "./style.ts";

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
  const priced = bill.lines
    .filter((line) => line.monthlyUsd !== null && line.kind !== "free")
    .sort(
      (a, b) =>
        Number(b.monthlyUsd!.expected) - Number(a.monthlyUsd!.expected) ||
        a.resource.localeCompare(b.resource),
    );
  lines.push("", `  Largest lines`);
  lines.push(
    ...columns(
      priced
        .slice(0, limit)
        .map((line) => [
          `  ${clip(shortName(line.resource), 34)}`,
          clip(line.what, 34),
          clip(`${number(line.quantity!.expected)} ${line.unit}`, 20),
          usd(line.monthlyUsd!.expected),
        ]),
      [3],
    ).map((text) => clip(text, WIDTH)),
  );
  if (priced.length > limit) {
    const rest = priced.slice(limit).reduce((sum, line) => sum + Number(line.monthlyUsd!.expected), 0);
    lines.push(style.dim(`  and ${priced.length - limit} more lines, ${usd(rest)} together`));
  }
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
