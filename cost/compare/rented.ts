import { HOURS_PER_MONTH } from "../components/component.ts";
import { amount } from "../money.ts";
import { type Offer, offersOf, paretoFront, SECONDS_PER_MONTH } from "../offers/index.ts";
import { platformMonth } from "./platform.ts";
import { costAt, type StepCost } from "./step.ts";
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

/** Every way to run the model on nodes that may be used and whose low case holds a full-length request. */
export function rentedWays(book: CompareBook, request: CompareRequest): Rented[] {
  const { rented, inputTokens, outputTokens } = request;
  // What a node costs and can do does not depend on how many requests there are.
  const { offers } = offersOf(book, {
    ...rented,
    workload: {
      // The longest request is no shorter than the mean one.
      context: Math.max(rented.context, inputTokens + outputTokens),
      inputTokens,
      outputTokens,
      requestsPerMonth: 1,
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
  return offers
    .filter(({ fit, allowed }) => fit === "fits" && allowed !== false)
    .map((offer) => {
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

/**
 * The cheapest way on each card for so many requests of a month, and the cheapest of spot. Regions where all of the
 * platform has a price come first, since elsewhere there is no total.
 */
export function cheapestByCard(ways: readonly Rented[], requests: number): Rented[] {
  const cost = ({ step }: Rented) => costAt(step, BigInt(requests));
  const order = [...ways].sort(
    (a, b) => Number(a.platform === null) - Number(b.platform === null) || Number(cost(a) - cost(b)),
  );
  const seen = new Set<string>();
  return order.filter(({ offer: { capacity, gpu } }) => {
    const kind = capacity === "spot" ? "spot" : gpu;
    return !seen.has(kind) && seen.add(kind);
  });
}

/** Of the On-Demand ways that are known to be allowed and wholly priced, those that no other beats at every load. */
export function bestWays(ways: readonly Rented[]): Rented[] {
  const sure = ways.filter(
    ({ offer, platform }) => offer.capacity === "on-demand" && offer.allowed === true && platform !== null,
  );
  const front = paretoFront(
    sure.map(({ step }) => [Number(step.fixed), Number(step.unit), -Number(step.requestsPerUnit)]),
  );
  return sure.filter((_, index) => front[index]);
}

/** A way without its numbers. */
export function wayName({ offer }: Rented): string {
  return `${offer.instance} ${offer.capacity} in ${offer.region}`;
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
