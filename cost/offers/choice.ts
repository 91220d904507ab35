import { parseMicro } from "../money.ts";
import { dollarWords } from "../words.ts";
import type { Offer, OffersDocument } from "./types.ts";

/** What stands in the way of an offer being the choice; empty = nothing. */
function objections(offer: Offer): string[] {
  const list: string[] = [];
  if (offer.allowed === false) list.push(`not allowed: ${offer.why.split("; ").at(-1)}`);
  if (offer.allowed === "unknown") list.push(`not known to be allowed: ${offer.why.split("; ").at(-1)}`);
  if (offer.capacity === "spot")
    list.push(
      `spot may be reclaimed (${offer.interruptionBand ?? "rate not known"}); at worst ${dollarWords(parseMicro(offer.monthlyUsd.max))} a month On-Demand`,
    );
  if (offer.fit === "tight") list.push("tight: only the high case of the cache holds a full-length request");
  return list;
}

/** The offer to take, and the cheapest of each kind that costs less, with what stands in its way. */
export function choice(
  offers: readonly Offer[],
): Pick<OffersDocument, "chosen" | "chosenReason" | "passedOver"> {
  const chosen = offers.find((offer) => objections(offer).length === 0);
  const cost = (offer: Offer) => Number(offer.monthlyUsd.expected);
  // The cheapest of each kind of objection says it all; hundreds of regions would only repeat it.
  const seen = new Set<string>();
  const passedOver = [...offers]
    .filter((offer) => chosen === undefined || cost(offer) < cost(chosen))
    .sort((a, b) => cost(a) - cost(b))
    .map((offer) => ({ offer, because: objections(offer) }))
    .filter(({ offer, because }) => {
      const kind = [offer.allowed, offer.capacity, offer.fit].join(" ");
      return because.length > 0 && !seen.has(kind) && seen.add(kind);
    })
    .map(({ offer, because }) => ({ rank: offer.rank, because }));
  return {
    chosen: chosen?.rank ?? null,
    chosenReason: chosen
      ? "the cheapest On-Demand offer that is allowed and whose low case holds a full-length request"
      : offers.length === 0
        ? "nothing serves this load; see the rejected"
        : "no On-Demand offer is known to be allowed and to fit in the low case",
    passedOver,
  };
}
