import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  instancePrice,
  mergePrices,
  type OwnPrice,
  ownPrice,
  readPriceList,
  regionsWithPrice,
  useOwnPrices,
} from "../../catalog/index.ts";
import { membersOf } from "../../catalog/json-members.ts";

// Made by hand in the published format (docs.aws.amazon.com, reading a price list file); its prices are invented.
const TEXT = readFileSync(join(import.meta.dirname, "../fixtures/price-list.json"), "utf8");
const SOURCE = "AWS Price List, AmazonEC2, version 20260928201530";

const pieces = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
const read = (text: string, size = 4096) => readPriceList(() => pieces(text, size));
const message = (text: string) => {
  const result = read(text);
  return "error" in result ? result.error.message : null;
};

describe("an offer file of EC2", () => {
  it("gives the Linux, shared, On-Demand rows and their reserved terms, and nothing else", () => {
    const G6E: OwnPrice = {
      instance: "g6e.xlarge",
      region: "eu-central-1",
      onDemandUsdPerHour: "2.4",
      reserved: [
        { years: 1, offeringClass: "standard", payment: "no-upfront", upfrontUsd: "0", usdPerHour: "1.5" },
        {
          years: 1,
          offeringClass: "standard",
          payment: "partial-upfront",
          upfrontUsd: "6000",
          usdPerHour: "0.7",
        },
        { years: 3, offeringClass: "standard", payment: "all-upfront", upfrontUsd: "25000", usdPerHour: "0" },
        { years: 1, offeringClass: "convertible", payment: "no-upfront", upfrontUsd: "0", usdPerHour: "1.8" },
      ],
      source: SOURCE,
      asOf: "2026-09-28",
    };
    const M7I = { ...G6E, instance: "m7i.large", onDemandUsdPerHour: "0.12", reserved: [] };
    expect(read(TEXT)).toEqual({ prices: [G6E, M7I] });
  });

  it("is the same in pieces of any size, without blanks, and with terms before products", () => {
    const whole = read(TEXT);
    for (const size of [1, 2, 7, 64, 1_000_000]) expect(read(TEXT, size)).toEqual(whole);
    const parsed = JSON.parse(TEXT);
    expect(read(JSON.stringify(parsed))).toEqual(whole);
    const { terms, products, ...head } = parsed;
    expect(read(JSON.stringify({ terms, products, ...head }))).toEqual(whole);
  });

  it.each([
    ["nothing", "", "the file is empty"],
    ["a file that ends early", TEXT.slice(0, 3000), /the file ends early/],
    ["a list", "[1]", /no JSON object/],
    ["CSV", '"FormatVersion","v1.0"\n', /line 1: the file is no JSON object/],
    ["another service", TEXT.replace("AmazonEC2", "AmazonRDS"), /offerCode is "AmazonRDS"/],
    ["no date", TEXT.replace("publicationDate", "published"), "the price list has no publicationDate"],
    ["the region index", '{"formatVersion":"v1.0","regions":{"eu-west-1":{}}}', /an index of price lists/],
    ["two objects", `${TEXT}{}`, /text after the end/],
    ["a crooked row", TEXT.replace('"sku" : "AAAA"', '"sku" : AAAA'), /is not JSON/],
  ])("is refused: %s", (_, text, expected) => {
    expect(message(text)).toMatch(expected);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(TEXT.length), fc.nat(60), (junk, at, drop) => {
        for (const text of [junk, TEXT.slice(0, at) + junk + TEXT.slice(at + drop)])
          expect(read(text)).toBeDefined();
      }),
    );
  });

  it("is read member by member: what JSON.parse says of each, whatever the object", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const object = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,5}$/),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value),
    );
    fc.assert(
      fc.property(object, fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 2), (given, size, indent) => {
        const found: Record<string, Record<string, unknown>> = {};
        for (const { path, text } of membersOf(
          pieces(JSON.stringify(given, null, indent), size),
          ({ length }) => length === 2,
        ))
          found[path[0]!] = { ...found[path[0]!], [path[1]!]: JSON.parse(text!) };
        const filled = Object.entries(JSON.parse(JSON.stringify(given)) as typeof given).filter(
          ([, members]) => Object.keys(members).length > 0,
        );
        expect(found).toEqual(Object.fromEntries(filled));
      }),
    );
  });
});

describe("own prices", () => {
  afterEach(() => useOwnPrices([]));
  const row = (instance: string, region: string, price: string): OwnPrice => ({
    instance,
    region,
    onDemandUsdPerHour: price,
    reserved: [],
    source: SOURCE,
    asOf: "2026-09-28",
  });

  it("go before the bundled ones, where they are, with their own date", () => {
    const bundled = instancePrice("g6e.xlarge", "us-east-1");
    useOwnPrices([row("g6e.xlarge", "eu-central-1", "2.4"), row("g6e.xlarge", "ap-east-1", "3")]);
    expect(instancePrice("g6e.xlarge", "eu-central-1")).toMatchObject({
      onDemandUsdPerHour: "2.4",
      source: SOURCE,
      asOf: "2026-09-28",
      reason: null,
    });
    expect(instancePrice("g6e.xlarge", "us-east-1")).toEqual(bundled);
    expect(regionsWithPrice("g6e.xlarge")).toContain("ap-east-1");
    expect(ownPrice("g6e.xlarge", "us-east-1")).toBeNull();
  });

  it("of a region replace those of before; other regions stay", () => {
    const old = [row("a", "r1", "1"), row("b", "r1", "2"), row("a", "r2", "3")];
    const fresh = [row("a", "r1", "9")];
    expect(mergePrices(old, fresh)).toEqual([row("a", "r1", "9"), row("a", "r2", "3")]);
  });
});
