import type { FitDocument } from "../../plan/fit/index.ts";
import { fleetText } from "./fleet.ts";
import { memoryBar } from "./memory-bar.ts";
import { columns, type Style, WIDTH, wrap } from "./style.ts";

/** A fit for people: the verdict, the memory of one GPU as a bar, and what follows from it. */
export function fitText(fit: FitDocument, style: Style): string {
  const paint = fit.verdict === "fits" ? style.good : fit.verdict === "no" ? style.bad : style.warn;
  const where = fit.instance
    ? `${fit.instance} (${fit.gpus} × ${fit.gpu})`
    : `${fit.gpus ?? "?"} × ${fit.gpu ?? "unknown GPU"}`;
  const verdict = fit.verdict.toUpperCase();
  const subject = `${fit.model} (${fit.quantization}) on ${where}, tensor parallel ${fit.tensorParallel ?? "?"}, vLLM ${fit.engineVersion ?? "?"}`;
  const head = wrap(subject, " ".repeat(verdict.length + 2), WIDTH, "  ");
  const lines = [paint(style.bold(verdict)) + head.slice(verdict.length)];
  for (const reason of fit.reasons) lines.push(wrap(reason.message, "  ", undefined, "    "));
  const memory = memoryBar(fit);
  if (memory.length > 0) lines.push("", ...memory);
  if (fit.kvBytesPerToken !== null) {
    const facts = [
      ["  KV cache per token", `${(fit.kvBytesPerToken / 1024).toFixed(1)} KiB a GPU`],
      ["  tokens that fit", range(fit.kvCacheTokens)],
      [
        "  longest request",
        fit.maxModelLenThatFits === null ? "unknown" : `${fit.maxModelLenThatFits} tokens`,
      ],
      ["  full-length requests at once", range(fit.maxConcurrency)],
    ];
    const users = fit.usersAtLoad;
    if (users !== null) {
      const { low, expected, high } = users.requestsAtOnce;
      const limit = users.limitedBy === "cache" ? "the cache" : `max_num_seqs ${users.maxNumSeqs}`;
      facts.push([
        `  requests of ${users.inputTokens} + ${users.outputTokens} tokens at once`,
        `${expected} (${low} to ${high}), limited by ${limit}`,
      ]);
    }
    lines.push("", ...columns(facts));
  }
  const speed = fit.throughput;
  if (speed) {
    lines.push(
      "",
      ...columns([
        ["  output tokens/s", range(speed.outputTokensPerSecond)],
        ["  inter-token latency", `${range(speed.interTokenLatencyMs)} ms`],
        ["  time to first token", `${range(speed.timeToFirstTokenMs)} ms`],
        ["  basis", speed.basis],
      ]),
    );
  }
  if (fit.fleet !== null) lines.push(...fleetText(fit.fleet, style));
  const near = fit.nearestThatFits;
  if (near) lines.push("", wrap(`nearest that fits: ${near.change}`, "  "));
  return `${lines.join("\n")}\n`;
}

function range(value: { low: number; expected: number; high: number } | null): string {
  if (value === null) return "unknown";
  const show = (number: number) =>
    Math.abs(number) >= 100 ? Math.round(number).toLocaleString("en-US") : number.toFixed(1);
  return `${show(value.expected)} (${show(value.low)} to ${show(value.high)})`;
}
