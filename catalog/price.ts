import { nearest } from "../config/nearest.ts";
import type { openCatalog } from "./catalog.ts";
import type { InstancePrice } from "./types.ts";
import { FREEHOLD_VERSION } from "./version.ts";

export interface PriceDocument {
  schema: "freehold.price/v1";
  freeholdVersion: string;
  catalogAsOf: string;
  instance: string;
  region: string;
  /** Decimal string at source precision; null with `reason`. */
  onDemandUsdPerHour: string | null;
  source: string | null;
  asOf: string | null;
  reason: InstancePrice["reason"];
  /** Regions with a known On-Demand price. */
  regionsWithPrice: string[];
}

export interface PriceError {
  code: "unknown-instance" | "unknown-region";
  value: string;
  nearest: string[];
}

type PriceSource = Pick<
  ReturnType<typeof openCatalog>,
  "instance" | "instances" | "instancePrice" | "region" | "regions" | "regionsWithPrice" | "catalogAsOf"
>;

/**
 * The answer of `freehold price`: what an instance costs per hour in a region, or which of the two names is not
 * known and what was probably meant. A known instance without a price there is an answer, not an error.
 */
export function priceDocumentFrom(
  catalog: PriceSource,
  instance: string,
  region: string,
): PriceDocument | PriceError {
  const row = catalog.instance(instance);
  if (!row) {
    const types = catalog.instances().map(({ type }) => type);
    return { code: "unknown-instance", value: instance, nearest: nearest(instance, types, 3) };
  }
  if (!catalog.region(region)) {
    const names = catalog.regions().map((known) => known.region);
    return { code: "unknown-region", value: region, nearest: nearest(region, names, 3) };
  }
  const { onDemandUsdPerHour, source, asOf, reason } = catalog.instancePrice(row.type, region);
  return {
    schema: "freehold.price/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: catalog.catalogAsOf(),
    instance: row.type,
    region,
    onDemandUsdPerHour,
    source,
    asOf,
    reason,
    regionsWithPrice: catalog.regionsWithPrice(row.type),
  };
}
