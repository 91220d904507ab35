import { describe, expect, it } from "vitest";
import * as catalog from "../../../catalog/index.ts";
import {
  apiNamed,
  type CompareBook,
  type CompareRequest,
  type ComparisonDocument,
  type ComparisonOption,
  compare,
  guideMac,
  integrationOf,
  OWNED_TERMS,
  peopleMonth,
} from "../../../cost/compare/index.ts";
import { annuity, formatMicro, parseMicro } from "../../../cost/index.ts";

const GPT_OSS = "openai/gpt-oss-120b";

function request(
  changes: Partial<CompareRequest> & { model?: string; regions?: string[] | null } = {},
): CompareRequest {
  const { model = GPT_OSS, regions = null, ...rest } = changes;
  return {
    requestsPerMonth: 1_000_000,
    inputTokens: 625,
    outputTokens: 1250,
    cachedShare: "0",
    batchShare: "0",
    regulatedShare: "0",
    apis: [],
    owned: guideMac(model, catalog.guideFigure),
    engineers: "1",
    deadlineDays: null,
    minIntelligence: null,
    rented: {
      shape: catalog.model(model)!,
      engine: catalog.engine()!,
      driver: catalog.ami("AL2023_x86_64_NVIDIA")!.driver,
      quantization: null,
      boundary: { profiles: [], regions },
      context: 8192,
      peakToMean: 1,
    },
    ...rest,
  };
}
/** A model that nobody hosts under this name, against one API: nothing but the two is left. */
const duel = (changes: Partial<CompareRequest> = {}) =>
  request({
    model: "Qwen/Qwen3-8B-AWQ",
    regions: ["us-east-1"],
    apis: apiNamed(catalog.llmApis(), "gpt-4.1"),
    ...changes,
  });

const option = (document: ComparisonDocument, name: string) =>
  document.options.find((row) => row.name === name)!;
const winner = (document: ComparisonDocument) => option(document, document.recommendation.option!);
const flip = (document: ComparisonDocument, variable: string) =>
  document.recommendation.flipsIf.find((row) => row.variable === variable)!;
const total = ({ monthlyUsd }: ComparisonOption) => parseMicro(monthlyUsd.total!);

const base = compare(catalog, request());

describe("a comparison", () => {
  it("has every model of the price table, every kind, and each name once", () => {
    const long = catalog.llmApis().filter(({ model }) => model.includes("input over")).length;
    expect(base.options.filter(({ kind }) => kind === "api")).toHaveLength(catalog.llmApis().length - long);
    expect(new Set(base.options.map(({ name }) => name)).size).toBe(base.options.length);
    const mixed = compare(catalog, request({ regulatedShare: "0.25" }));
    expect(new Set(mixed.options.map(({ kind }) => kind))).toEqual(
      new Set(["api", "self-host", "owned", "hybrid"]),
    );
  });

  it("adds up, option by option", () => {
    for (const regulatedShare of ["0", "0.3"]) {
      for (const { monthlyUsd, atLeastUsd, rangeUsd, name } of compare(catalog, request({ regulatedShare }))
        .options) {
        const { total: sum, ...parts } = monthlyUsd;
        if (sum === null) continue;
        const added = Object.values(parts).reduce((all, part) => all + parseMicro(part!), 0n);
        expect(formatMicro(added), name).toBe(sum);
        expect([atLeastUsd, rangeUsd!.expected]).toEqual([sum, sum]);
        expect(parseMicro(rangeUsd!.min) <= added && added <= parseMicro(rangeUsd!.max), name).toBe(true);
      }
    }
  });

  it("never costs less with more requests", () => {
    const sizes = [1, 70_000, 1_000_000, 30_000_000, 900_000_000];
    for (const regulatedShare of ["0", "0.3"]) {
      const runs = sizes.map((requestsPerMonth) =>
        compare(catalog, request({ requestsPerMonth, regulatedShare })),
      );
      for (const [at, document] of runs.entries()) {
        for (const row of document.options) {
          const before = at > 0 ? option(runs[at - 1]!, row.name) : undefined;
          if (before)
            expect(parseMicro(row.atLeastUsd) >= parseMicro(before.atLeastUsd), row.name).toBe(true);
        }
      }
    }
  });

  it("counts what is held: every hour of every node, the platform and the people", () => {
    const node = option(base, "g7e.2xlarge on-demand in us-east-1");
    // 3.36312 × 730 for each node, 287.385 around them, 150,000 / 12 for one engineer.
    const nodes = node.machines!.count;
    const hours =
      BigInt(Math.round(Number(catalog.instancePrice("g7e.2xlarge", "us-east-1").onDemandUsdPerHour) * 1e6)) *
      730n;
    expect(node.monthlyUsd.compute).toBe(formatMicro(hours * BigInt(nodes) + 287_385_000n));
    expect(node.monthlyUsd.people).toBe("12500.000000");
    // What nobody uses is what is left of the nodes.
    const idle = Number(node.machines!.idleUsd) / (Number(formatMicro(hours)) * nodes);
    expect(idle).toBeCloseTo(1 - node.machines!.utilizationPct / 100, 6);
  });

  it("prices a point by the table's index of the same model, and by none where it has none", () => {
    // gpt-5: (3 × 1.25 + 10) / 4 = 3.4375, over the 69 of its best effort.
    expect(option(base, "openai gpt-5")).toMatchObject({
      pricePerIntelligencePoint: "0.049819",
      intelligence: { model: "GPT-5 (high)", index: 69 },
    });
    expect(option(base, "openai gpt-5.6-sol")).toMatchObject({
      pricePerIntelligencePoint: null,
      intelligence: null,
      comparable: "unknown",
    });
  });

  it("takes the people of the guide: 12,500 a month, one to three days against two to four weeks", () => {
    expect(formatMicro(peopleMonth("1", catalog.guideFigure))).toBe("12500.000000");
    expect(formatMicro(peopleMonth("0.5", catalog.guideFigure))).toBe("6250.000000");
    // A day of 260 is 576.92 dollars.
    expect(integrationOf("api", catalog.guideFigure)).toEqual({
      minDays: 1,
      maxDays: 3,
      onceUsd: { min: "576.923077", max: "1730.769231" },
    });
    expect(integrationOf("self-host", catalog.guideFigure)).toEqual({
      minDays: 10,
      maxDays: 20,
      onceUsd: { min: "5769.230769", max: "11538.461538" },
    });
  });
});

