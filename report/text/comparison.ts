import type { ComparisonDocument, ComparisonOption } from "../../cost/index.ts";
import { number } from "./offers.ts";
import { clip, columns, type Style, usd, WIDTH, wrap } from "./style.ts";

/** Options of each kind that are shown; the JSON document has all. */
const SHOWN = { api: 8, other: 6 };

const INDENT = "  ";
const GAP = "  ";

/** What was asked, in words. */
export function demandWords({ demand, model }: ComparisonDocument): string {
  const shares = [
    ["cached", demand.cachedShare],
    ["in batches", demand.batchShare],
    ["regulated", demand.regulatedShare],
  ].flatMap(([name, share]) => (Number(share) > 0 ? [`${share} ${name}`] : []));
  const load = `${number(demand.requestsPerMonth)} requests a month of ${number(demand.inputTokens)} + ${number(demand.outputTokens)} tokens`;
  return `${[load, ...shares].join(", ")}; at home ${model}`;
}

/** Options that a reader wants to see: the first of the hosted ones, the first of the rest. */
export function shownOptions({ options, apis: named }: ComparisonDocument): ComparisonOption[] {
  const hosted = options.filter(({ kind }) => kind === "api");
  const apis = [...hosted.filter(({ name }) => named.includes(name)), ...hosted].slice(0, SHOWN.api);
  const others = options.filter(({ kind }) => kind !== "api");
  const each = (["self-host", "owned", "hybrid"] as const).flatMap((kind) =>
    others.filter((option) => option.kind === kind).slice(0, SHOWN.other),
  );
  const shown = new Set([...apis, ...each]);
  return options.filter((option) => shown.has(option));
}

/** The tokens of an API: what is paid by use. */
export function usageOf({ monthlyUsd }: ComparisonOption): number {
  const parts = [monthlyUsd.input, monthlyUsd.cachedInput, monthlyUsd.output, monthlyUsd.fees];
  return parts.reduce((sum, part) => sum + Number(part ?? 0), 0);
}

export function totalWords({ monthlyUsd, atLeastUsd }: ComparisonOption): string {
  return monthlyUsd.total === null ? `> ${amount(atLeastUsd)}` : amount(monthlyUsd.total);
}

/** An amount in which what is not nothing never looks like it. */
export function amount(value: string | number | null): string {
  return value !== null && Number(value) > 0 && Number(value) < 0.005 ? "<$0.01" : usd(value);
}

export function allowedWords({ allowed }: ComparisonOption): string {
  return allowed === "unknown" ? "unknown" : allowed ? "yes" : "no";
}

/** A comparison for people: the answer and its reasons, what would change it, and the options. */
export function comparisonText(document: ComparisonDocument, style: Style): string {
  const { recommendation } = document;
  const chosen = document.options.find(({ name }) => name === recommendation.option);
  const lines = [style.bold(wrap(demandWords(document), "", undefined, "  "))];
  lines.push(
    chosen
      ? style.good(wrap(`RECOMMENDED ${chosen.name}: ${totalWords(chosen)} a month`, "", undefined, "  "))
      : style.warn("NOTHING TO RECOMMEND"),
  );
  for (const reason of recommendation.because) lines.push(wrap(reason, "  ", undefined, "    "));
  lines.push("", "A month", ...table(shownOptions(document)));
  lines.push(
    style.dim(
      wrap(
        "by use: tokens and fees; $/point: a million tokens over the intelligence index; good: the quality will do; may: allowed; ?: not known",
        "  ",
        undefined,
        "  ",
      ),
    ),
  );
  const rest = document.options.length - shownOptions(document).length;
  if (rest > 0) lines.push(style.dim(`  and ${rest} more options (-o json)`));
  lines.push(...breakEvens(document), ...idle(document));
  if (recommendation.flipsIf.length > 0) lines.push("", "What would change the answer, each alone");
  for (const { variable, value, to, why } of recommendation.flipsIf) {
    const shown = typeof value === "number" ? number(value) : value;
    const words = value === null ? `${variable}: nothing` : `${variable} ${shown}${to ? ` -> ${to}` : ""}`;
    lines.push(wrap(`${words}; ${why}`, "  ", undefined, "    "));
  }
  for (const { name, because } of document.leftOut.slice(0, SHOWN.other))
    lines.push(style.dim(wrap(`left out: ${name}: ${because}`, "  ", undefined, "    ")));
  for (const { what, value, source, asOf } of document.assumptions)
    lines.push(
      style.dim(
        wrap(`assumed: ${what}: ${value} (${source}${asOf ? `, ${asOf}` : ""})`, "  ", undefined, "    "),
      ),
    );
  return `${lines.join("\n")}\n`;
}

function table(options: readonly ComparisonOption[]): string[] {
  const head = ["option", "by use", "machines", "people", "total", "$/point", "good", "may"];
  const rows = options.map((option) => [
    option.name,
    amount(usageOf(option)),
    option.monthlyUsd.compute === null ? "unknown" : amount(option.monthlyUsd.compute),
    usd(option.monthlyUsd.people),
    totalWords(option),
    option.pricePerIntelligencePoint === null
      ? "unknown"
      : Number(option.pricePerIntelligencePoint).toFixed(4),
    option.comparable === "unknown" ? "?" : option.comparable ? "yes" : "no",
    allowedWords(option) === "unknown" ? "?" : allowedWords(option),
  ]);
  // Names take what the figures leave.
  const figures = columns(
    [head, ...rows].map(([, ...cells]) => cells),
    [0, 1, 2, 3, 4],
  );
  const room = WIDTH - INDENT.length - GAP.length - Math.max(...figures.map((line) => line.length));
  const width = Math.min(room, Math.max(...options.map(({ name }) => name.length), head[0]!.length));
  return figures.map((line, index) => {
    const name = clip(index === 0 ? "option" : options[index - 1]!.name, width);
    return `${INDENT}${name.padEnd(width)}${GAP}${line}`;
  });
}

function breakEvens({ options }: ComparisonDocument): string[] {
  const own = options.filter(({ kind }) => kind !== "api").slice(0, SHOWN.other);
  if (own.length === 0) return [];
  const lines = own.map((option) => {
    const { breakEvenRequestsPerMonth: equal, breakEvenTokensPerSecond: rate } = option;
    const words = equal
      ? `${number(equal.value)} requests a month against ${equal.against}`
      : `none: ${option.breakEvenReason}`;
    const tokens = rate ? `; one node alone equals it at ${number(Math.round(rate.value))} tokens/s` : "";
    return wrap(`${option.name}: ${words}${tokens}`, "  ", undefined, "    ");
  });
  return ["", "Break-even", ...lines];
}

/** What is paid for while nothing is asked. */
function idle({ options }: ComparisonDocument): string[] {
  const held = options.filter(({ machines }) => machines !== null).slice(0, SHOWN.other);
  if (held.length === 0) return [];
  const lines = held.map(({ kind, name, machines }) =>
    wrap(
      `${kind === "hybrid" ? `${name}, at home` : name}: ${machines!.count} held, ${machines!.utilizationPct.toFixed(1)} % in use, ${usd(machines!.idleUsd)} of the month idle`,
      "  ",
      undefined,
      "    ",
    ),
  );
  return ["", "Idle", ...lines];
}
