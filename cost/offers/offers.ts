import type { InstancePrice } from "../../catalog/index.ts";
import { ownStamp, type Stamp } from "../../plan/fit/index.ts";
import { HOURS_PER_MONTH } from "../components/component.ts";
import { amount, formatMicro, parseDecimal, perMillion } from "../money.ts";
import { replicasFor } from "./capacity.ts";
import { choice } from "./choice.ts";
import { paretoFront } from "./pareto.ts";
import { type Placement, placements } from "./replicas.ts";
import type { Market, Offer, OffersDocument, OffersRequest, Workload } from "./types.ts";
import { regionVerdict } from "./verdict.ts";

export const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;
/** Spot prices at a tenth of On-Demand are the floor of the bids, not a market. */
const BID_FLOOR = 10n;

type Draft = Omit<Offer, "rank" | "rankPerMillionTokens" | "pareto">;

/**
 * Every instance size, region, capacity kind and tensor-parallel size that serves a load within the latency targets,
 * cheapest allowed one first.
 */
export function offersOf(market: Market, request: OffersRequest, stamp: Stamp = ownStamp()): OffersDocument {
  const { found, none } = placements(market, request);
  const drafts: Draft[] = [];
  let unpriced = 0;
  let noMarket = 0;
  for (const placement of found) {
    const sized = sizeOf(placement, request.workload);
    for (const region of market.regions()) {
      const price = market.instancePrice(placement.instance.type, region.region);
      if (price.onDemandUsdPerHour === null && price.spotUsdPerHour === null) {
        unpriced += 1;
        continue;
      }
      const verdict = regionVerdict(region, request.boundary);
      const base = { ...common(placement, sized), region: region.region, allowed: verdict.allowed };
      const why = (reason: string) => `${reason}; ${verdict.why}`;
      if (price.onDemandUsdPerHour !== null)
        drafts.push({ ...base, ...onDemand(sized, price, price.onDemandUsdPerHour, why) });
      if (price.spotUsdPerHour === null) continue;
      if (isNoMarket(price)) noMarket += 1;
      else {
        const band = market.spotInterruption(placement.instance.type, region.region)?.band ?? null;
        drafts.push({ ...base, ...spot(sized, price, price.spotUsdPerHour, band, why) });
      }
    }
  }
  const offers = ranked(drafts);
  return {
    schema: "freehold.offers/v1",
    ...stamp,
    model: request.shape.repo,
    quantization: found[0]?.quantization ?? request.quantization ?? request.shape.weightsDtype,
    workload: request.workload,
    regions: request.boundary.regions === null ? null : [...request.boundary.regions],
    profiles: [...request.boundary.profiles],
    offers,
    ...choice(offers),
    rejected: none,
    notes: notes(unpriced, noMarket),
  };
}

interface Sized {
  replicas: { min: number; expected: number; max: number };
  nodes: { min: number; expected: number; max: number };
  concurrency: number;
  speed: Placement["load"]["speed"];
  /** Tokens in and out of a month. */
  tokens: bigint;
  utilizationPct: number;
}

/** Replicas, nodes and tokens of a month for the workload on one placement. */
function sizeOf(placement: Placement, workload: Workload): Sized {
  const perNode = Math.floor(placement.instance.gpus / placement.tensorParallel);
  const nodesFor = (replicas: number) => Math.ceil(replicas / perNode);
  const size = (replicas: Sized["replicas"]) => ({
    replicas,
    nodes: {
      min: nodesFor(replicas.min),
      expected: nodesFor(replicas.expected),
      max: nodesFor(replicas.max),
    },
  });
  const perRequest = workload.inputTokens + workload.outputTokens;
  if (workload.requestsPerMonth !== null) {
    const { concurrency, speed } = placement.load;
    const mean = workload.requestsPerMonth / SECONDS_PER_MONTH;
    const replicas = replicasFor(mean * workload.peakToMean, speed.requestsPerSecond);
    const canDo = replicas.expected * speed.requestsPerSecond.expected;
    return {
      ...size(replicas),
      concurrency,
      speed,
      tokens: BigInt(workload.requestsPerMonth) * BigInt(perRequest),
      utilizationPct: (100 * mean) / canDo,
    };
  }
  const together = workload.concurrency!;
  const count = Math.ceil(together / placement.load.concurrency);
  const { concurrency, speed } = placement.at(Math.ceil(together / count));
  return {
    ...size({ min: count, expected: count, max: count }),
    concurrency,
    speed,
    tokens: BigInt(Math.round(count * speed.requestsPerSecond.expected * SECONDS_PER_MONTH * perRequest)),
    utilizationPct: 100,
  };
}

function common({ instance, gpu, tensorParallel, fit }: Placement, sized: Sized) {
  return {
    instance: instance.type,
    gpu: gpu.name,
    gpusPerNode: instance.gpus,
    replicas: sized.replicas.expected,
    nodes: sized.nodes.expected,
    tensorParallel,
    fit,
    concurrencyPerReplica: sized.concurrency,
    requestsPerSecondPerReplica: sized.speed.requestsPerSecond.expected,
    requestsPerSecondBand: {
      low: sized.speed.requestsPerSecond.low,
      high: sized.speed.requestsPerSecond.high,
    },
    timeToFirstTokenMs: sized.speed.timeToFirstTokenMs.expected,
    interTokenLatencyMs: sized.speed.interTokenLatencyMs.expected,
    utilizationPct: sized.utilizationPct,
    basis: sized.speed.basis,
  };
}