describe("an owned machine", () => {
  it("is the guide's Mac for the guide's model, and has no total without its electricity", () => {
    const mac = option(base, "MacBook Pro M4 Max 128 GB");
    // 1,250 million tokens over 2,628,000 seconds are 475.6 a second: twelve Macs of 40.
    expect(mac.machines!.count).toBe(12);
    expect(mac.monthlyUsd).toMatchObject({ compute: null, total: null, people: "12500.000000" });
    expect(mac.reason).toMatch(/electricity/);
    const { salvagePct, interestPct, years } = OWNED_TERMS;
    const each = parseMicro(annuity(6399, salvagePct, interestPct, years));
    expect(mac.atLeastUsd).toBe(formatMicro(12n * each + 12_500_000_000n));
  });

  it("pays for electricity all month", () => {
    const owned = { ...guideMac(GPT_OSS, catalog.guideFigure)!, watts: 100, usdPerKwh: "0.2" };
    const mac = option(compare(catalog, request({ owned })), owned.name);
    // 0.1 kW × 730 h × 0.2 = 14.60 a machine.
    const without = parseMicro(option(base, owned.name).atLeastUsd);
    expect(mac.monthlyUsd.total).toBe(formatMicro(without + 12n * 14_600_000n));
  });

  it("is not made up for another model", () => {
    const other = compare(catalog, duel());
    expect(other.options.some(({ kind }) => kind === "owned")).toBe(false);
    expect(other.leftOut.map(({ name }) => name)).toContain("an owned machine");
  });
});

describe("break-even", () => {
  it("is a root: one request less and the API is cheaper, from there on the nodes are not", () => {
    const found = compare(catalog, duel()).options.filter(
      ({ kind, breakEvenRequestsPerMonth }) => kind === "self-host" && breakEvenRequestsPerMonth !== null,
    );
    expect(found.length).toBeGreaterThan(2);
    for (const { name, breakEvenRequestsPerMonth } of found) {
      const { value, against } = breakEvenRequestsPerMonth!;
      const gap = (requestsPerMonth: number) => {
        const { options } = compare(catalog, duel({ requestsPerMonth }));
        const [own, api] = [name, against].map((wanted) => options.find((row) => row.name === wanted));
        return own && api ? total(own) - total(api) : null;
      };
      const [at, below] = [gap(value), gap(value - 1)];
      // Other sizes may be the cheapest of the card there; then this one is not listed.
      if (at === null || below === null) continue;
      const perRequest = total(option(compare(catalog, duel({ requestsPerMonth: 1 })), against));
      expect(at <= 0n && at > -perRequest - 1n, `${name} at ${value}: ${at}`).toBe(true);
      expect(below > 0n, `${name} at ${value - 1}: ${below}`).toBe(true);
    }
  });

  it("of a mix is where home costs what its share would cost at the API", () => {
    const share = "0.25";
    const alone = compare(catalog, duel());
    const mixed = compare(catalog, duel({ regulatedShare: share })).options.find(
      ({ kind }) => kind === "hybrid",
    )!;
    const home = alone.options.find(({ name }) => mixed.name.startsWith(name))!;
    const whole = home.breakEvenRequestsPerMonth!.value;
    expect(Math.abs(mixed.breakEvenRequestsPerMonth!.value - whole * 4)).toBeLessThanOrEqual(4);
  });

  it("is none, with the reason, where a node at full load costs more a request", () => {
    const rows = base.options.filter(
      ({ breakEvenRequestsPerMonth, kind }) => kind === "self-host" && breakEvenRequestsPerMonth === null,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { breakEvenReason } of rows) expect(breakEvenReason).toMatch(/at full load/);
  });
});

