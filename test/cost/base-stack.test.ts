import { describe, expect, it } from "vitest";
import { bill, graphOf, nodeGroup, resource } from "./fixtures.ts";

/**
 * One cluster without GPUs in us-east-1, worked by hand from price lists: one NAT gateway and its address, a
 * public load balancer in two zones, two m6i.large with 50 GB of gp3, one key and 10 GB of logs.
 */
const GRAPH = graphOf(
  resource("aws:eks/cluster:Cluster", "cluster", { version: "1.35" }),
  resource("aws:ec2/natGateway:NatGateway", "nat"),
  resource("aws:ec2/eip:Eip", "nat-address", { domain: "vpc" }),
  resource("aws:lb/loadBalancer:LoadBalancer", "balancer", {
    internal: false,
    subnets: ["subnet-a", "subnet-b"],
  }),
  ...nodeGroup("system", { min: 2, desired: 2, max: 2 }),
  resource("aws:kms/key:Key", "key"),
  resource("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays: 30 }),
);

const BY_HAND: [name: string, what: string, quantity: number, unitPrice: number, usd: string][] = [
  ["cluster", "EKS control plane", 730, 0.1, "73.000000"],
  ["nat", "NAT gateway", 730, 0.045, "32.850000"],
  ["nat-address", "public IPv4 address", 730, 0.005, "3.650000"],
  ["balancer", "application load balancer", 730, 0.0225, "16.425000"],
  ["balancer", "public IPv4 addresses", 1460, 0.005, "7.300000"],
  ["system", "m6i.large on-demand", 1460, 0.096, "140.160000"],
  ["system", "root volumes (gp3)", 100, 0.08, "8.000000"],
  ["key", "customer key", 1, 1, "1.000000"],
  ["logs", "logs taken in", 10, 0.5, "5.000000"],
];

describe("the base stack worked by hand", () => {
  const document = bill(GRAPH);
  const find = (name: string, what: string) =>
    document.lines.find((line) => line.resource.endsWith(`::${name}`) && line.what === what);

  it.each(BY_HAND)("%s: %s", (name, what, quantity, unitPrice, usd) => {
    const line = find(name, what)!;
    expect(line.quantity!.expected).toBe(quantity);
    expect(Number(line.unitPriceUsd)).toBe(unitPrice);
    expect(line.monthlyUsd!.expected).toBe(usd);
    expect(line.source).toBeTruthy();
    expect(line.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it("comes to 287.39 USD", () => {
    const cents = BY_HAND.map(([name, what]) => Number(find(name, what)!.monthlyUsd!.expected));
    expect(cents.reduce((sum, usd) => sum + usd, 0).toFixed(3)).toBe("287.385");
  });

  it("has no fixed line beside them, and says what is charged by use", () => {
    const named = new Set(BY_HAND.map(([name, what]) => find(name, what)));
    const rest = document.lines.filter((line) => !named.has(line));
    expect(rest.filter(({ kind }) => kind === "fixed" || kind === "unknown")).toEqual([]);
    expect(rest.filter(({ kind }) => kind === "usage").map(({ what }) => what)).toEqual([
      "logs stored",
      "data through the NAT gateway",
      "data to the internet",
      "key requests",
      "application load balancer: capacity units",
      "data to the internet",
    ]);
    expect(rest.every(({ reason }) => reason !== null)).toBe(true);
    expect(document.totals.fixedUsd.expected).toBe("282.385000");
  });

  it("counts every resource", () => {
    expect(document.totals.resources).toEqual({ total: 8, priced: 7, partial: 0, free: 1, unknown: 0 });
  });

  it("adds 73 USD with a NAT gateway and its address in three zones", () => {
    const more = ["b", "c"].flatMap((zone) => [
      resource("aws:ec2/natGateway:NatGateway", `nat-${zone}`),
      resource("aws:ec2/eip:Eip", `nat-address-${zone}`),
    ]);
    const zones = bill(graphOf(...GRAPH.resources, ...more));
    expect(Number(zones.totals.fixedUsd.max) - Number(document.totals.fixedUsd.max)).toBeCloseTo(73, 6);
  });

  it("is the same bill in whatever order the resources stand", () => {
    expect(bill(graphOf(...[...GRAPH.resources].reverse()))).toEqual(document);
  });
});
