import type { ExplainedTerm, Explanation, WhatIf } from "../../plan/fit/index.ts";
import { columns, type Style, WIDTH, wrap } from "./style.ts";

/** The arithmetic of a fit for people: formula, numbers and source of every term, then what single changes would do. */
export function explainText({ terms, changes }: Explanation, style: Style): string {
  const lines: string[] = ["  how each number comes about"];
  for (const term of terms) {
    lines.push("", `  ${style.bold(term.name)}  ${shown(term)}`);
    lines.push(part("formula", term.formula), part("numbers", term.numbers), part("source", term.source));
  }
  if (changes.length > 0) {
    const isLoaded = changes.some(({ users }) => users !== null);
    const rows = changes.map((change) => [
      `  ${change.change}`,
      change.verdict,
      change.kvCacheGiB.toFixed(2),
      `${change.gainGiB < 0 ? "-" : "+"}${Math.abs(change.gainGiB).toFixed(2)}`,
      change.tokens === null ? "unknown" : change.tokens.toLocaleString("en-US"),
      change.longest === null ? "unknown" : change.longest.toLocaleString("en-US"),
      ...(isLoaded ? [change.users?.toLocaleString("en-US") ?? "-", rate(change)] : []),
    ]);
    const head = ["  what one change would do", "verdict", "KV GiB", "", "tokens", "longest"];
    if (isLoaded) head.push("users", "tokens/s");
    lines.push("", ...columns([head, ...rows], [2, 3, 4, 5, 6, 7]));
  }
  return `${lines.join("\n")}\n`;
}

/** Output rate with all those users. */
function rate({ outputTokensPerSecond }: WhatIf): string {
  if (outputTokensPerSecond === null) return "-";
  const { low, expected, high } = outputTokensPerSecond;
  return `${Math.round(expected)} (${Math.round(low)}-${Math.round(high)})`;
}

function part(name: string, text: string): string {
  return wrap(`${name.padEnd(9)}${text}`, "    ", WIDTH, "             ");
}

function shown({ value, unit }: ExplainedTerm): string {
  if (value === null) return "unknown";
  const show = (number: number) =>
    unit === "tokens" ? Math.round(number).toLocaleString("en-US") : number.toFixed(2);
  const { low, expected, high } = value;
  return low === high
    ? `${show(expected)} ${unit}`
    : `${show(expected)} ${unit} (${show(low)} to ${show(high)})`;
}