describe("the recommendation", () => {
  it("takes the hosted copy of the same weights where it costs a fraction", () => {
    expect(winner(base)).toMatchObject({ kind: "api", weights: GPT_OSS });
    expect(base.recommendation.because.map((text) => text.split(":")[0])).toEqual([
      "cost",
      "data",
      "volume",
      "team",
      "deadline",
      "quality",
    ]);
  });

  it("is the cheapest of what is allowed, in time, good enough and priced", () => {
    const best = total(winner(base));
    for (const row of base.options) {
      const open = row.allowed === true && row.comparable === true && row.monthlyUsd.total !== null;
      if (open && !row.name.includes(" spot ")) expect(total(row) >= best, row.name).toBe(true);
    }
  });

  it("keeps regulated requests at home, alone or mixed", () => {
    for (const regulatedShare of ["0.01", "0.5", "1"]) {
      const document = compare(catalog, request({ regulatedShare }));
      expect(["self-host", "hybrid"]).toContain(winner(document).kind);
      for (const { kind, allowed } of document.options) if (kind === "api") expect(allowed).not.toBe(true);
      expect(document.options.some(({ kind }) => kind === "hybrid")).toBe(regulatedShare !== "1");
    }
  });

  it("takes an API where the deadline is nearer than two weeks, and nothing where it is today", () => {
    expect(winner(compare(catalog, duel({ requestsPerMonth: 90_000_000, deadlineDays: 9 }))).kind).toBe(
      "api",
    );
    expect(winner(compare(catalog, duel({ requestsPerMonth: 90_000_000, deadlineDays: 10 }))).kind).toBe(
      "self-host",
    );
    const none = compare(catalog, duel({ deadlineDays: 0 })).recommendation;
    expect(none.option).toBeNull();
    expect(none.because[0]).toMatch(/nothing is known/);
  });

  it("asks for the quality of the model, or for what is asked", () => {
    expect(
      winner(compare(catalog, request({ minIntelligence: 65 }))).intelligence!.index,
    ).toBeGreaterThanOrEqual(65);
    expect(compare(catalog, request({ minIntelligence: 100 })).recommendation.option).toBeNull();
  });
});

