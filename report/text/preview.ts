import type { PreviewDocument } from "../preview.ts";
import { billText } from "./bill.ts";
import { findingsText } from "./findings.ts";
import { planText } from "./plan.ts";
import { type Style, styleOf, usd, wrap } from "./style.ts";

/** The preview for people: the verdict first, then fit, cost, policy, resources and the next step. */
export function previewText(document: PreviewDocument, color: boolean): string {
  const style = styleOf(color);
  const parts = [headline(document, style), planText(document.plan, style)];
  if (document.bill) parts.push(billText(document.bill, style));
  if (document.findings) parts.push(findingsText(document.findings, style));
  if (document.resources) parts.push(resourcesText(document.resources, style));
  if (document.verdict !== "does-not-fit") parts.push(nextStep(document, style));
  return `${parts.join("\n\n")}\n`;
}

const MEANING = {
  ok: "fits, allowed, within budget",
  "does-not-fit": "does not fit",
  policy: "a mandatory control failed",
  "over-budget": "over budget",
};

function headline(document: PreviewDocument, style: Style): string {
  const { verdict, bill, plan } = document;
  const paint = verdict === "ok" ? style.good : style.bad;
  const month = bill
    ? ` ${usd(bill.totals.monthlyUsd.expected)} a month (${usd(bill.totals.monthlyUsd.min)} to ${usd(bill.totals.monthlyUsd.max)})`
    : "";
  const where = plan.region ?? "own cluster";
  return [
    `${style.bold(document.stack)}  ${paint(style.bold(`${verdict === "ok" ? "OK" : "NO"}: ${MEANING[verdict]}`))}${month}`,
    style.dim(
      `${where} · ${document.date} · catalogue of ${document.catalogAsOf} · Freehold ${document.freeholdVersion}`,
    ),
  ].join("\n");
}

function resourcesText(resources: { total: number; byType: Record<string, number> }, style: Style): string {
  const groups = new Map<string, number>();
  for (const [type, count] of Object.entries(resources.byType)) {
    const [packageName, module] = type.split(":");
    const name =
      packageName === "aws" || packageName === "kubernetes"
        ? `${packageName} ${module!.split("/")[0]}`
        : packageName!;
    groups.set(name, (groups.get(name) ?? 0) + count);
  }
  const list = [...groups].map(([name, count]) => `${count} ${name}`).join(", ");
  return [style.bold(`Resources (${resources.total})`), wrap(list, "  ")].join("\n");
}

function nextStep(document: PreviewDocument, style: Style): string {
  const access = document.plan.infrastructure?.access;
  const stack = document.stack;
  const steps: string[] = [];
  if (!access)
    steps.push(
      `The kubernetes layer needs a route to your cluster: \`freehold doctor -s ${stack}\` tests it.`,
    );
  else if (access.via === "ssm") {
    steps.push(
      `The API endpoint is private. \`pulumi up\` builds the forwarding instance with the first layer; \`freehold doctor -s ${stack}\` prints the port-forward command and tests it.`,
    );
  } else if (access.via === "staged") {
    steps.push(
      `The API endpoint is private. First \`pulumi up\` with freehold:layers [infrastructure]; then the whole from a runner inside the VPC.`,
    );
  } else
    steps.push(
      `Run \`pulumi up -s ${stack}\` from a machine with a route into the VPC; \`freehold doctor -s ${stack}\` tests it.`,
    );
  const bucket = document.plan.infrastructure?.storage?.bucket;
  if (bucket)
    steps.push(
      `Stage the weights first: the engines read s3://${bucket}/<model id>/ and never the internet.`,
    );
  return [style.bold("Next"), ...steps.map((step) => wrap(step, "  "))].join("\n");
}
