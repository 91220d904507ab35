import { describe, expect, it } from "vitest";
import { kubernetesVersions } from "../../catalog/index.ts";
import { UNKNOWN } from "../../graph/index.ts";
import { bill, graphOf, linesOf, resource } from "./fixtures.ts";

const cluster = (props: object, date: string) =>
  linesOf(bill(graphOf(resource("aws:eks/cluster:Cluster", "one", { ...props })), { date }), "one");
const extended = (props: object, date: string) =>
  cluster(props, date).find(({ what }) => what === "extended support");
const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

describe("extended support of a cluster", () => {
  it.each(kubernetesVersions().map((row) => [row.minor, row] as const))(
    "of %s begins on the day after its standard support, and ends with its own",
    (version, { standardSupportEnds, extendedSupportEnds }) => {
      expect(extended({ version }, standardSupportEnds)).toBeUndefined();
      // 730 h × 0.50.
      const first = extended({ version }, dayAfter(standardSupportEnds));
      expect(first).toMatchObject({ kind: "fixed", monthlyUsd: { min: "365.000000", max: "365.000000" } });
      expect(first!.reason).toContain(standardSupportEnds);
      expect(extended({ version }, extendedSupportEnds)).toBeDefined();
      expect(extended({ version }, dayAfter(extendedSupportEnds))).toBeUndefined();
    },
  );

  it("is not paid where the cluster is upgraded at the end of standard support, or has AWS's newest version", () => {
    expect(
      extended({ version: "1.33", upgradePolicy: { supportType: "STANDARD" } }, "2026-11-24"),
    ).toBeUndefined();
    expect(extended({}, "2026-11-24")).toBeUndefined();
  });

  it("is unknown for a version without dates, and for one that is not known yet", () => {
    expect(extended({ version: "1.99" }, "2026-11-24")).toMatchObject({ kind: "unknown", monthlyUsd: null });
    expect(extended({ version: UNKNOWN }, "2026-11-24")!.reason).toContain("not known before the deployment");
  });
});

describe("what a cluster pays beside its control plane", () => {
  it("is unknown under Auto Mode, with the reason", () => {
    const lines = cluster({ version: "1.35", computeConfig: { enabled: true } }, "2026-11-24");
    expect(lines.map(({ kind }) => kind)).toEqual(["fixed", "unknown"]);
    expect(lines[1]!.reason).toContain("decided in the cluster");
  });

  it.each([
    ["tier-xl", 1.65],
    ["tier-2xl", 3.4],
    ["tier-4xl", 6.9],
    ["tier-8xl", 13.9],
  ])("goes by the tier of a provisioned control plane: %s at %d an hour", (tier, usd) => {
    const lines = cluster({ version: "1.35", controlPlaneScalingConfig: { tier } }, "2026-11-24");
    expect(Number(lines[1]!.unitPriceUsd)).toBe(usd);
  });

  it.each(["tier-99xl", "constructor", UNKNOWN])("is unknown for the tier %s", (tier) => {
    const lines = cluster({ version: "1.35", controlPlaneScalingConfig: { tier } }, "2026-11-24");
    expect(lines[1]).toMatchObject({ what: "provisioned control plane", kind: "unknown" });
    expect(
      cluster({ version: "1.35", controlPlaneScalingConfig: { tier: "standard" } }, "2026-11-24"),
    ).toHaveLength(1);
  });
});

describe("a scaling group", () => {
  const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "t", {
    name: "t",
    instanceType: "m6i.large",
    instanceMarketOptions: { marketType: "spot" },
    blockDeviceMappings: [{ ebs: { volumeType: "gp2", volumeSize: 10 } }],
  });
  const group = (props: object) =>
    resource("aws:autoscaling/group:Group", "g", { minSize: 1, maxSize: 4, ...props });
  const lines = (...parts: ReturnType<typeof resource>[]) => linesOf(bill(graphOf(...parts)), "g");

  it("buys as its template says, and expects its least where no size is desired", () => {
    const [instances, volumes] = lines(template, group({ launchTemplate: { name: "t" } }));
    expect(instances).toMatchObject({
      what: "m6i.large spot",
      quantity: { min: 730, expected: 730, max: 2920 },
    });
    expect(instances!.reason).toContain("no spot price of m6i.large");
    expect(volumes).toMatchObject({
      what: "root volumes (gp2)",
      quantity: { min: 10, expected: 10, max: 40 },
    });
  });

  it("of an older kind is read by its launch configuration; what it starts is unknown without one", () => {
    const configuration = resource("aws:ec2/launchConfiguration:LaunchConfiguration", "c", {
      name: "c",
      rootBlockDevice: { volumeType: "gp3", volumeSize: 20 },
    });
    const found = lines(configuration, group({ launchConfiguration: "c" }));
    expect(found.find(({ unit }) => unit === "GB-month")!.quantity!.max).toBe(80);
    expect(lines(group({}))).toMatchObject([{ kind: "unknown" }, { kind: "unknown" }]);
  });

  it("mixes capacities: all On-Demand by default, half and half above the base where it says so", () => {
    const mixed = (distribution: object) =>
      lines(
        template,
        group({
          desiredCapacity: 3,
          mixedInstancesPolicy: {
            launchTemplate: {
              launchTemplateSpecification: { launchTemplateName: "t" },
              overrides: [{ instanceType: "g6e.xlarge" }],
            },
            instancesDistribution: distribution,
          },
        }),
      ).filter(({ unit }) => unit === "instance-hour");
    expect(mixed({})).toMatchObject([{ what: "g6e.xlarge on-demand", quantity: { expected: 2190 } }]);
    expect(mixed({ onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 50 })).toMatchObject([
      { what: "g6e.xlarge on-demand", quantity: { min: 730, expected: 1460, max: 1825 } },
      { what: "g6e.xlarge spot", quantity: { min: 0, expected: 730, max: 1095 } },
    ]);
  });
});
