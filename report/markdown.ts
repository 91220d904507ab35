import type { BillDocument } from "../cost/index.ts";
import type { FindingsDocument } from "../policies/types.ts";
import { answerOf, budgetSentence, coverage, policyVerdict, shortName, unknownLines } from "./digest.ts";
import type { PreviewDocument } from "./preview.ts";
import { clip, usd } from "./text/style.ts";

/** Rows of a table of findings: a comment of GitHub holds 65,536 characters. */
const MAX_ROWS = 100;
/** Characters of one finding in a table. */
const MAX_CELL = 400;

/** A preview for a pull request. */
export function previewMarkdown(document: PreviewDocument): string {
  const parts = [`## ${cell(`${document.stack}: ${answerOf(document)}`)}`];
  if (document.plan.verdict === "does-not-fit") {
    parts.push(
      document.plan.refusals
        .map((r) => `- ${cell(r.message)}${r.nearest ? ` (nearest: ${cell(r.nearest)})` : ""}`)
        .join("\n"),
    );
  } else {
    parts.push(
      table(
        ["model", "weights", "node", "replicas", "fit"],
        document.plan.models.map((model) => [
          model.name,
          `${model.model} (${model.quantization})`,
          `${model.instance ?? "own"} · ${model.tensorParallel} × ${model.gpu}`,
          `${model.replicas.min}–${model.replicas.max}`,
          model.verdict,
        ]),
      ),
    );
  }
  if (document.bill) parts.push(billMarkdown(document.bill));
  if (document.findings) parts.push(findingsMarkdown(document.findings));
  return `${parts.join("\n\n")}\n`;
}

export function billMarkdown(bill: BillDocument): string {
  const row = (name: string, range: { min: string; expected: string; max: string } | null) =>
    range
      ? [name, usd(range.min), usd(range.expected), usd(range.max)]
      : [name, "unknown", "unknown", "unknown"];
  const { totals } = bill;
  const unknown = unknownLines(bill.lines);
  return [
    "### Cost of a month",
    table(
      ["", "min", "expected", "max"],
      [
        row("fixed", totals.fixedUsd),
        row("usage", totals.usageUsd),
        row("total", totals.monthlyUsd),
        row("per million tokens", totals.perMillionTokensUsd),
      ],
    ),
    cell(budgetSentence(bill)),
    cell(coverage(bill)),
    ...unknown.map(({ text, count }) => `- unknown, not counted (${count} ×): ${cell(text)}`),
  ].join("\n\n");
}

export function findingsMarkdown(document: FindingsDocument): string {
  const rows = document.results.flatMap((result) =>
    "error" in result
      ? [[result.graph, "error", "", result.error.message]]
      : result.controls
          .filter((control) => control.verdict === "fail" || control.verdict === "unknown")
          .flatMap((control) =>
            [
              ...control.violations,
              ...control.unknowns.map((unknown) => ({ ...unknown, message: unknown.why })),
            ].map((entry) => [
              control.id,
              `${control.verdict} (${control.level})`,
              shortName(entry.resource),
              clip(entry.message, MAX_CELL),
            ]),
          ),
  );
  const { summary } = document;
  const head = `### Policy: ${policyVerdict(document).text}\n\n${summary.pass} pass, ${summary.fail} fail, ${summary.unknown} unknown, ${summary.waived} waived, ${summary.notApplicable} not applicable.`;
  if (rows.length === 0) return head;
  const shown = table(["control", "verdict", "resource", "finding"], rows.slice(0, MAX_ROWS));
  const more = rows.length - MAX_ROWS;
  return more > 0
    ? `${head}\n\n${shown}\n\nand ${more} more (freehold check -o json)`
    : `${head}\n\n${shown}`;
}

/** A table of GitHub. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A text on one line with nothing that Markdown or a table would read as markup, but for `code`. */
export function cell(text: string): string {
  const parts = text.replace(/\s+/g, " ").split("`");
  const plain = (part: string) => part.replace(/[\\*_[\]<>#~]/g, "\\$&");
  const safe =
    parts.length % 2 === 1
      ? parts.map((part, index) => (index % 2 === 1 ? part : plain(part))).join("`")
      : parts.map(plain).join("\\`");
  return safe.replace(/\|/g, "\\|");
}
