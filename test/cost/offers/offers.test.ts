import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as catalog from "../../../catalog/index.ts";
import { formatMicro, parseMicro } from "../../../cost/index.ts";
import {
  type Boundary,
  type Market,
  type OffersRequest,
  offersOf,
  paretoFront,
  regionVerdict,
  SECONDS_PER_MONTH,
  type Workload,
} from "../../../cost/offers/index.ts";
import { fitReplica } from "../../../plan/fit/index.ts";

const WORKLOAD: Workload = {
  context: 8192,
  inputTokens: 625,
  outputTokens: 1250,
  requestsPerMonth: 20_000_000,
  concurrency: null,
  peakToMean: 1,
  maxTtftMs: null,
  maxItlMs: null,
};
const ANYWHERE: Boundary = { profiles: [], regions: null };

function request(workload: Partial<Workload> = {}, boundary: Boundary = ANYWHERE): OffersRequest {
  return {
    shape: catalog.model("openai/gpt-oss-120b")!,
    engine: catalog.engine()!,
    driver: catalog.ami("AL2023_x86_64_NVIDIA")!.driver,
    quantization: null,
    workload: { ...WORKLOAD, ...workload },
    boundary,
  };
}

const whole = offersOf(catalog, request());

describe("every offer", () => {
  it("is its nodes at 730 hours of the listed price, to the micro-dollar", () => {
    expect(whole.offers.length).toBeGreaterThan(300);
    for (const offer of whole.offers) {
      const price = catalog.instancePrice(offer.instance, offer.region);
      const listed = offer.capacity === "spot" ? price.spotUsdPerHour : price.onDemandUsdPerHour;
      expect(offer.usdPerHour).toBe(listed);
      // Reckoned in whole millionths: no list price has more places.
      const micro = BigInt(Math.round(Number(listed) * 1e6)) * 730n * BigInt(offer.nodes);
      expect(offer.monthlyUsd.expected).toBe(formatMicro(micro));
      const [min, expected, max] = [
        offer.monthlyUsd.min,
        offer.monthlyUsd.expected,
        offer.monthlyUsd.max,
      ].map(parseMicro);
      expect(min! <= expected! && expected! <= max!).toBe(true);
      const tokens = WORKLOAD.requestsPerMonth! * (WORKLOAD.inputTokens + WORKLOAD.outputTokens);
      expect(Number(offer.perMillionTokensUsd)).toBeCloseTo(
        Number(offer.monthlyUsd.expected) / (tokens / 1e6),
        5,
      );
    }
  });

  it("carries the load, with no more nodes than that takes", () => {
    const rate = WORKLOAD.requestsPerMonth! / SECONDS_PER_MONTH;
    for (const offer of whole.offers) {
      expect(offer.replicas * offer.requestsPerSecondPerReplica).toBeGreaterThanOrEqual(rate * (1 - 1e-6));
      expect((offer.replicas - 1) * offer.requestsPerSecondPerReplica).toBeLessThan(rate);
      const perNode = Math.floor(offer.gpusPerNode / offer.tensorParallel);
      expect(offer.nodes).toBe(Math.ceil(offer.replicas / perNode));
      expect(offer.utilizationPct).toBeLessThanOrEqual(100 + 1e-6);
    }
  });

  it("is what the fit says of that node under that load", () => {
    const seen = new Set<string>();
    for (const offer of whole.offers) {
      const key = `${offer.instance} ${offer.tensorParallel}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const row = catalog.instance(offer.instance)!;
      const fit = fitReplica({
        ...request(),
        gpu: catalog.gpu(row.gpu!)!,
        gpusPerNode: row.gpus,
        instance: row.type,
        allocatableMib: row.allocatableMib,
        tensorParallel: offer.tensorParallel,
        maxModelLen: WORKLOAD.context,
        load: { ...WORKLOAD, concurrency: offer.concurrencyPerReplica },
      });
      expect(fit.verdict, key).toBe(offer.fit);
      expect(fit.throughput!.requestsPerSecond.expected, key).toBe(offer.requestsPerSecondPerReplica);
      expect(fit.throughput!.timeToFirstTokenMs.expected, key).toBe(offer.timeToFirstTokenMs);
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it("has another for each region and kind of capacity with a price", () => {
    const count = (type: string) =>
      whole.offers.filter(({ instance, capacity }) => instance === type && capacity === "on-demand").length;
    const sizes = new Map<string, Set<number>>();
    for (const { instance, tensorParallel } of whole.offers)
      sizes.set(instance, (sizes.get(instance) ?? new Set()).add(tensorParallel));
    for (const [type, parallel] of sizes)
      expect(count(type), type).toBe(catalog.regionsWithPrice(type).length * parallel.size);
  });

  it("says how often spot was reclaimed only where that was read", () => {
    const spot = whole.offers.filter(({ capacity }) => capacity === "spot");
    for (const { instance, region, interruptionBand, interruptionReason } of spot) {
      expect(interruptionBand).toBe(catalog.spotInterruption(instance, region)?.band ?? null);
      if (interruptionBand === null) expect(interruptionReason).toMatch(/no interruption rate/);
    }
    const known = spot.filter(({ interruptionBand }) => interruptionBand !== null);
    expect(new Set(known.map(({ instance, interruptionBand }) => `${instance} ${interruptionBand}`))).toEqual(
      new Set(["g6e.12xlarge >20%", "p5.48xlarge >20%", "p5en.48xlarge <5%"]),
    );
  });
});

describe("the order", () => {
  it("is by the month among the allowed, then among those not known to be, then the rest", () => {
    const { offers } = offersOf(catalog, request({}, { profiles: ["gdpr"], regions: null }));
    const group = { true: 0, unknown: 1, false: 2 };
    const keys = offers.map(
      ({ allowed, monthlyUsd }) => [group[`${allowed}`], Number(monthlyUsd.expected)] as const,
    );
    expect(new Set(keys.map(([first]) => first))).toEqual(new Set([0, 1, 2]));
    const sorted = [...keys].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    expect(keys).toEqual(sorted);
    expect(offers.map(({ rank }) => rank)).toEqual(offers.map((_, index) => index + 1));
    expect([...offers].map(({ rankPerMillionTokens }) => rankPerMillionTokens).sort((a, b) => a - b)).toEqual(
      offers.map((_, index) => index + 1),
    );
  });

  it("chooses the cheapest On-Demand node that is allowed and fits, and says why not a cheaper one", () => {
    const { offers, chosen, passedOver } = offersOf(
      catalog,
      request({}, { profiles: [], regions: ["eu-central-1"] }),
    );
    const best = offers
      .filter(({ allowed, capacity, fit }) => allowed === true && capacity === "on-demand" && fit === "fits")
      .sort((a, b) => Number(a.monthlyUsd.expected) - Number(b.monthlyUsd.expected))[0]!;
    const choice = offers[chosen! - 1]!;
    expect(choice.monthlyUsd.expected).toBe(best.monthlyUsd.expected);
    expect(choice.region).toBe("eu-central-1");
    expect(passedOver.length).toBeGreaterThan(1);
    for (const { rank, because } of passedOver) {
      const offer = offers[rank - 1]!;
      expect(Number(offer.monthlyUsd.expected)).toBeLessThan(Number(choice.monthlyUsd.expected));
      const text = because.join("; ");
      expect(/not allowed/.test(text)).toBe(offer.allowed === false);
      expect(/spot may be reclaimed/.test(text)).toBe(offer.capacity === "spot");
      expect(/tight/.test(text)).toBe(offer.fit === "tight");
    }
    // The very cheapest of all is among them.
    const cheapest = Math.min(...offers.map(({ monthlyUsd }) => Number(monthlyUsd.expected)));
    expect(Number(offers[passedOver[0]!.rank - 1]!.monthlyUsd.expected)).toBe(cheapest);
  });

  it("chooses nothing, with the reason, where nothing serves", () => {
    const none = offersOf(catalog, request({ maxTtftMs: 1 }));
    expect([none.offers, none.chosen]).toEqual([[], null]);
    expect(none.chosenReason).toMatch(/nothing serves this load/);
    expect(none.rejected.some(({ because }) => /target 1$/.test(because))).toBe(true);
  });
});

describe("the Pareto set", () => {
  it("is that of comparing all with all", () => {
    const point = fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (points) => {
        const expected = points.map(
          (a) => !points.some((b) => b.every((v, i) => v <= a[i]!) && b.some((v, i) => v < a[i]!)),
        );
        expect(paretoFront(points)).toEqual(expected);
      }),
    );
  });

  it("holds the cheapest On-Demand offer and the fastest, and none that may not be had", () => {
    const { offers } = offersOf(catalog, request({}, { profiles: ["gdpr"], regions: null }));
    for (const { pareto, allowed } of offers) if (pareto) expect(allowed).not.toBe(false);
    const open = offers.filter(({ allowed }) => allowed !== false);
    const fastest = Math.min(...open.map(({ timeToFirstTokenMs }) => timeToFirstTokenMs));
    expect(open.some(({ pareto, timeToFirstTokenMs }) => pareto && timeToFirstTokenMs === fastest)).toBe(
      true,
    );
  });
});

describe("targets and loads", () => {
  it("latency targets hold for every offer, and leave out what cannot meet them", () => {
    const { offers, rejected } = offersOf(catalog, request({ maxTtftMs: 250, maxItlMs: 12 }));
    expect(offers.length).toBeGreaterThan(0);
    for (const { timeToFirstTokenMs, interTokenLatencyMs } of offers) {
      expect(timeToFirstTokenMs).toBeLessThanOrEqual(250);
      expect(interTokenLatencyMs).toBeLessThanOrEqual(12);
    }
    expect(new Set(offers.map(({ gpu, tensorParallel }) => `${gpu} ${tensorParallel}`)).size).toBeLessThan(
      new Set(whole.offers.map(({ gpu, tensorParallel }) => `${gpu} ${tensorParallel}`)).size,
    );
    expect(rejected.length).toBeGreaterThan(whole.rejected.length);
  });

  it("more requests never cost less, on any node", () => {
    const key = (offer: { instance: string; tensorParallel: number; region: string; capacity: string }) =>
      [offer.instance, offer.tensorParallel, offer.region, offer.capacity].join(" ");
    let before = new Map<string, number>();
    for (const requestsPerMonth of [1, 1000, 3_000_000, 40_000_000, 1_000_000_000_000]) {
      const { offers } = offersOf(catalog, request({ requestsPerMonth }));
      for (const offer of offers)
        expect(Number(offer.monthlyUsd.expected)).toBeGreaterThanOrEqual(before.get(key(offer)) ?? 0);
      before = new Map(offers.map((offer) => [key(offer), Number(offer.monthlyUsd.expected)]));
    }
  });

  it("a peak is carried by more nodes at less use", () => {
    const peak = offersOf(catalog, request({ peakToMean: 4 }));
    const [flatUse, peakUse] = [whole, peak].map(({ offers }) =>
      Math.max(...offers.map((offer) => offer.utilizationPct)),
    );
    expect(flatUse).toBeLessThanOrEqual(100.001);
    expect(peakUse).toBeLessThanOrEqual(25.001);
  });

  it("requests at once are shared among replicas", () => {
    const { offers } = offersOf(catalog, request({ requestsPerMonth: null, concurrency: 1000 }));
    for (const { replicas, concurrencyPerReplica } of offers) {
      expect(replicas * concurrencyPerReplica).toBeGreaterThanOrEqual(1000);
      expect(concurrencyPerReplica).toBeLessThanOrEqual(256);
    }
  });
});

describe("a market with holes", () => {
  const hollow = (
    change: (type: string, region: string) => Partial<ReturnType<Market["instancePrice"]>>,
  ): Market => ({
    ...catalog,
    regions: () => catalog.regions().filter(({ region }) => region === "us-east-1"),
    instancePrice: (type, region) => ({ ...catalog.instancePrice(type, region), ...change(type, region) }),
  });

  it("has no offer, and no zero, where there is no price", () => {
    const market = hollow(() => ({ onDemandUsdPerHour: null, spotUsdPerHour: null }));
    const document = offersOf(market, request());
    expect(document.offers).toEqual([]);
    expect(document.notes.join("\n")).toMatch(/^\d+ pairs of size and region have no price/m);
  });

  it("takes a spot price at a tenth of On-Demand, or not below it, for none", () => {
    for (const spotUsdPerHour of ["0.10", "1.00", "1.5", "0.1000"]) {
      const { offers, notes } = offersOf(
        hollow(() => ({ onDemandUsdPerHour: "1.000", spotUsdPerHour })),
        request(),
      );
      expect(offers.some(({ capacity }) => capacity === "spot")).toBe(false);
      expect(notes.join("\n")).toMatch(/are no market/);
    }
    const { offers } = offersOf(
      hollow(() => ({ onDemandUsdPerHour: "1.000", spotUsdPerHour: "0.101" })),
      request(),
    );
    expect(offers.some(({ capacity }) => capacity === "spot")).toBe(true);
  });
});

describe("a region by profile and names", () => {
  const verdict = (region: string, boundary: Partial<Boundary>) =>
    regionVerdict(catalog.region(region)!, { ...ANYWHERE, ...boundary }).allowed;

  it.each([
    ["eu-central-1", {}, true],
    ["us-gov-west-1", {}, "unknown"],
    ["us-gov-west-1", { regions: ["us-gov-west-1"] }, true],
    ["eu-central-1", { profiles: ["gdpr"] }, true],
    ["eu-west-2", { profiles: ["gdpr"] }, "unknown"],
    ["eu-west-2", { profiles: ["gdpr"], regions: ["eu-west-2"] }, true],
    ["us-east-1", { profiles: ["gdpr"] }, false],
    ["us-east-1", { profiles: ["hipaa"] }, true],
    ["eu-central-1", { profiles: ["hipaa"] }, "unknown"],
    ["eu-central-1", { profiles: ["hipaa"], regions: ["eu-central-1"] }, true],
    ["us-east-1", { profiles: ["gdpr", "hipaa"] }, false],
    ["us-east-1", { regions: ["eu-central-1"] }, false],
    ["eusc-de-east-1", { profiles: ["gdpr"] }, "unknown"],
  ] as [string, Partial<Boundary>, unknown][])("%s under %o is %s", (region, boundary, expected) => {
    expect(verdict(region, boundary)).toBe(expected);
  });
});

describe("a guide's self-hosted 70 billion weights for 350 dollars a month, or for 300 to 1,500", () => {
  it("is no On-Demand node: at 16 bits above both, at 4 bits above the first", () => {
    const shape = catalog.model("meta-llama/Llama-3.3-70B-Instruct")!;
    const cheapest = (quantization: string | null) => {
      const load = request({ context: 4096, requestsPerMonth: 1 });
      const { offers } = offersOf(catalog, { ...load, shape, quantization });
      const held = offers.filter(({ capacity }) => capacity === "on-demand");
      return Math.min(...held.map(({ monthlyUsd }) => Number(monthlyUsd.expected)));
    };
    expect(cheapest(null)).toBeGreaterThan(1500);
    expect(cheapest("awq")).toBeGreaterThan(350);
    expect(cheapest("awq")).toBeLessThan(cheapest(null));
  });
});
