import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as catalog from "../../catalog/index.ts";

const { instancePrice, instancePrices, priceDocument, regionsWithPrice, servicePrice } = catalog;

/** From sources that the table was not made of: Karpenter's own table, AWS files of 2026-09, bills and rate cards. */
const SECOND_SOURCE: [type: string, region: string, usd: string][] = [
  ["p4d.24xlarge", "us-east-1", "21.957642"],
  ["p4de.24xlarge", "us-east-1", "27.44705"],
  ["p5.48xlarge", "us-east-1", "55.04"],
  ["p5.4xlarge", "us-east-1", "6.88"],
  ["p5en.48xlarge", "us-east-1", "63.296"],
  ["p6-b200.48xlarge", "us-east-1", "113.9328"],
  ["g6.xlarge", "ap-northeast-1", "1.1672"],
  ["m7i.large", "ap-northeast-1", "0.1302"],
  ["m7i.xlarge", "ap-northeast-1", "0.2604"],
  ["g5.xlarge", "ap-northeast-2", "1.237"],
  ["g6.xlarge", "ap-northeast-2", "0.9896"],
  ["m7i.large", "us-east-1", "0.1008"],
  ["m7g.large", "us-east-1", "0.0816"],
  ["t3.large", "eu-central-1", "0.096"],
  ["t3.small", "ap-southeast-1", "0.0264"],
  ["t3.medium", "ap-southeast-1", "0.0528"],
  ["t3.nano", "us-east-1", "0.0052"],
  ["t3.micro", "us-east-1", "0.0104"],
  ["t3.small", "us-east-1", "0.0208"],
  ["t3.medium", "us-east-1", "0.0416"],
  ["t3.large", "us-east-1", "0.0832"],
  ["t3.xlarge", "us-east-1", "0.1664"],
  ["t3.2xlarge", "us-east-1", "0.3328"],
  ["m5.large", "us-east-1", "0.096"],
  ["m5.xlarge", "us-east-1", "0.192"],
  ["m6i.large", "us-east-1", "0.096"],
];

