import { dollars, exact, quotient } from "../decimal.ts";
import { SECONDS_PER_MONTH } from "../offers/index.ts";
import type { Draft } from "./draft.ts";
import { firstOf, type OwnWay, sinceWhen } from "./own-ways.ts";
import { peopleMonth } from "./people.ts";
import { unitsFor } from "./step.ts";
import type { CompareBook, CompareRequest, Flip } from "./types.ts";

const FACTOR_PLACES = 4;
const ONE_ENGINEER = "1";

/** What the answer was found among. */
interface Field {
  drafts: readonly Draft[];
  /** Options that may be the answer, cheapest first. */
  able: readonly Draft[];
  /** Ways of one's own that may be the cheapest at some load. */
  own: readonly OwnWay[];
}

/**
 * What has to change, each alone, for the answer to change: between the best API and the best that is self-hosted,
 * or towards what the winner lacks.
 */
export function flips(book: CompareBook, request: CompareRequest, best: Draft, field: Field): Flip[] {
  const { able } = field;
  const api = able.find(({ option }) => option.kind === "api");
  const own = able.find(({ step }) => step !== null);
  const list: Flip[] = [];
  if (api && own) {
    list.push(requestsFlip(request, best, api, field.own));
    list.push(engineersFlip(book, request, best, api, own));
    list.push(apiPriceFlip(best, api, own));
    if (own.rented) list.push(nodePriceFlip(request, best, api, own), rateFlip(request, best, api, own));
  }
  list.push(regulatedFlip(request, best, able));
  list.push(qualityFlip(best, field.drafts));
  return list;
}

/** The name of the one of the two that is not the winner. */
function loser(best: Draft, api: Draft, own: Draft): string {
  return best === api ? own.option.name : api.option.name;
}

function requestsFlip(request: CompareRequest, best: Draft, api: Draft, own: readonly OwnWay[]): Flip {
  const now = BigInt(request.requestsPerMonth);
  if (best.option.kind === "api") {
    const next = firstOf(own, api.perRequest!, now);
    return next
      ? flip("requestsPerMonth", Number(next.root), next.name, "from here on self-hosting is not dearer")
      : flip("requestsPerMonth", null, null, "at full load every machine costs more a request than the API");
  }
  const since = sinceWhen(own, api.perRequest!, now);
  return since !== null && since > 1n
    ? flip("requestsPerMonth", Number(since), api.option.name, "with fewer requests the API is cheaper")
    : flip("requestsPerMonth", null, null, "the API is cheaper at no lower number of requests");
}

function engineersFlip(
  book: CompareBook,
  request: CompareRequest,
  best: Draft,
  api: Draft,
  own: Draft,
): Flip {
  const room = api.total! - (own.total! - peopleMonth(request.engineers, book.guideFigure));
  if (room < 0n)
    return flip(
      "engineers",
      null,
      null,
      "the machines alone cost more than the API, without anybody to run them",
    );
  const value = quotient(dollars(room), dollars(peopleMonth(ONE_ENGINEER, book.guideFigure)), FACTOR_PLACES);
  return flip(
    "engineers",
    value,
    loser(best, api, own),
    "engineers for self-hosting at which the two cost the same",
  );
}

function apiPriceFlip(best: Draft, api: Draft, own: Draft): Flip {
  if (api.total === 0n) return flip("apiPriceFactor", null, null, "the API costs nothing at this load");
  const value = quotient(dollars(own.total!), dollars(api.total!), FACTOR_PLACES);
  return flip(
    "apiPriceFactor",
    value,
    loser(best, api, own),
    "times today's prices of the API, the two cost the same",
  );
}

function nodePriceFlip(request: CompareRequest, best: Draft, api: Draft, own: Draft): Flip {
  const { fixed, unit } = own.step!;
  const count = unitsFor(own.step!, BigInt(request.requestsPerMonth));
  const room = api.total! - fixed;
  if (room < 0n)
    return flip("nodeUsdPerHour", null, null, "platform and people alone cost more than the API");
  const hourly = own.rented!.offer.usdPerHour;
  const value = quotient(
    { units: room * exact(hourly).units, scale: exact(hourly).scale },
    { units: count * unit, scale: 0 },
    FACTOR_PLACES,
  );
  return flip(
    "nodeUsdPerHour",
    value,
    loser(best, api, own),
    `price of a node at which the two cost the same; now ${hourly}`,
  );
}

/** The rate a replica would need, on as many nodes as the API's price pays for. */
function rateFlip(request: CompareRequest, best: Draft, api: Draft, own: Draft): Flip {
  const { offer } = own.rented!;
  const { fixed, unit } = own.step!;
  const nodes = (api.total! - fixed) / unit;
  if (api.total! < fixed || nodes < 1n)
    return flip("requestsPerSecondPerReplica", null, null, "one node already costs more than the API");
  const perNode = Math.floor(offer.gpusPerNode / offer.tensorParallel);
  const needed =
    (request.requestsPerMonth * request.rented.peakToMean) / (SECONDS_PER_MONTH * perNode * Number(nodes));
  return flip(
    "requestsPerSecondPerReplica",
    Number(needed.toPrecision(4)),
    loser(best, api, own),
    `throughput at which the two cost the same; now ${offer.requestsPerSecondPerReplica.toPrecision(4)}`,
  );
}

function regulatedFlip(request: CompareRequest, best: Draft, able: readonly Draft[]): Flip {
  const regulated = exact(request.regulatedShare).units > 0n;
  const home = able.find(({ option }) => option.kind !== "api")?.option.name ?? null;
  if (!regulated && best.option.kind === "api")
    return flip("regulatedShare", 0, home, "above this the API may not have all of the requests");
  return regulated
    ? flip("regulatedShare", 0, null, "without regulated requests every API may be compared again")
    : flip("regulatedShare", null, null, "nothing leaves already");
}

function qualityFlip(best: Draft, drafts: readonly Draft[]): Flip {
  const own = best.option.intelligence;
  if (own === null) return flip("minIntelligence", null, null, "the winner has no index in the table");
  const better = drafts
    .filter(({ option, total }) => total !== null && (option.intelligence?.index ?? 0) > own.index)
    .filter(({ option }) => option.allowed === true)
    .sort((a, b) => Number(a.total! - b.total!))[0];
  return better
    ? flip("minIntelligence", own.index, better.option.name, "if more than this index is asked for")
    : flip("minIntelligence", own.index, null, "nothing allowed has more than this index");
}

function flip(variable: string, value: Flip["value"], to: string | null, why: string): Flip {
  return { variable, value, to, why };
}