describe("what would change the answer", () => {
  const many = () => duel({ requestsPerMonth: 3_000_000 });
  const few = () => duel({ requestsPerMonth: 300_000 });

  it("starts from two different answers", () => {
    expect(winner(compare(catalog, many())).kind).toBe("self-host");
    expect(winner(compare(catalog, few())).kind).toBe("api");
  });

  it.each([
    ["many", many],
    ["few", few],
  ] as const)("requests: the answer changes there and not one before (%s)", (_, from) => {
    const { value } = flip(compare(catalog, from()), "requestsPerMonth");
    const at = (requestsPerMonth: number) => winner(compare(catalog, duel({ requestsPerMonth }))).kind;
    expect([at(Number(value) - 1), at(Number(value))]).toEqual(["api", "self-host"]);
  });

  it.each([
    ["many", many],
    ["few", few],
  ] as const)("engineers: the answer changes there (%s)", (_, from) => {
    const { value } = flip(compare(catalog, from()), "engineers");
    const at = (engineers: number) =>
      winner(compare(catalog, { ...from(), engineers: engineers.toFixed(4) })).kind;
    expect([at(Number(value) + 0.001), at(Number(value) - 0.001)]).toEqual(["api", "self-host"]);
  });

  it.each([
    ["many", many],
    ["few", few],
  ] as const)("the API's price: the answer changes there (%s)", (_, from) => {
    const { value } = flip(compare(catalog, from()), "apiPriceFactor");
    const at = (factor: number) => {
      const times = (price: string | null) => (price === null ? null : (Number(price) * factor).toFixed(9));
      const book: CompareBook = {
        ...catalog,
        llmApis: () =>
          catalog.llmApis().map((row) => ({
            ...row,
            inputUsdPerMtok: times(row.inputUsdPerMtok),
            outputUsdPerMtok: times(row.outputUsdPerMtok),
          })),
      };
      return winner(compare(book, from())).kind;
    };
    expect([at(Number(value) - 0.001), at(Number(value) + 0.001)]).toEqual(["api", "self-host"]);
  });

  it("a node's price: the answer changes there", () => {
    const document = compare(catalog, many());
    const { value } = flip(document, "nodeUsdPerHour");
    const at = (price: number) => {
      const book: CompareBook = {
        ...catalog,
        instancePrice: (type, region) => {
          const row = catalog.instancePrice(type, region);
          return type === "m6i.large"
            ? row
            : { ...row, onDemandUsdPerHour: row.onDemandUsdPerHour && price.toFixed(6) };
        },
      };
      return winner(compare(book, many())).kind;
    };
    expect(at(Number(value) * 4)).toBe("api");
    expect(at(Number(value) / 4)).toBe("self-host");
  });

  it("regulated requests: any at all, where an API is the answer", () => {
    const document = compare(catalog, few());
    expect(flip(document, "regulatedShare")).toMatchObject({ value: 0 });
    expect(winner(compare(catalog, { ...few(), regulatedShare: "0.000001" })).kind).not.toBe("api");
  });

  it("quality: one point more than the answer has", () => {
    const { value, to } = flip(base, "minIntelligence");
    expect(winner(compare(catalog, request({ minIntelligence: Number(value) + 1 }))).name).toBe(to);
  });
});

describe("a peak", () => {
  it("takes more nodes, which the month uses less", () => {
    const load = { requestsPerMonth: 60_000_000 };
    const flat = duel(load);
    const peaked = duel(load);
    peaked.rented = { ...peaked.rented, peakToMean: 4 };
    const first = ({ options }: ComparisonDocument) =>
      options.find(({ kind }) => kind === "self-host")!.machines!;
    const [even, busy] = [flat, peaked].map((asked) => first(compare(catalog, asked)));
    expect(even!.utilizationPct).toBeGreaterThan(90);
    expect(busy!.utilizationPct).toBeLessThanOrEqual(25.001);
    expect(Number(busy!.idleUsd)).toBeGreaterThan(Number(even!.idleUsd) * 10);
  });
});

describe("a request longer than the weights take", () => {
  it("leaves out every host of theirs, with a window listed or without", () => {
    const { options, leftOut } = compare(catalog, request({ inputTokens: 140_000 }));
    expect(options.filter(({ weights }) => weights === GPT_OSS)).toEqual([]);
    const names = leftOut.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["openrouter (routed) openai/gpt-oss-120b", "groq openai/gpt-oss-120b"]),
    );
    expect(
      leftOut.find(({ name }) => name.startsWith("openrouter (routed) openai/gpt-oss-120b"))!.because,
    ).toMatch(/longer than the 131072 of openai\/gpt-oss-120b/);
  });
});

describe("what is not known", () => {
  it("has no total in a region that lacks a price around the nodes, and is not the answer", () => {
    const document = compare(catalog, request({ regions: ["eu-north-1"], regulatedShare: "1" }));
    const rented = document.options.filter(({ kind }) => kind === "self-host");
    expect(rented.length).toBeGreaterThan(0);
    for (const { monthlyUsd, reason } of rented) {
      expect([monthlyUsd.total, monthlyUsd.compute]).toEqual([null, null]);
      expect(reason).toMatch(/no price in eu-north-1 of alb\.hour/);
    }
    expect(document.recommendation.option).toBeNull();
  });

  it("an API without a price is left out, and never zero", () => {
    const book: CompareBook = {
      ...catalog,
      llmApis: () => catalog.llmApis().map((row) => ({ ...row, outputUsdPerMtok: null })),
    };
    const document = compare(book, request());
    expect(document.options.some(({ kind }) => kind === "api")).toBe(false);
    expect(document.leftOut.length).toBeGreaterThan(200);
    expect(winner(document).kind).toBe("self-host");
  });

  it("where an API processes is not known under a profile", () => {
    const profiled = request();
    profiled.rented.boundary = { profiles: ["gdpr"], regions: null };
    for (const { kind, allowed } of compare(catalog, profiled).options)
      if (kind === "api") expect(allowed).toBe("unknown");
  });
});
