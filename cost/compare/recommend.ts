import { exact } from "../decimal.ts";
import { parseMicro } from "../money.ts";
import { dollarWords, thousands } from "../words.ts";
import { type Draft, floorOf, isSpot } from "./draft.ts";
import { firstOf, type OwnWay } from "./own-ways.ts";
import { flips } from "./sensitivity.ts";
import type { CompareBook, CompareRequest, ComparisonDocument, ComparisonOption } from "./types.ts";

/** Why an option cannot be the answer; empty = it can. */
export function objections(option: ComparisonOption, request: CompareRequest): string[] {
  const list: string[] = [];
  if (option.monthlyUsd.total === null) list.push(`its total is not known (${option.reason})`);
  if (option.allowed === false) list.push("not allowed");
  if (option.allowed === "unknown") list.push("not known to be allowed");
  if (option.comparable === false) list.push("below the quality that is asked for");
  if (option.comparable === "unknown") list.push("its quality is not known");
  const { deadlineDays } = request;
  if (deadlineDays !== null && option.integration.minDays > deadlineDays)
    list.push(`takes ${option.integration.minDays} working days at least`);
  return list;
}

/** Options that may be the answer, cheapest first. */
export function candidates(drafts: readonly Draft[], request: CompareRequest): Draft[] {
  return drafts
    .filter((draft) => objections(draft.option, request).length === 0 && !isSpot(draft))
    .sort((a, b) => Number(a.total! - b.total!));
}

/** The cheapest option that is allowed, in time and good enough, with the reasons of the guides' checklist. */
export function recommend(
  book: CompareBook,
  request: CompareRequest,
  drafts: readonly Draft[],
  own: readonly OwnWay[],
): ComparisonDocument["recommendation"] {
  const able = candidates(drafts, request);
  const [best] = able;
  if (!best) {
    const closest = [...drafts]
      .filter(({ total }) => total !== null)
      .sort((a, b) => objections(a.option, request).length - objections(b.option, request).length)
      .slice(0, 3)
      .map(({ option }) => `${option.name}: ${objections(option, request).join(", ") || "spot only"}`);
    return {
      option: null,
      because: ["nothing is known to be allowed, in time and good enough", ...closest],
      flipsIf: [],
    };
  }
  const other = able.find(({ option }) => isHosted(option) !== isHosted(best.option)) ?? null;
  return {
    option: best.option.name,
    because: because(book, request, best, other, able, own),
    flipsIf: flips(book, request, best, { drafts, able, own }),
  };
}

export function isHosted({ kind }: ComparisonOption): boolean {
  return kind === "api";
}

function because(
  book: CompareBook,
  request: CompareRequest,
  best: Draft,
  other: Draft | null,
  able: readonly Draft[],
  own: readonly OwnWay[],
): string[] {
  const { option } = best;
  const list = [
    other
      ? `cost: ${dollarWords(best.total!)} a month; the best ${other.option.kind} (${other.option.name}) is ${dollarWords(other.total! - best.total!)} dearer`
      : `cost: ${dollarWords(best.total!)} a month; nothing of the other kind can be the answer`,
  ];
  list.push(dataReason(request));
  list.push(volumeReason(book, request, able, own));
  list.push(teamReason(request, option));
  const { minDays, maxDays } = option.integration;
  list.push(
    `deadline: ${minDays} to ${maxDays} working days until it runs, ${request.deadlineDays === null ? "no deadline given" : `${request.deadlineDays} given`}`,
  );
  list.push(qualityReason(book, request, option));
  return list;
}

function dataReason({ regulatedShare }: CompareRequest): string {
  const { units, scale } = exact(regulatedShare);
  if (units === 0n) return "data: no share of the requests has to stay at home";
  return units === 10n ** BigInt(scale)
    ? "data: every request has to stay at home, so no API outside your own account"
    : `data: ${regulatedShare} of the requests has to stay at home, so no API alone`;
}

/** The guide's rule of thumb beside what these prices give. */
function volumeReason(
  book: CompareBook,
  request: CompareRequest,
  able: readonly Draft[],
  own: readonly OwnWay[],
): string {
  const threshold = Number(book.guideFigure("checklist.volume").value);
  const side = request.requestsPerMonth > threshold ? "above" : "not above";
  const api = able.find(({ option }) => isHosted(option));
  const first = api ? firstOf(own, api.perRequest!) : null;
  const here = first
    ? `here self-hosting breaks even at ${thousands(String(first.root))} a month against ${api!.option.name}`
    : api
      ? `here self-hosting breaks even at no volume against ${api.option.name}`
      : "no API can be the answer, so there is nothing to break even with";
  return `volume: ${thousands(request.requestsPerMonth)} requests a month, ${side} the guide's ${thousands(threshold)}; ${here}`;
}

function teamReason({ engineers }: CompareRequest, option: ComparisonOption): string {
  return option.kind === "api"
    ? `team: an API takes no engineer more; self-hosting is counted with ${engineers}`
    : `team: ${engineers} ${engineers === "1" ? "engineer" : "engineers"} more, ${dollarWords(parseMicro(option.monthlyUsd.people!))} a month of the total`;
}

function qualityReason(book: CompareBook, request: CompareRequest, option: ComparisonOption): string {
  const floor = floorOf(book, request);
  const has = option.intelligence
    ? `index ${option.intelligence.index} (${option.intelligence.model})`
    : "no index in the table";
  return floor === null
    ? `quality: ${has}; ${request.rented.shape.repo} is not in it either, so whether it is good enough is yours to test`
    : `quality: ${has}, ${request.minIntelligence === null ? `${request.rented.shape.repo} has` : "asked for is"} ${floor}`;
}
