import type { ComparisonDocument, OffersDocument } from "../cost/index.ts";
import { cell, table } from "./markdown.ts";
import { allowedWords, amount, demandWords, shownOptions, totalWords, usageOf } from "./text/comparison.ts";
import { loadWords, number } from "./text/offers.ts";
import { usd } from "./text/style.ts";

const SHOWN = 20;

/** Offers for a pull request or a page. */
export function offersMarkdown(document: OffersDocument): string {
  const chosen = document.offers.find(({ rank }) => rank === document.chosen);
  const parts = [
    `## ${cell(`${document.model}: ${chosen ? `${chosen.instance} in ${chosen.region}, ${usd(chosen.monthlyUsd.expected)} a month` : document.chosenReason}`)}`,
    cell(loadWords(document)),
    table(
      ["#", "instance", "region", "capacity", "tp", "replicas", "$/month", "$/Mtok", "allowed", "Pareto"],
      document.offers
        .slice(0, SHOWN)
        .map((offer) => [
          String(offer.rank),
          offer.instance,
          offer.region,
          offer.interruptionBand ? `${offer.capacity} (${offer.interruptionBand} reclaimed)` : offer.capacity,
          String(offer.tensorParallel),
          String(offer.replicas),
          usd(offer.monthlyUsd.expected),
          usd(offer.perMillionTokensUsd),
          String(offer.allowed),
          offer.pareto ? "yes" : "",
        ]),
    ),
    ...document.passedOver.map(({ rank, because }) => `- passed over #${rank}: ${cell(because.join("; "))}`),
    ...document.notes.map((note) => `- ${cell(note)}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** A comparison for a pull request or a page. */
export function comparisonMarkdown(document: ComparisonDocument): string {
  const { recommendation } = document;
  const parts = [
    `## ${cell(recommendation.option ?? "nothing to recommend")}`,
    cell(demandWords(document)),
    recommendation.because.map((reason) => `- ${cell(reason)}`).join("\n"),
    table(
      ["option", "kind", "by use", "machines", "people", "total", "$/point", "allowed"],
      shownOptions(document).map((option) => [
        option.name,
        option.kind,
        amount(usageOf(option)),
        usd(option.monthlyUsd.compute),
        usd(option.monthlyUsd.people),
        totalWords(option),
        option.pricePerIntelligencePoint ?? "unknown",
        allowedWords(option),
      ]),
    ),
    ...(recommendation.flipsIf.length > 0
      ? [
          "### What would change the answer",
          table(
            ["variable", "value", "to", "why"],
            recommendation.flipsIf.map(({ variable, value, to, why }) => [
              variable,
              value === null ? "nothing" : typeof value === "number" ? number(value) : value,
              to ?? "",
              why,
            ]),
          ),
        ]
      : []),
  ];
  return `${parts.join("\n\n")}\n`;
}
