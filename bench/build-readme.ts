/**
 * `npm run docs:build`: fills the blocks of README.md and docs/compare.md that a comment names: the output of a
 * command, a stack file without its comments, the accuracy that `npm run accuracy` works out, published prices beside
 * list prices.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../cli/main.ts";
import { memoryAccuracy } from "./accuracy/memory.ts";
import { percent, quantile } from "./accuracy/tables.ts";
import { coverage, throughputAccuracy } from "./accuracy/throughput.ts";
import { blendsTable } from "./blends.ts";

const root = join(import.meta.dirname, "..");
export const README = join(root, "README.md");
/** Every file with such blocks. */
export const FILLED = [README, join(root, "docs/compare.md")];
/** A comment that says what the fenced block below it holds. */
const BLOCK =
  /(<!-- (output|stack|accuracy|blends)(?:, (\d+) lines)?(?:: (.*?))? -->\n)(```\w*\n)[\s\S]*?(```)/g;

/** The text with every named block as it should be. */
export async function filled(text: string): Promise<string> {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(BLOCK)) {
    const [whole, comment, kind, lines, argument, fence, end] = match;
    const content =
      kind === "output"
        ? await output(argument!, lines === undefined ? null : Number(lines))
        : kind === "stack"
          ? stack(argument!)
          : kind === "blends"
            ? blendsTable()
            : accuracy();
    parts.push(text.slice(from, match.index), comment!, fence!, content, end!);
    from = match.index + whole.length;
  }
  return parts.join("") + text.slice(from);
}

async function output(command: string, lines: number | null): Promise<string> {
  let out = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    color: false,
    cwd: root,
    today: "2026-11-25",
  };
  await main(command.split(" "), io);
  const shown = lines === null ? out : `${out.split("\n").slice(0, lines).join("\n")}\n…\n`;
  return `$ bin/freehold ${command}\n${shown}`;
}

function stack(name: string): string {
  return readFileSync(join(root, `stacks/Pulumi.${name}.yaml`), "utf8").replace(/^\s*#.*\n/gm, "");
}

function accuracy(): string {
  const { near, new: ground, bands } = throughputAccuracy();
  const { bars } = memoryAccuracy();
  const row = (label: string, of: typeof near, inBand: string) => {
    const errors = of.map(({ error }) => Math.abs(error));
    const figures = [percent(quantile(errors, 0.5)), percent(quantile(errors, 0.9)), inBand];
    return [label, String(of.length), ...figures];
  };
  const table = [
    ["output tokens/s", "rows", "median error", "90th percentile", "in the printed band"],
    row("a run left out at a time", near, percent(coverage(near, bands.near))),
    row("a source left out at a time", ground, percent(coverage(ground, bands.new))),
    row(
      "of the first, one request at a time",
      near.filter(({ sample }) => sample.row.concurrency === 1),
      "",
    ),
  ];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((cells) => cells[i]!.length)));
  const lines = table.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  const starts = bars.map(({ measure, bar, reached, n }) => `${measure} (${n}): ${reached}; bar ${bar}`);
  return `${lines.join("\n")}\n\n67 logged start-ups, each judged without its source\n${starts.map((line) => `  ${line}`).join("\n")}\n`;
}

if (process.argv[1] === import.meta.filename)
  for (const file of FILLED) writeFileSync(file, await filled(readFileSync(file, "utf8")));
