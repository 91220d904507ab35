import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAMILIES } from "../../cost/components/index.ts";
import { addRanges, formatRange, parseRange } from "../../cost/index.ts";
import { SECRET, UNKNOWN } from "../../graph/index.ts";
import { bill, billed, graphOf, linesOf, nodeGroup, resource } from "./fixtures.ts";
import { CASES } from "./worked/cases.ts";

const TYPES = FAMILIES.flatMap(([family, table]) => (family === "Free" ? [] : Object.keys(table)));

/** Names that the tables read, so that odd values land where they are looked at. */
const NAMES = [
  "instanceType",
  "instanceTypes",
  "scalingConfig",
  "minSize",
  "maxSize",
  "desiredSize",
  "desiredCapacity",
  "mixedInstancesPolicy",
  "instancesDistribution",
  "onDemandBaseCapacity",
  "launchTemplate",
  "overrides",
  "name",
  "size",
  "type",
  "iops",
  "throughput",
  "volumeType",
  "volumeSize",
  "rootBlockDevice",
  "blockDeviceMappings",
  "ebs",
  "version",
  "controlPlaneScalingConfig",
  "tier",
  "computeConfig",
  "enabled",
  "vpcEndpointType",
  "subnetIds",
  "subnets",
  "subnetMappings",
  "loadBalancerType",
  "internal",
  "retentionInDays",
  "period",
  "schedule",
  "expression",
  "rules",
  "statement",
  "managedRuleGroupStatement",
  "desiredCount",
  "launchType",
  "cpu",
  "memory",
  "memorySize",
  "architectures",
  "billingMode",
  "allocatedStorage",
  "storageType",
  "instanceClass",
  "engine",
  "multiAz",
  "shardCount",
  "retentionDays",
  "retentionPeriod",
  "instanceCount",
  "spec",
  "resources",
  "requests",
  "storage",
  "storageClassName",
  "capacityProviderStrategies",
  "serverlessv2ScalingConfiguration",
  "minCapacity",
];
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    UNKNOWN,
    SECRET,
    null,
    true,
    -1,
    0,
    1e300,
    1e13,
    Number.MAX_SAFE_INTEGER,
    "",
    "-5",
    "NaN",
    "Infinity",
    "1e400",
    "9".repeat(400),
    "gp3",
    "constructor",
    "__proto__",
    "io2",
    "100Gi",
    "FARGATE",
    "PAY_PER_REQUEST",
    "rate(0 minutes)",
    "rate(5 parsecs)",
  ),
  fc.double(),
  fc.string({ maxLength: 8 }),
);
const { props } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("props")),
  props: fc.dictionary(fc.constantFrom(...NAMES), tie("value"), { maxKeys: 6 }),
})) as { props: fc.Arbitrary<Record<string, unknown>> };

describe("resources of any content", () => {
  it("never break the bill, never cost less than nothing, and add up", () => {
    const one = fc.tuple(fc.constantFrom(...TYPES), props);
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (all) => {
        const graph = graphOf(...all.map(([type, inputs], index) => resource(type, `r${index}`, inputs)));
        const document = bill(graph);
        let sum = parseRange({ min: "0", expected: "0", max: "0" });
        for (const line of document.lines) {
          expect(line.monthlyUsd === null).toBe(line.kind === "unknown");
          if (line.kind === "unknown") expect(line.reason, line.type).toMatch(/\w/);
          if (!line.monthlyUsd) continue;
          const usd = parseRange(line.monthlyUsd);
          expect(0n <= usd.min && usd.min <= usd.expected && usd.expected <= usd.max, line.type).toBe(true);
          sum = addRanges(sum, usd);
        }
        expect(document.totals.monthlyUsd).toEqual(formatRange(sum));
        expect(document.totals.resources.total).toBe(all.length);
      }),
      { numRuns: 1500 },
    );
  });

  it("of every type, with no inputs at all, have a line that says something", () => {
    for (const type of TYPES) {
      const lines = linesOf(billed(resource(type, "bare")), "bare");
      expect(lines.length, type).toBeGreaterThan(0);
      for (const line of lines) if (line.kind === "unknown") expect(line.reason, type).toMatch(/\w{3}/);
    }
  });
});

describe("the worked resources together", () => {
  it("cost what they cost alone: nothing is shared and nothing is lost", () => {
    const names = Object.keys(CASES);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 12 }), (chosen) => {
        // These look at each other: a rule at its bus, a flow log at its group.
        const kept = chosen.filter((name) => !["event-rule", "flow-log"].includes(name));
        const parts = kept.map((name) => CASES[name]!);
        const alone = parts
          .map((part) => parseRange(bill(graphOf(...part)).totals.monthlyUsd))
          .reduce(addRanges, parseRange({ min: "0", expected: "0", max: "0" }));
        expect(bill(graphOf(...parts.flat())).totals.monthlyUsd).toEqual(formatRange(alone));
      }),
      { numRuns: 60 },
    );
  });
});

describe("more of something", () => {
  const sized: [string, (size: number) => ReturnType<typeof resource>[]][] = [
    [
      "a volume",
      (size) => [resource("aws:ebs/volume:Volume", "v", { type: "gp3", size, iops: 3000 + size })],
    ],
    [
      "an io2 volume",
      (size) => [resource("aws:ebs/volume:Volume", "v", { type: "io2", size: 500, iops: size * 40 })],
    ],
    ["shards", (size) => [resource("aws:kinesis/stream:Stream", "s", { shardCount: size })]],
    ["memory", (size) => [resource("aws:lambda/function:Function", "f", { memorySize: size })]],
    ["retention", (size) => [resource("aws:cloudwatch/logGroup:LogGroup", "l", { retentionInDays: size })]],
    [
      "rules",
      (size) => [
        resource("aws:wafv2/webAcl:WebAcl", "w", { rules: Array.from({ length: size % 50 }, () => ({})) }),
      ],
    ],
    ["nodes", (size) => nodeGroup("n", { min: size, desired: size, max: size })],
  ];
  it.each(sized)("%s never costs less", (name, build) => {
    const limit = name === "rules" ? 49 : 2000;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: limit }), fc.integer({ min: 1, max: limit }), (a, b) => {
        const usd = (size: number) => parseRange(bill(graphOf(...build(size))).totals.monthlyUsd).expected;
        expect(usd(Math.max(a, b)) >= usd(Math.min(a, b))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
