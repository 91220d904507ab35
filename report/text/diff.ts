import type { BillDiffDocument } from "../../cost/index.ts";
import { shortName } from "../digest.ts";
import { clip, columns, type Style, usd } from "./style.ts";

/** Two bills side by side: only the lines that changed, largest change first. */
export function diffText(diff: BillDiffDocument, style: Style): string {
  const changed = diff.lines.filter((line) => line.change !== "same");
  changed.sort(
    (a, b) => Math.abs(Number(b.deltaUsd?.expected ?? 0)) - Math.abs(Number(a.deltaUsd?.expected ?? 0)),
  );
  const { totals } = diff;
  const head = `${usd(totals.old.expected)} -> ${usd(totals.new.expected)} a month (expected), ${change(totals.delta.expected)}`;
  const rows = changed.map((line) => [
    line.change,
    clip(shortName(line.resource), 36),
    clip(line.what, 30),
    line.deltaUsd ? change(line.deltaUsd.expected) : "unknown",
  ]);
  return [style.bold(head), ...(rows.length > 0 ? columns(rows, [3]) : ["no line changed"])].join("\n");
}

/** A difference with its sign. */
function change(amount: string): string {
  return Number(amount) > 0 ? `+${usd(amount)}` : usd(amount);
}
