import { describe, expect, it } from "vitest";
import { formatError, parseStack } from "../../config/index.ts";
import { planStack } from "../../plan/index.ts";
import { STACK } from "../config/stack.ts";

const read = (extra: string, more = "") =>
  parseStack(
    `${STACK.replace("      replicas:", `${extra}\n      replicas:`)
      .replace("min: 1", "min: 2")
      .replace("max: 2", "max: 4")}${more}`,
    "s.yaml",
  );
const pools = (extra: string) => {
  const stack = read(extra);
  if (!stack.ok) throw new Error(JSON.stringify(stack.errors));
  const plan = planStack(stack.spec, { stack: "s" });
  const rows = plan.nodePools.filter(({ role }) => role === "gpu");
  return rows.map(({ name, capacity, provisioner, nodes, peakNodes }) => [
    ...[name, capacity, provisioner],
    ...[nodes.min, nodes.max, peakNodes],
  ]);
};

describe("spot nodes with an On-Demand floor", () => {
  it("are a managed group of On-Demand nodes, and spot nodes above it", () => {
    expect(pools("      capacity: spot\n      onDemandReplicas: 1")).toEqual([
      ["chat-floor", "on-demand", "managed", 1, 1, 1],
      ["chat-elastic", "spot", "karpenter", 1, 3, 3],
    ]);
    expect(pools("      capacity: spot")).toEqual([["chat-elastic", "spot", "karpenter", 2, 4, 4]]);
  });

  it.each([
    ["      onDemandReplicas: 1", "", /counts with capacity spot only/],
    ["      capacity: spot\n      onDemandReplicas: 3", "", /onDemandReplicas 3 is above replicas.min 2/],
    [
      "      capacity: spot\n      onDemandReplicas: 1",
      "  freehold:schedule: { days: [Mon] }\n",
      /a schedule takes every replica away/,
    ],
  ])("are refused where they cannot be (%#)", (extra, more, message) => {
    const stack = read(extra, more);
    expect(stack.ok ? "" : stack.errors.map(formatError).join()).toMatch(message);
  });
});
