import { describe, expect, it } from "vitest";
import { diffBills } from "../../cost/index.ts";
import { bill, graphOf, nodeGroup, resource, without } from "./fixtures.ts";

const KEY = "aws:kms/key:Key";
const group = (size: number, instance = "m6i.large") =>
  nodeGroup("system", { min: size, desired: size, max: size }, { instance });

const compare = (before: ReturnType<typeof bill>, after: ReturnType<typeof bill>) => {
  const document = diffBills(before, after);
  const find = (name: string, what: string) =>
    document.lines.find((line) => line.resource.endsWith(`::${name}`) && line.what === what)!;
  return { document, find };
};

describe("the difference of two bills", () => {
  it("of the same bill is nothing", () => {
    const one = bill(graphOf(resource(KEY, "key"), ...group(2)));
    const { document } = compare(one, one);
    expect(new Set(document.lines.map(({ change }) => change))).toEqual(new Set(["same"]));
    expect(document.totals.delta).toEqual({ min: "0.000000", expected: "0.000000", max: "0.000000" });
  });

  it("names what is new, gone, and of another quantity", () => {
    const { document, find } = compare(
      bill(graphOf(resource(KEY, "old"), ...group(2))),
      bill(graphOf(resource(KEY, "new"), ...group(3))),
    );
    expect(find("new", "customer key")).toMatchObject({
      change: "new",
      old: null,
      deltaUsd: { expected: "1.000000" },
    });
    expect(find("old", "customer key")).toMatchObject({
      change: "gone",
      new: null,
      deltaUsd: { expected: "-1.000000" },
    });
    expect(find("system", "m6i.large on-demand")).toMatchObject({
      change: "quantity",
      deltaUsd: { expected: "70.080000" },
    });
    expect(document.totals.delta.expected).toBe("74.080000");
  });

  it("tells a price from a quantity, and does not call an unknown price a saving", () => {
    const graph = graphOf(resource(KEY, "key"));
    const { find } = compare(bill(graph), bill(graph, { prices: without("kms.key-month") }));
    expect(find("key", "customer key")).toMatchObject({
      change: "price",
      deltaUsd: null,
      new: { kind: "unknown" },
    });
    const nat = graphOf(resource("aws:ec2/natGateway:NatGateway", "nat"));
    const moved = compare(bill(nat), bill(nat, { region: "ap-northeast-1" }));
    expect(moved.find("nat", "NAT gateway")).toMatchObject({
      change: "price",
      deltaUsd: { expected: "12.410000" },
    });
  });

  it("matches the stacks of one program by resource", () => {
    const dev = bill(graphOf(resource(KEY, "key")));
    const production = {
      ...dev,
      lines: dev.lines.map((line) => ({
        ...line,
        resource: line.resource.replace("pulumi:test", "pulumi:prod"),
      })),
    };
    expect(diffBills(dev, production).lines.every(({ change }) => change === "same")).toBe(true);
  });
});
