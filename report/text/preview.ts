import { answerOf, moduleCounts, nextSteps } from "../digest.ts";
import type { PreviewDocument } from "../preview.ts";
import { billText } from "./bill.ts";
import { findingsText } from "./findings.ts";
import { planText } from "./plan.ts";
import { clip, type Style, styleOf, usd, WIDTH, wrap } from "./style.ts";

/** The preview for people: the verdict first, then fit, cost, policy, resources and the next step. */
export function previewText(document: PreviewDocument, color: boolean): string {
  const style = styleOf(color);
  const { bill, findings, resources } = document;
  const parts = [headline(document, style), planText(document.plan, style)];
  if (bill) parts.push(billText(bill, style));
  if (findings) parts.push(findingsText(findings, style));
  if (resources) {
    const list = moduleCounts(resources.byType).map(({ name, count }) => `${count} ${name}`);
    parts.push([style.bold(`Resources (${resources.total})`), wrap(list.join(", "), "  ")].join("\n"));
  }
  const steps = nextSteps(document);
  if (steps.length > 0) parts.push([style.bold("Next"), ...steps.map((step) => wrap(step, "  "))].join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function headline(document: PreviewDocument, style: Style): string {
  const { verdict, bill, plan } = document;
  const paint = verdict === "ok" ? style.good : style.bad;
  const month = bill
    ? ` · ${usd(bill.totals.monthlyUsd.expected)} a month (${usd(bill.totals.monthlyUsd.min)} to ${usd(bill.totals.monthlyUsd.max)})`
    : "";
  const where = plan.region ?? "own cluster";
  const answer = answerOf(document);
  const name = clip(document.stack, WIDTH - answer.length - 2);
  const apart = `${name}  ${answer}${month}`.length > WIDTH ? "\n " : "";
  return [
    `${style.bold(name)}  ${paint(style.bold(answer))}${apart}${month}`,
    style.dim(
      `${where} · ${document.date} · catalogue of ${document.catalogAsOf} · Freehold ${document.freeholdVersion}`,
    ),
  ].join("\n");
}