describe("instance prices", () => {
  it.each(SECOND_SOURCE)("%s in %s is %s in a second source too", (type, region, usd) => {
    const price = instancePrice(type, region);
    expect(Number(price.onDemandUsdPerHour)).toBe(Number(usd));
    expect(price).toMatchObject({ reason: null });
    expect(price.source).toBeTruthy();
    expect(price.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("repeats every row of the source tables digit by digit", () => {
    let rows = 0;
    for (const file of ["aws-gpu-instances.csv", "aws-general-instances.csv"]) {
      const text = readFileSync(new URL(`../../catalog/sources/${file}`, import.meta.url), "utf8");
      for (const { cells } of catalog.parseCsv(text)) {
        const price = instancePrice(cells["instance_type"]!, cells["region"]!);
        expect(price.onDemandUsdPerHour ?? "", `${cells["instance_type"]} ${cells["region"]}`).toBe(
          cells["on_demand_usd_per_hour"],
        );
        expect(price.spotUsdPerHour ?? "").toBe(cells["spot_usd_per_hour"]);
        rows++;
      }
    }
    expect(rows).toBe(841 + 1636);
  });

  it("says why a price is missing and never gives zero", () => {
    expect(instancePrice("p5e.48xlarge", "us-east-2")).toMatchObject({
      onDemandUsdPerHour: null,
      reason: "capacity-block-only",
    });
    // The price lists cover Paris and have no P5 there.
    expect(instancePrice("p5.48xlarge", "eu-west-3")).toMatchObject({
      onDemandUsdPerHour: null,
      reason: "not-offered",
    });
    // Offered, but only the price before a cut is on record; or offered and not in the list.
    expect(instancePrice("p4d.24xlarge", "ap-southeast-1").reason).toBe("no-data");
    expect(instancePrice("g6e.xlarge", "ap-northeast-3").reason).toBe("no-data");
    // Only one region's table has the family, and no table has the region.
    expect(instancePrice("g7.2xlarge", "eu-west-1").reason).toBe("no-data");
    expect(instancePrice("g6.xlarge", "eusc-de-east-1").reason).toBe("no-data");
    expect(instancePrice("x99.huge", "us-east-1")).toMatchObject({
      onDemandUsdPerHour: null,
      reason: "no-data",
    });
    for (const region of catalog.regions()) {
      for (const price of instancePrices(region.region)) {
        if (price.onDemandUsdPerHour !== null)
          expect(Number(price.onDemandUsdPerHour), price.instance).toBeGreaterThan(0);
        expect(price.reason === null).toBe(price.onDemandUsdPerHour !== null);
      }
    }
  });

  it("keeps spot at or below On-Demand", () => {
    for (const { region } of catalog.regions()) {
      for (const { instance, spotUsdPerHour, onDemandUsdPerHour } of instancePrices(region)) {
        if (spotUsdPerHour === null || onDemandUsdPerHour === null) continue;
        expect(Number(spotUsdPerHour), `${instance} ${region}`).toBeLessThanOrEqual(
          Number(onDemandUsdPerHour) * 1.0001,
        );
      }
    }
  });

  it("lists regions with a price", () => {
    expect(regionsWithPrice("g7.2xlarge")).toEqual(["us-east-1"]);
    expect(regionsWithPrice("p5e.48xlarge")).toEqual([]);
    expect(regionsWithPrice("g6.xlarge")).toContain("eu-central-1");
  });
});

describe("the price document", () => {
  it("has every field of its schema", () => {
    expect(priceDocument("g6e.xlarge", "us-east-1")).toEqual({
      schema: "freehold.price/v1",
      freeholdVersion: catalog.FREEHOLD_VERSION,
      catalogAsOf: catalog.catalogAsOf(),
      instance: "g6e.xlarge",
      region: "us-east-1",
      onDemandUsdPerHour: "1.861",
      source: expect.stringMatching(/\w/),
      asOf: expect.stringMatching(/^\d{4}/),
      reason: null,
      regionsWithPrice: expect.arrayContaining(["us-east-1", "us-west-2"]),
    });
  });

  it("answers a missing price and refuses a wrong name", () => {
    expect(priceDocument("p5e.48xlarge", "us-east-2")).toMatchObject({
      onDemandUsdPerHour: null,
      regionsWithPrice: [],
    });
    expect(priceDocument("p5.48xlrge", "us-east-1")).toMatchObject({
      code: "unknown-instance",
      nearest: expect.arrayContaining(["p5.48xlarge"]),
    });
    expect(priceDocument("p5.48xlarge", "us-eats-1")).toMatchObject({
      code: "unknown-region",
      nearest: expect.arrayContaining(["us-east-1"]),
    });
  });
});

describe("service prices", () => {
  it.each([
    ["eks.cluster.hour", "us-east-1", "0.10"],
    ["nat.hour", "eu-central-1", "0.052"],
    ["nat.gb", "eu-west-1", "0.048"],
    ["ebs.gp3.gb-month", "eu-central-1", "0.0952"],
    ["ebs.gp3.mibps-month", "us-east-1", "0.04"],
    ["vpce.interface.hour", "eu-west-1", "0.011"],
    ["vpce.gateway.hour", "eu-west-1", "0"],
    ["s3.standard.gb-month", "eu-central-1", "0.0245"],
    ["s3.get.1k", "us-east-1", "0.0004"],
    ["logs.ingest.gb", "eu-west-1", "0.57"],
    ["transfer.internet.gb", "us-east-1", "0.09"],
  ])("%s in %s is %s", (key, region, usd) => {
    expect(servicePrice(key, region)).toMatchObject({ key, region, unitPriceUsd: usd });
  });

  it("carries no price from one region to another", () => {
    expect(servicePrice("s3.put.1k", "eu-west-3")).toBeNull();
    expect(servicePrice("no.such.key", "us-east-1")).toBeNull();
  });

  it("adds up to the worked base stack of one cluster", () => {
    const monthly = (key: string, quantity: number) =>
      Number(servicePrice(key, "us-east-1")!.unitPriceUsd) * quantity;
    const total =
      monthly("eks.cluster.hour", 730) +
      monthly("nat.hour", 730) +
      monthly("ipv4.hour", 3 * 730) +
      monthly("alb.hour", 730) +
      2 * 730 * Number(instancePrice("m6i.large", "us-east-1").onDemandUsdPerHour) +
      monthly("ebs.gp3.gb-month", 100) +
      monthly("kms.key-month", 1) +
      monthly("logs.ingest.gb", 10);
    expect(total).toBeCloseTo(287.385, 2);
  });
});
