import type { ServicePrice } from "../../catalog/index.ts";
import { HOURS_PER_MONTH } from "../components/component.ts";
import { amount } from "../money.ts";
import type { Market } from "../offers/index.ts";

/**
 * What stands around the GPU nodes of one cluster, whatever the load: control plane, one NAT gateway with its
 * address, a load balancer with two, two small nodes with their disks, a key, and a little of logs.
 */
const LINES: readonly { key: string; quantity: number }[] = [
  { key: "eks.cluster.hour", quantity: HOURS_PER_MONTH },
  { key: "nat.hour", quantity: HOURS_PER_MONTH },
  { key: "ipv4.hour", quantity: 3 * HOURS_PER_MONTH },
  { key: "alb.hour", quantity: HOURS_PER_MONTH },
  { key: "ebs.gp3.gb-month", quantity: 100 },
  { key: "kms.key-month", quantity: 1 },
  { key: "logs.ingest.gb", quantity: 10 },
];
const SYSTEM_NODE = "m6i.large";
const SYSTEM_NODES = 2;

/** @returns micro-dollars of a month, or the names of the prices that a region lacks */
export function platformMonth(
  book: Pick<Market, "instancePrice"> & { servicePrice(key: string, region: string): ServicePrice | null },
  region: string,
): bigint | { missing: string[] } {
  const missing: string[] = [];
  let sum = 0n;
  for (const { key, quantity } of LINES) {
    const row = book.servicePrice(key, region);
    if (row) sum += amount(quantity, row.unitPriceUsd);
    else missing.push(key);
  }
  const node = book.instancePrice(SYSTEM_NODE, region).onDemandUsdPerHour;
  if (node === null) missing.push(SYSTEM_NODE);
  else sum += amount(SYSTEM_NODES * HOURS_PER_MONTH, node);
  return missing.length > 0 ? { missing } : sum;
}
