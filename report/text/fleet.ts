import type { FleetAnswer, FleetOption } from "../../plan/fit/index.ts";
import { columns, type Style, usd, wrap } from "./style.ts";

type Range = { low: number; expected: number; high: number };

/** The ways to carry a target load as a table, the chosen one marked, and why. */
export function fleetText(answer: FleetAnswer, style: Style): string[] {
  const { requestsPerSecond, inputTokens, outputTokens, maxTtftMs, maxItlMs } = answer;
  const limits = [
    maxTtftMs === null ? "" : `, first token within ${maxTtftMs} ms`,
    maxItlMs === null ? "" : `, next tokens within ${maxItlMs} ms`,
  ].join("");
  const perHour = Math.round(requestsPerSecond * 3600).toLocaleString("en-US");
  const title = `for ${perHour} requests an hour of ${inputTokens} + ${outputTokens} tokens${limits}`;
  const head = [
    "",
    "layout",
    "replicas",
    "GPUs",
    "nodes",
    "tokens/s",
    "users",
    "TTFT ms",
    "ITL ms",
    "$/h",
    "$/Mtok",
  ];
  const rows = answer.options.map((option, i) => row(option, i === answer.chosen));
  const [first, ...rest] = columns([head, ...rows], [2, 3, 4, 6, 7, 8, 9, 10]);
  const lines = ["", wrap(title, "  "), `  ${first}`];
  rest.forEach((line, i) => {
    lines.push(i === answer.chosen ? style.bold(`  ${line}`) : `  ${line}`);
    const { reason } = answer.options[i]!;
    if (reason !== null) lines.push(style.dim(wrap(reason, "      ")));
  });
  lines.push(wrap(answer.because, "  ", undefined, "    "));
  if (answer.atLowEnd !== null) lines.push(wrap(answer.atLowEnd, "  ", undefined, "    "));
  return lines;
}

function row(option: FleetOption, isChosen: boolean): string[] {
  const { outputTokensPerSecond, timeToFirstTokenMs, interTokenLatencyMs, usdPerHour } = option;
  const data = option.dataParallel > 1 ? ` dp ${option.dataParallel}` : "";
  const expert = option.expertParallel ? " ep" : "";
  return [
    isChosen ? ">" : "",
    `tp ${option.tensorParallel}${data}${expert}${option.verdict === "tight" ? " (tight)" : ""}`,
    shown(option.replicas),
    shown(option.gpus),
    shown(option.nodes),
    rate(outputTokensPerSecond),
    shown(option.requestsAtOnce),
    expected(timeToFirstTokenMs),
    expected(interTokenLatencyMs),
    usdPerHour === null ? "-" : usd(usdPerHour),
    option.perMillionTokensUsd === null ? "-" : usd(option.perMillionTokensUsd),
  ];
}

function shown(value: number | null): string {
  return value === null ? "-" : Math.round(value).toLocaleString("en-US");
}

function expected(range: Range | null): string {
  return shown(range?.expected ?? null);
}

function rate(range: Range | null): string {
  if (range === null) return "-";
  // Thousands where the numbers are long: a row keeps within the width of a terminal.
  const show = (value: number) => (range.expected < 10_000 ? shown(value) : `${(value / 1000).toFixed(1)}k`);
  return `${show(range.expected)} (${show(range.low)}-${show(range.high)})`;
}
