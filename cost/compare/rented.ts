import { HOURS_PER_MONTH } from "../components/component.ts";
import { amount } from "../money.ts";
import { type Offer, offersOf, SECONDS_PER_MONTH } from "../offers/index.ts";
import { platformMonth } from "./platform.ts";
import type { StepCost } from "./step.ts";
import type { CompareBook, CompareRequest } from "./types.ts";

/** A way to run the model on rented nodes, priced in whole nodes. */
export interface Rented {
  offer: Offer;
  /** Without people. Micro-dollars a month of cluster and network around the nodes; null = not wholly known. */
  platform: bigint | null;
  missing: string[];
  /** Nodes at the expected throughput, and at the ends of its band. */
  step: StepCost;
  band: { min: StepCost; max: StepCost };
}

/**
 * The cheapest way on each card for so many requests of a month: On-Demand nodes that may be used and whose low case
 * holds a full-length request, and one of spot. Regions where all of the platform has a price come first, since
 * elsewhere there is no total.
 */
export function rentedWays(book: CompareBook, request: CompareRequest, requests: number): Rented[] {
  const { rented, inputTokens, outputTokens } = request;
  const { offers } = offersOf(book, {
    ...rented,
    workload: {
      context: rented.context,
      inputTokens,
      outputTokens,
      requestsPerMonth: Math.max(1, requests),
      concurrency: null,
      peakToMean: rented.peakToMean,
      maxTtftMs: null,
      maxItlMs: null,
    },
  });
  const platforms = new Map<string, ReturnType<typeof platformMonth>>();
  const platformIn = (region: string) => {
    const known = platforms.get(region) ?? platformMonth(book, region);
    platforms.set(region, known);
    return known;
  };
  const isWhole = (offer: Offer) => typeof platformIn(offer.region) === "bigint";
  const usable = offers.filter(({ fit, allowed }) => fit === "fits" && allowed !== false);
  // Stable: by price within each group.
  const order = [...usable.filter(isWhole), ...usable.filter((offer) => !isWhole(offer))];
  const seen = new Set<string>();
  const ways = order.filter(({ capacity, gpu }) => {
    const kind = capacity === "spot" ? "spot" : gpu;
    return !seen.has(kind) && seen.add(kind);
  });
  return ways.map((offer) => {
    const platform = platformIn(offer.region);
    const whole = typeof platform === "bigint";
    const rate = offer.requestsPerSecondPerReplica;
    return {
      offer,
      platform: whole ? platform : null,
      missing: whole ? [] : platform.missing,
      step: stepOf(offer, whole ? platform : 0n, rate, rented.peakToMean, offer.usdPerHour),
      band: bandOf(offer, whole ? platform : 0n, rented.peakToMean),
    };
  });
}

function bandOf(offer: Offer, platform: bigint, peakToMean: number): Rented["band"] {
  const { low, high } = offer.requestsPerSecondBand;
  const worst = offer.worstUsdPerHour;
  return {
    min: stepOf(offer, platform, high, peakToMean, offer.usdPerHour),
    max: stepOf(offer, platform, low, peakToMean, worst),
  };
}

function stepOf(offer: Offer, fixed: bigint, rate: number, peakToMean: number, usdPerHour: string): StepCost {
  const perNode = Math.floor(offer.gpusPerNode / offer.tensorParallel);
  // Nodes have to carry the busiest hour.
  const capacity = Math.floor((perNode * rate * SECONDS_PER_MONTH) / peakToMean);
  return {
    fixed,
    unit: amount(HOURS_PER_MONTH, usdPerHour),
    requestsPerUnit: BigInt(Math.max(1, capacity)),
  };
}
