import type { Offer, OffersDocument } from "../../cost/index.ts";
import { columns, type Style, usd, wrap } from "./style.ts";

/** Lines of each list; the JSON document has all. */
const SHOWN = 10;

export const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 2 });

/** What an offer is for, in words. */
export function loadWords({ workload }: OffersDocument): string {
  const { requestsPerMonth, concurrency, inputTokens, outputTokens, context } = workload;
  const load =
    requestsPerMonth === null
      ? `${number(concurrency!)} requests at once`
      : `${number(requestsPerMonth)} requests a month`;
  return `${load} of ${number(inputTokens)} + ${number(outputTokens)} tokens, at most ${number(context)}`;
}

/** Offers for people: the choice, the cheapest, the Pareto set, and why the cheapest was passed over. */
export function offersText(document: OffersDocument, style: Style): string {
  const { offers } = document;
  const lines = [
    style.bold(
      wrap(`${document.model} (${document.quantization}): ${loadWords(document)}`, "", undefined, "  "),
    ),
  ];
  const chosen = offers.find(({ rank }) => rank === document.chosen);
  if (chosen)
    lines.push(
      style.good(
        wrap(
          `CHOSEN ${chosen.instance} ${chosen.capacity} in ${chosen.region}: ${usd(chosen.monthlyUsd.expected)} a month (${usd(chosen.monthlyUsd.min)} to ${usd(chosen.monthlyUsd.max)}), ${usd(chosen.perMillionTokensUsd)} a million tokens`,
          "",
          undefined,
          "  ",
        ),
      ),
      wrap(`${chosen.why}; ${document.chosenReason}`, "  ", undefined, "  "),
    );
  else lines.push(style.warn(wrap(`NONE CHOSEN: ${document.chosenReason}`, "", undefined, "  ")));
  if (offers.length > 0) {
    lines.push(
      "",
      `Cheapest of ${offers.length} offers (*: in the Pareto set; ttft, itl: expected ms; may: allowed)`,
      ...rows(offers.slice(0, SHOWN)),
    );
    const front = offers.filter((offer) => offer.pareto && offer.rank > SHOWN);
    if (front.length > 0)
      lines.push(
        "",
        "Also in the Pareto set of cost, latency and permanence",
        ...rows(front.slice(0, SHOWN)),
      );
  }
  for (const { rank, because } of document.passedOver) {
    const { instance, region, capacity, monthlyUsd } = offers[rank - 1]!;
    const what = `passed over: #${rank} ${instance} ${capacity} in ${region}, ${usd(monthlyUsd.expected)}`;
    lines.push(wrap(`${what}: ${because.join("; ")}`, "  ", undefined, "    "));
  }
  lines.push(...rejections(document));
  for (const note of document.notes) lines.push(style.dim(wrap(`note: ${note}`, "  ", undefined, "    ")));
  return `${lines.join("\n")}\n`;
}

const BILLION = 1e9;

/** An amount that keeps its column. */
function short(amount: string): string {
  const value = Number(amount);
  return value < BILLION ? usd(value) : `${usd(value / BILLION)}B`;
}

function rows(offers: readonly Offer[]): string[] {
  const head = [
    "  #",
    "",
    "instance",
    "region",
    "capacity",
    "tp",
    "replicas",
    "$/month",
    "$/Mtok",
    "ttft",
    "itl",
    "may",
  ];
  const body = offers.map((offer) => [
    `  ${offer.rank}`,
    offer.pareto ? "*" : "",
    offer.instance,
    offer.region,
    offer.interruptionBand ? `spot ${offer.interruptionBand}` : offer.capacity,
    `${offer.tensorParallel}`,
    `${offer.replicas}`,
    short(offer.monthlyUsd.expected),
    usd(offer.perMillionTokensUsd),
    `${Math.round(offer.timeToFirstTokenMs)}`,
    `${Math.round(offer.interTokenLatencyMs)}`,
    offer.allowed === "unknown" ? "?" : offer.allowed ? "yes" : "no",
  ]);
  return columns([head, ...body], [0, 5, 6, 7, 8, 9, 10]);
}

/** Cards that do not serve the load, each with the first of its reasons. */
function rejections({ rejected }: OffersDocument): string[] {
  const first = new Map<string, string>();
  for (const { gpu, because } of rejected) if (!first.has(gpu)) first.set(gpu, because);
  const lines = [...first].map(([gpu, because]) =>
    wrap(`not on ${gpu}: ${because}`, "  ", undefined, "    "),
  );
  return lines.length > SHOWN
    ? [...lines.slice(0, SHOWN), `  and ${lines.length - SHOWN} more cards (-o json)`]
    : lines;
}
