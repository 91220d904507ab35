import type { Resource } from "../graph/index.ts";
import { lookup, type Props } from "../graph/index.ts";
import type { HardwarePlan, NodePool, StackPlan } from "../plan/index.ts";
import {
  between,
  type Context,
  exactly,
  HOURS_PER_MONTH,
  instanceHour,
  type NotKnown,
  type Priced,
  times,
} from "./components/component.ts";
import { readVolume, type Volume, volumeComponents } from "./components/volume.ts";
import { exact, multiply, quotient } from "./decimal.ts";
import { annuity } from "./hardware.ts";
import { type DraftLine, makeLine } from "./line.ts";
import { decimalText } from "./money.ts";

const POOL_TYPE = "freehold:plan:NodePool";
const HARDWARE_TYPE = "freehold:plan:Hardware";

/**
 * Lines of what only the plan knows: nodes that Karpenter will start, and owned hardware. Nodes of managed
 * groups are resources of the graph and are counted there.
 */
export function planLines(plan: StackPlan, context: Context, date: string): DraftLine[] {
  const lines = plan.nodePools.flatMap((pool) => {
    if (pool.provisioner === "karpenter") return plan.kubernetes ? karpenterLines(pool, plan, context) : [];
    return pool.provisioner === "existing" ? [existingLine(pool, plan)] : [];
  });
  return plan.hardware ? [...lines, ...hardwareLines(plan.hardware, date)] : lines;
}

function karpenterLines(pool: NodePool, plan: StackPlan, context: Context): DraftLine[] {
  const resource = `plan:node-pool:${pool.name}`;
  const capacity = pool.capacity === "spot" ? "spot" : "on-demand";
  const base = { resource, type: POOL_TYPE, kind: "usage" as const };
  const instances = makeLine({
    ...base,
    what: `${pool.instance ?? "instances"} ${capacity}`,
    unit: "instance-hour",
    price: pool.instance
      ? instanceHour(pool.instance, capacity, context)
      : { unknown: "the pool has no instance type" },
    quantity: times(pool.nodes, HOURS_PER_MONTH),
    reason: pool.why,
  });
  const volume = poolVolume(pool, plan);
  const stand = standIn(resource);
  const volumes = volumeComponents("root volumes", () => ({ volume, count: pool.nodes }), "usage").flatMap(
    (component) => {
      const quantity = component.quantity(stand, context);
      if (quantity === null) return [];
      const { unit } = component;
      const price = component.price(stand, context);
      return [makeLine({ ...base, what: String(component.what), unit, price, quantity, reason: null })];
    },
  );
  return [instances, ...volumes];
}

/** The root volume by the pool's node class, which Karpenter reads; by the pool's own size where there is none. */
function poolVolume(pool: NodePool, plan: StackPlan): Volume | NotKnown {
  const pair = plan.kubernetes?.karpenter.find(
    ({ nodePool }) => `${nodePool.metadata.name}-elastic` === pool.name,
  );
  const ebs = lookup(pair?.nodeClass, "spec.blockDeviceMappings[0].ebs");
  if (ebs.state === "known")
    return readVolume(ebs.value as Props, { type: "volumeType", size: "volumeSize" });
  return { type: "gp3", gib: pool.volumeGib, iops: null, mibps: null };
}

function standIn(urn: string): Resource {
  return {
    urn,
    type: POOL_TYPE,
    name: urn,
    custom: false,
    props: {},
    outputs: null,
    parent: null,
    provider: null,
    refs: {},
    dependencies: [],
    protect: false,
  };
}

/** Nodes of a cluster that exists are paid somewhere: as the owned hardware of the stack file, or unknown to us. */
function existingLine(pool: NodePool, plan: StackPlan): DraftLine {
  const owned = plan.hardware !== null;
  const nothing: Priced = { unitPriceUsd: "0", source: null, asOf: null, note: null };
  return makeLine({
    resource: `plan:node-pool:${pool.name}`,
    type: POOL_TYPE,
    what: "nodes of the cluster",
    unit: "node",
    kind: "free",
    price: owned ? nothing : { unknown: "what the nodes cost is not known; state it as `hardware`" },
    quantity: between(pool.nodes.min, pool.nodes.expected, pool.nodes.max),
    reason: owned ? "owned; the hardware is priced as a whole" : null,
  });
}

function hardwareLines(hardware: HardwarePlan, date: string): DraftLine[] {
  const line = (
    what: string,
    unit: string,
    quantity: number,
    unitPriceUsd: string,
    asOf: string,
    reason: string,
  ) =>
    makeLine({
      resource: "plan:hardware",
      type: HARDWARE_TYPE,
      what,
      unit,
      kind: "fixed",
      price: { unitPriceUsd, source: hardware.source, asOf, note: null },
      quantity: exactly(quantity),
      reason,
    });
  const { purchaseUsd, salvagePct, interestPct, years, powerWatts, pue, sparesPctPerYear } = hardware;
  const bought = hardware.purchasedOn ?? date;
  return [
    line(
      "purchase",
      "month",
      1,
      annuity(purchaseUsd, salvagePct, interestPct, years),
      bought,
      `annuity of ${purchaseUsd} USD less ${salvagePct}% salvage at ${interestPct}% interest over ${years} years`,
    ),
    line(
      "electricity",
      "kWh",
      (powerWatts * pue * HOURS_PER_MONTH) / 1000,
      decimalText(hardware.usdPerKwh),
      date,
      `${powerWatts} W, power usage effectiveness ${pue}, all hours of the month`,
    ),
    line(
      "colocation",
      "month",
      1,
      decimalText(hardware.colocationUsdPerMonth),
      date,
      "as stated in the stack file",
    ),
    ...(sparesPctPerYear === 0
      ? []
      : [
          line(
            "spares",
            "month",
            1,
            quotient(multiply(exact(purchaseUsd), exact(sparesPctPerYear)), exact(1200), 6),
            date,
            `${sparesPctPerYear}% of ${purchaseUsd} USD a year, as stated in the stack file`,
          ),
        ]),
    line(
      "people",
      "engineer-hour",
      hardware.engineerHoursPerMonth,
      decimalText(hardware.usdPerEngineerHour),
      date,
      "as stated in the stack file",
    ),
  ];
}
