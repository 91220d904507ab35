import type { ControlResult, FindingsDocument } from "../../policies/types.ts";
import { policyVerdict, shortName } from "../digest.ts";
import { type Style, wrap } from "./style.ts";

const SHOWN = 8;

/** Findings for people: counts, then each failed and unknown control with place, value and fix. */
export function findingsText(document: FindingsDocument, style: Style): string {
  const { summary } = document;
  const answer = policyVerdict(document);
  const paint = { ok: style.good, failed: style.bad, unknown: style.warn, nothing: style.dim }[answer.state];
  const name = document.profiles.length > 0 ? ` (${document.profiles.join(", ")})` : "";
  const lines = [`${style.bold(`Policy${name}:`)} ${paint(style.bold(answer.text))}`];
  if (answer.state === "nothing") return lines.join("\n");
  lines.push(
    `  ${summary.pass} pass, ${summary.fail} fail, ${summary.unknown} unknown, ${summary.waived} waived, ${summary.notApplicable} not applicable`,
  );
  for (const result of document.results) {
    if ("error" in result) {
      const where = result.error.line === null ? "" : `:${result.error.line}:${result.error.col}`;
      lines.push(style.bad(wrap(`${result.graph}${where}: ${result.error.message}`, "  ")));
      continue;
    }
    if (document.results.length > 1) lines.push(style.bold(wrap(result.graph, "  ")));
    for (const control of result.controls) lines.push(...controlLines(control, style));
  }
  return lines.join("\n");
}

function controlLines(control: ControlResult, style: Style): string[] {
  if (control.verdict === "fail") {
    const color = control.level === "mandatory" ? style.bad : style.warn;
    const lines = [color(`  FAIL ${control.id} (${control.level})`)];
    for (const violation of control.violations.slice(0, SHOWN)) {
      const path = violation.path ? ` ${violation.path}` : "";
      lines.push(
        wrap(`${shortName(violation.resource)}${path}: ${violation.message}`, "    ", undefined, "      "),
      );
      lines.push(wrap(`fix: ${violation.fix}`, "      "));
      if (violation.references.length > 0)
        lines.push(style.dim(wrap(violation.references.join(", "), "      ")));
    }
    if (control.violations.length > SHOWN) lines.push(`    and ${control.violations.length - SHOWN} more`);
    return lines;
  }
  if (control.verdict === "unknown") {
    const lines = [style.warn(`  UNKNOWN ${control.id} (${control.level})`)];
    for (const unknown of control.unknowns.slice(0, SHOWN)) {
      lines.push(
        wrap(`${shortName(unknown.resource)} ${unknown.path}: ${unknown.why}`, "    ", undefined, "      "),
      );
    }
    if (control.unknowns.length > SHOWN) lines.push(`    and ${control.unknowns.length - SHOWN} more`);
    return lines;
  }
  if (control.verdict === "waived") {
    return control.waived.map((waiver) =>
      wrap(
        `WAIVED ${control.id} ${waiver.resource} until ${waiver.expires}: ${waiver.reason} (${waiver.owner}, ${waiver.ticket})`,
        "  ",
        undefined,
        "    ",
      ),
    );
  }
  return [];
}
