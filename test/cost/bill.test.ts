import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRanges, formatRange, type PriceBook, parseRange } from "../../cost/index.ts";
import { UNKNOWN } from "../../graph/index.ts";
import { bill, billed, graphOf, linesOf, nodeGroup, resource, without } from "./fixtures.ts";

const EKS = "aws:eks/cluster:Cluster";
const COMPONENTS = join(import.meta.dirname, "..", "..", "components");

describe("every resource", () => {
  /** Types that the platform's components create, read from their source. */
  const types = new Set(
    readdirSync(COMPONENTS)
      .flatMap((file) => [
        ...readFileSync(join(COMPONENTS, file), "utf8").matchAll(/new (\w+)\.([A-Z]\w+)\(/g),
      ])
      .filter(([, module]) => module !== "pulumi")
      .map(([, module, name]) => `aws:${module}/${name![0]!.toLowerCase()}${name!.slice(1)}:${name}`),
  );

  it("of the platform has a price, is free, or says what is missing", () => {
    expect(types.size).toBeGreaterThan(35);
    for (const type of types) {
      const lines = linesOf(billed(resource(type, "one")), "one");
      expect(lines.length, type).toBeGreaterThan(0);
      expect(
        lines.map(({ reason }) => reason),
        type,
      ).not.toContain("this resource type is not in the price tables");
    }
  });

  it("of a type without a table is unknown, with the reason, and no money", () => {
    const document = billed(
      resource("aws:sagemaker/endpoint:Endpoint", "model", { endpointConfigName: "one" }),
    );
    expect(document.lines).toMatchObject([
      { kind: "unknown", monthlyUsd: null, reason: "this resource type is not in the price tables" },
    ]);
    expect(document.totals.resources).toEqual({ total: 1, priced: 0, partial: 0, free: 0, unknown: 1 });
    expect(document.totals.monthlyUsd.max).toBe("0.000000");
    expect(document.warnings.join()).toContain("1 of 1 resources");
  });

  it.each([
    ["aws:iam/role:Role", "IAM is free"],
    ["kubernetes:helm.sh/v3:Release", "nodes that are priced"],
    ["kubernetes:apps/v1:Deployment", "nodes that are priced"],
    ["pulumi:providers:aws", "not a cloud resource"],
    ["random:index/randomPassword:RandomPassword", "not a cloud resource"],
  ])("%s is free and says why", (type, why) => {
    const [line] = billed(resource(type, "one")).lines;
    expect(line).toMatchObject({ kind: "free", monthlyUsd: { max: "0.000000" } });
    expect(line!.reason).toContain(why);
  });

  it("of another provider is unknown by the provider's name, and so is a type that is known to have no price", () => {
    const lines = billed(
      resource("gcp:compute/instance:Instance", "one"),
      resource("azure-native:compute:VirtualMachine", "two"),
      resource("aws:fsx/lustreFileSystem:LustreFileSystem", "three"),
    ).lines;
    expect(lines.map(({ kind }) => kind)).toEqual(["unknown", "unknown", "unknown"]);
    const reasons = lines.map(({ reason }) => reason).join();
    expect(reasons).toContain("provider gcp");
    expect(reasons).toContain("provider azure-native");
    expect(reasons).toContain("public source");
  });

  it("of a foreign component without its parts is unknown, with them free", () => {
    const outer = resource("eks:index:Cluster", "outer", {}, { custom: false });
    expect(billed(outer).lines[0]!.kind).toBe("unknown");
    const inner = resource(EKS, "inner", {}, { parent: outer.urn });
    expect(linesOf(billed(outer, inner), "outer")[0]!.kind).toBe("free");
  });

  it.each([
    ["kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }],
    ["kubernetes:karpenter.sh/v1:NodePool", { spec: {} }],
    ["kubernetes:apps/v1:StatefulSet", { spec: { volumeClaimTemplates: [{}] } }],
    ["aws:eks/addon:Addon", { addonName: "kubecost_kubecost" }],
    ["aws:eks/addon:Addon", { addonName: UNKNOWN }],
  ])("%s that makes something else is not free: %o", (type, props) => {
    expect(billed(resource(type, "one", props)).lines[0]!.kind).toBe("unknown");
  });
});

describe("a missing price", () => {
  const graph = graphOf(resource("aws:ec2/natGateway:NatGateway", "nat"), resource("aws:kms/key:Key", "key"));

  it("is unknown by its key and region, is in no total, and makes the resource partial", () => {
    const whole = bill(graph);
    const planted = bill(graph, { prices: without("nat.hour") });
    const [line] = linesOf(planted, "nat");
    expect(line).toMatchObject({ kind: "unknown", unitPriceUsd: null, monthlyUsd: null, source: null });
    expect(line!.reason).toContain("nat.hour in us-east-1");
    expect(planted.totals.resources).toMatchObject({ priced: 1, partial: 1 });
    const gap = Number(whole.totals.fixedUsd.expected) - Number(planted.totals.fixedUsd.expected);
    expect(gap).toBeCloseTo(32.85, 6);
  });

  it("is not filled from another region", () => {
    const [line] = linesOf(bill(graph, { region: "xx-nowhere-1" }), "key");
    expect(line!.reason).toBe("no price of kms.key-month in xx-nowhere-1 in the catalogue");
  });

  it("is said of an instance with the catalogue's word for it", () => {
    const [line] = linesOf(
      billed(...nodeGroup("gpu", { min: 1, desired: 1, max: 1 }, { instance: "p5e.48xlarge" })),
      "gpu",
    ).filter(({ unit }) => unit === "instance-hour");
    expect(line).toMatchObject({ kind: "unknown", quantity: { expected: 730 } });
    expect(line!.reason).toContain("capacity-block-only");
  });

  it("without any region names that as the reason", () => {
    const document = bill(graphOf(resource(EKS, "one")), { region: undefined });
    expect(document.lines[0]!.reason).toContain("names a region");
  });
});

describe("the region", () => {
  const provider = resource("pulumi:providers:aws", "tokyo", { region: "ap-northeast-1" });
  const nat = (props: object, withProvider: boolean) =>
    resource(
      "aws:ec2/natGateway:NatGateway",
      "nat",
      { ...props },
      { provider: withProvider ? provider.urn : null },
    );
  const hourly = (one: ReturnType<typeof nat>) =>
    Number(linesOf(bill(graphOf(provider, one)), "nat")[0]!.unitPriceUsd);

  it("is the resource's own, else its provider's, else the stack's", () => {
    expect(hourly(nat({ region: "eu-central-1" }, true))).toBe(0.052);
    expect(hourly(nat({}, true))).toBe(0.062);
    expect(hourly(nat({}, false))).toBe(0.045);
  });

  it("that is not known yet gives no price", () => {
    const [line] = linesOf(billed(nat({ region: UNKNOWN }, false)), "nat");
    expect(line!.kind).toBe("unknown");
  });
});

describe("node groups", () => {
  it("run between their bounds, with the desired size expected", () => {
    const document = billed(...nodeGroup("gpu", { min: 1, desired: 2, max: 5 }, { instance: "g6e.xlarge" }));
    const [instances, volumes] = linesOf(document, "gpu").filter(({ kind }) => kind === "fixed");
    expect(instances!.quantity).toEqual({ min: 730, expected: 1460, max: 3650 });
    expect(volumes!.quantity).toEqual({ min: 50, expected: 100, max: 250 });
  });

  it("pay for gp3 above what its price includes", () => {
    const options = { gib: 150, iops: 6000, mibps: 600 };
    const document = billed(...nodeGroup("gpu", { min: 2, desired: 2, max: 2 }, options));
    // 2 × 3,000 IOPS × 0.005 and 2 × 475 MiB/s × 0.04.
    const usd = linesOf(document, "gpu").map(({ what, monthlyUsd }) => [what, monthlyUsd?.expected]);
    expect(usd).toContainEqual(["root volumes (gp3): IOPS above 3000", "30.000000"]);
    expect(usd).toContainEqual(["root volumes (gp3): throughput above 125 MiB/s", "38.000000"]);
  });

  it("on spot cost the spot price, and the line says what On-Demand is", () => {
    const document = billed(
      ...nodeGroup("gpu", { min: 1, desired: 1, max: 1 }, { instance: "g6e.xlarge", capacityType: "SPOT" }),
    );
    const [line] = linesOf(document, "gpu").filter(({ what }) => what === "g6e.xlarge spot");
    expect(Number(line!.unitPriceUsd)).toBeLessThan(1.861);
    expect(line!.reason).toContain("1.861");
  });

  it("find their launch template by name where the graph has no references", () => {
    const parts = nodeGroup("system", { min: 1, desired: 1, max: 1 }).map((part) => ({ ...part, refs: {} }));
    const volumes = linesOf(billed(...parts), "system").find(({ unit }) => unit === "GB-month");
    expect(volumes!.monthlyUsd!.expected).toBe("4.000000");
  });

  it("without a launch template have a volume of unknown type", () => {
    const group = resource("aws:eks/nodeGroup:NodeGroup", "plain", {
      instanceTypes: ["m6i.large"],
      diskSize: 20,
      scalingConfig: { minSize: 1, maxSize: 1, desiredSize: 1 },
    });
    const document = billed(group);
    expect(document.totals.resources.partial).toBe(1);
    expect(document.totals.fixedUsd.expected).toBe("70.080000");
  });

  it("of a size that is not known have no amount", () => {
    const [, group] = nodeGroup("gpu", { min: 1, desired: 1, max: 1 });
    const open = { ...group!, props: { ...group!.props, scalingConfig: { minSize: 1, maxSize: UNKNOWN } } };
    expect(billed(open).totals.monthlyUsd.max).toBe("0.000000");
    expect(billed(open).lines.every(({ kind }) => kind === "unknown")).toBe(true);
  });
});

describe("network and logs", () => {
  const endpoint = (props: object) =>
    billed(resource("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", { ...props }));

  it("count an interface endpoint in each of its subnets, known or not", () => {
    const lines = endpoint({ vpcEndpointType: "Interface", subnetIds: [UNKNOWN, UNKNOWN, UNKNOWN] }).lines;
    expect(lines[0]).toMatchObject({ what: "interface endpoint", monthlyUsd: { expected: "21.900000" } });
    expect(endpoint({ vpcEndpointType: "Interface", subnetIds: UNKNOWN }).lines[0]!.kind).toBe("unknown");
  });

  it("let a gateway endpoint be free, which is also the default kind", () => {
    expect(endpoint({}).lines).toMatchObject([{ kind: "free" }]);
    expect(endpoint({ vpcEndpointType: "Resource" }).lines).toMatchObject([{ kind: "unknown" }]);
  });

  it("count flow logs once: at their log group where the graph has it", () => {
    const group = resource("aws:cloudwatch/logGroup:LogGroup", "group", { name: "/flow" });
    const flow = (logDestination: unknown) => resource("aws:ec2/flowLog:FlowLog", "flow", { logDestination });
    const arn = (name: string) => `arn:aws:logs:us-east-1:111122223333:log-group:${name}`;
    expect(linesOf(billed(group, flow(arn("/flow"))), "flow")).toMatchObject([{ kind: "free" }]);
    expect(linesOf(billed(group, flow(UNKNOWN)), "flow")).toMatchObject([{ kind: "free" }]);
    expect(linesOf(billed(group, flow(arn("/other"))), "flow")).toMatchObject([{ kind: "usage" }]);
  });

  it("price a claim of a gp3 class by its size", () => {
    const claim = (storageClassName: string) =>
      resource("kubernetes:core/v1:PersistentVolumeClaim", "claim", {
        spec: { storageClassName, resources: { requests: { storage: "100Gi" } } },
      });
    expect(billed(claim("gp3")).lines).toMatchObject([{ monthlyUsd: { max: "8.000000" } }]);
    expect(billed(claim("fast")).lines).toMatchObject([{ kind: "unknown" }]);
  });
});

describe("an old price", () => {
  const prices: PriceBook = {
    servicePrice: (key, region) => ({
      ...{ key, region, unit: "month", unitPriceUsd: "1", note: null, source: "a list" },
      asOf: key === "kms.key-month" ? "2024-07-01" : "2026-01-01",
    }),
    instancePrice: () => {
      throw new Error("no instance here");
    },
  };
  const graph = graphOf(resource("aws:kms/key:Key", "key"));
  const warned = (date: string, maxPriceAgeDays?: number) =>
    bill(graph, { date, maxPriceAgeDays, prices }).warnings;

  it("is warned of past the stated age, and not before", () => {
    // 540 days after 2024-07-01 are 2025-12-23.
    expect(warned("2025-12-23")).toEqual([]);
    expect(warned("2025-12-24")).toEqual([
      "1 lines rest on prices older than 540 days; the oldest is of 2024-07-01 (customer key)",
    ]);
    expect(warned("2025-12-24", 541)).toEqual([]);
  });

  it("shows in the dates of the bill", () => {
    expect(bill(graph, { prices }).pricesAsOf).toEqual({
      oldest: "2024-07-01",
      newest: "2026-01-01",
      reason: null,
    });
  });
});

describe("laws", () => {
  const sizes = fc
    .tuple(fc.nat(20), fc.nat(20), fc.nat(20))
    .map((all) => all.sort((a, b) => a - b))
    .map(([min, desired, max]) => ({ min: min!, desired: desired!, max: max! }));
  const instance = fc.constantFrom("m6i.large", "g6.xlarge", "g6e.xlarge", "p5.48xlarge", "p5e.48xlarge");
  const single = fc.constantFrom(
    EKS,
    "aws:ec2/natGateway:NatGateway",
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:iam/role:Role",
    "aws:rds/instance:Instance",
  );
  const parts = (label: string) =>
    fc
      .tuple(fc.array(fc.tuple(sizes, instance), { maxLength: 3 }), fc.array(single, { maxLength: 6 }))
      .map(([groups, types]) => [
        ...groups.flatMap(([size, type], index) =>
          nodeGroup(`${label}-group-${index}`, size, { instance: type }),
        ),
        ...types.map((type, index) => resource(type, `${label}-${index}`)),
      ]);

  it("a line is quantity × unit price, in order from min to max", () => {
    fc.assert(
      fc.property(parts("a"), (resources) => {
        const document = bill(graphOf(...resources));
        let sum = parseRange({ min: "0", expected: "0", max: "0" });
        for (const line of document.lines) {
          expect(line.monthlyUsd === null).toBe(line.kind === "unknown");
          if (!line.monthlyUsd) continue;
          const usd = parseRange(line.monthlyUsd);
          expect(usd.min <= usd.expected && usd.expected <= usd.max).toBe(true);
          for (const pick of ["min", "expected", "max"] as const) {
            expect(Number(line.monthlyUsd[pick])).toBeCloseTo(
              line.quantity![pick] * Number(line.unitPriceUsd),
              5,
            );
          }
          sum = addRanges(sum, usd);
        }
        expect(document.totals.monthlyUsd).toEqual(formatRange(sum));
        const { total, priced, partial, free, unknown } = document.totals.resources;
        expect(total).toBe(new Set(resources.map((each) => each.urn)).size);
        expect(priced + partial + free + unknown).toBe(total);
      }),
      { numRuns: 60 },
    );
  });

  it("more replicas never cost less", () => {
    fc.assert(
      fc.property(sizes, fc.nat(5), instance, (size, more, type) => {
        const total = (by: number) => {
          const grown = { min: size.min + by, desired: size.desired + by, max: size.max + by };
          return parseRange(billed(...nodeGroup("gpu", grown, { instance: type })).totals.monthlyUsd);
        };
        const [few, many] = [total(0), total(more)];
        expect(many.min >= few.min && many.expected >= few.expected && many.max >= few.max).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("the bill of two graphs that share nothing is the sum of their bills", () => {
    fc.assert(
      fc.property(parts("a"), parts("b"), (a, b) => {
        const usd = (document: ReturnType<typeof bill>) => parseRange(document.totals.monthlyUsd);
        const together = bill(graphOf(...a, ...b));
        expect(together.totals.monthlyUsd).toEqual(
          formatRange(addRanges(usd(billed(...a)), usd(billed(...b)))),
        );
        expect(together.lines.length).toBe(billed(...a).lines.length + billed(...b).lines.length);
      }),
      { numRuns: 60 },
    );
  });

  it("holds for a large graph", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => resource("aws:kms/key:Key", `key-${index}`));
    expect(bill(graphOf(...many)).totals.fixedUsd.expected).toBe("10000.000000");
  });
});
