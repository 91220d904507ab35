import { type ComponentChild, h, type JSX } from "preact";
import { answerOf, moduleCounts, nextSteps } from "../digest.ts";
import type { PreviewDocument } from "../preview.ts";
import { usd } from "../text/style.ts";
import { folded, list, prose, section, table } from "./elements.ts";
import { page } from "./page.ts";
import { billSection, findingsSection, planSections } from "./sections.ts";

/**
 * The preview as one HTML page that needs nothing else: no script, no font, no picture, no network. The
 * same content as the text report, the verdict first.
 *
 * Written with Preact's `h` and not as JSX, which Node does not strip.
 */
export function previewHtml(document: PreviewDocument): string {
  return page({
    title: `Freehold: ${document.stack}: ${answerOf(document)}`,
    body: [headline(document), ...parts(document)],
  });
}

function headline(document: PreviewDocument): JSX.Element {
  const { verdict, bill, plan } = document;
  const month = bill?.totals.monthlyUsd;
  return h("header", null, [
    h("h1", null, document.stack),
    h("p", { class: `answer ${verdict === "ok" ? "good" : "bad"}` }, answerOf(document)),
    month
      ? h("p", null, [
          h("strong", null, `${usd(month.expected)} a month`),
          ` (${usd(month.min)} to ${usd(month.max)})`,
        ])
      : null,
    h(
      "p",
      { class: "soft" },
      `${plan.region ?? "own cluster"} · ${document.date} · catalogue of ${document.catalogAsOf} · Freehold ${document.freeholdVersion}`,
    ),
  ]);
}

function parts(document: PreviewDocument): ComponentChild[] {
  const { bill, findings, resources } = document;
  const steps = nextSteps(document);
  return [
    ...planSections(document.plan),
    bill && billSection(bill),
    findings && findingsSection(findings),
    resources &&
      section(`Resources (${resources.total})`, [
        counts("What will be built", "module", moduleCounts(resources.byType)),
        folded("each type", [
          counts(
            "What will be built, by type",
            "type",
            Object.entries(resources.byType).map(([name, count]) => ({ name, count })),
          ),
        ]),
      ]),
    steps.length > 0 && section("Next", [list(steps.map((step) => prose(step)))]),
  ];
}

function counts(caption: string, what: string, rows: { name: string; count: number }[]): JSX.Element {
  const columns = [{ name: what }, { name: "number", right: true }];
  return table(
    caption,
    columns,
    rows.map(({ name, count }) => [name, String(count)]),
  );
}