type Money = Pick<
  Offer,
  | "capacity"
  | "interruptionBand"
  | "interruptionReason"
  | "usdPerHour"
  | "worstUsdPerHour"
  | "monthlyUsd"
  | "perMillionTokensUsd"
  | "why"
  | "source"
  | "asOf"
>;

function onDemand(
  sized: Sized,
  price: InstancePrice,
  usdPerHour: string,
  why: (reason: string) => string,
): Money {
  return {
    capacity: "on-demand",
    interruptionBand: null,
    interruptionReason: "On-Demand instances are not reclaimed",
    ...money(sized, usdPerHour, usdPerHour),
    why: why(sizeWords(sized)),
    source: price.source!,
    asOf: price.asOf!,
  };
}

function spot(
  sized: Sized,
  price: InstancePrice,
  usdPerHour: string,
  band: string | null,
  why: (reason: string) => string,
): Money {
  const fallback = price.onDemandUsdPerHour ?? usdPerHour;
  return {
    capacity: "spot",
    interruptionBand: band,
    interruptionReason:
      band === null ? "no interruption rate of this type and region in the catalogue" : null,
    ...money(sized, usdPerHour, fallback),
    why: why(`${sizeWords(sized)}; spot price of one moment in the cheapest zone`),
    source: price.source!,
    asOf: price.asOf!,
  };
}

function money({ nodes, tokens }: Sized, usdPerHour: string, worstUsdPerHour: string) {
  const month = (count: number, price: string) => amount(count * HOURS_PER_MONTH, price);
  const expected = month(nodes.expected, usdPerHour);
  return {
    usdPerHour,
    worstUsdPerHour,
    monthlyUsd: {
      min: formatMicro(month(nodes.min, usdPerHour)),
      expected: formatMicro(expected),
      max: formatMicro(month(nodes.max, worstUsdPerHour)),
    },
    perMillionTokensUsd: formatMicro(perMillion(expected, { units: tokens > 0n ? tokens : 1n, scale: 0 })),
  };
}

function sizeWords({ replicas, concurrency, speed }: Sized): string {
  const rate = speed.requestsPerSecond.expected;
  const digits = rate >= 10 ? 0 : rate >= 0.1 ? 2 : 4;
  const spread = replicas.min === replicas.max ? "" : ` (${replicas.min} to ${replicas.max})`;
  const word = replicas.expected === 1 ? "replica" : "replicas";
  return `${replicas.expected} ${word}${spread} of ${rate.toFixed(digits)} requests/s at ${concurrency} at once`;
}

/** A spot price at or above On-Demand, or at its tenth, is not what a market gives. */
function isNoMarket({ onDemandUsdPerHour, spotUsdPerHour }: InstancePrice): boolean {
  if (onDemandUsdPerHour === null || spotUsdPerHour === null) return false;
  const listed = parseDecimal(onDemandUsdPerHour);
  const asked = parseDecimal(spotUsdPerHour);
  const scale = Math.max(listed.scale, asked.scale);
  const [full, paid] = [listed, asked].map(({ units, scale: own }) => units * 10n ** BigInt(scale - own));
  return paid! >= full! || paid! * BID_FLOOR === full!;
}

const ALLOWED_ORDER = new Map<Offer["allowed"], number>([
  [true, 0],
  ["unknown", 1],
  [false, 2],
]);

function ranked(drafts: readonly Draft[]): Offer[] {
  const order = (key: (draft: Draft) => number) =>
    [...drafts].sort(
      (a, b) =>
        ALLOWED_ORDER.get(a.allowed)! - ALLOWED_ORDER.get(b.allowed)! ||
        key(a) - key(b) ||
        Number(a.monthlyUsd.max) - Number(b.monthlyUsd.max) ||
        a.timeToFirstTokenMs - b.timeToFirstTokenMs ||
        a.instance.localeCompare(b.instance) ||
        a.tensorParallel - b.tensorParallel ||
        a.region.localeCompare(b.region),
    );
  const byMonth = order((draft) => Number(draft.monthlyUsd.expected));
  const byToken = new Map(
    order((draft) => Number(draft.perMillionTokensUsd)).map((draft, index) => [draft, index + 1]),
  );
  const open = byMonth.filter(({ allowed }) => allowed !== false);
  const front = paretoFront(
    open.map((draft) => [
      Number(draft.monthlyUsd.expected),
      draft.capacity === "spot" ? 1 : 0,
      draft.fit === "tight" ? 1 : 0,
      draft.timeToFirstTokenMs,
      draft.interTokenLatencyMs,
    ]),
  );
  const onFront = new Set(open.filter((_, index) => front[index]));
  return byMonth.map((draft, index) => ({
    rank: index + 1,
    rankPerMillionTokens: byToken.get(draft)!,
    pareto: onFront.has(draft),
    ...draft,
  }));
}

function notes(unpriced: number, noMarket: number): string[] {
  const list = [
    "nodes alone, every hour of 730 paid; cluster, disks, transfer and people are not in it (freehold cost, freehold compare)",
  ];
  if (unpriced > 0) list.push(`${unpriced} pairs of size and region have no price there and are left out`);
  if (noMarket > 0)
    list.push(
      `${noMarket} spot prices at a tenth of On-Demand, or not below it, are no market and are left out`,
    );
  return list;
}
