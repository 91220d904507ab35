import type { CostComponent, PriceBook } from "./components/component.ts";
import { FAMILIES } from "./components/index.ts";
import type { UsageKey } from "./usage-defaults.ts";

/** Regions in which a type has to have every price to count as covered. */
export const HELD_REGIONS = ["us-east-1", "eu-central-1"] as const;

/** One row of a type's table, as far as it can be said without a resource. */
export interface CoverageRow {
  /** null where the words depend on the resource, as for instances. */
  what: string | null;
  unit: string;
  kind: CostComponent["kind"];
  /** Keys of service prices; empty for what is priced by instance type. */
  keys: readonly string[];
  byInstance: boolean;
  uses: readonly UsageKey[];
  /** Why it is free, or why it has no price; null for what is priced. */
  why: string | null;
  /** Regions of the two without a price, as the table declares. */
  gaps: readonly string[];
}

export interface TypeCoverage {
  type: string;
  family: string;
  /**
   * `covered`: has prices in both regions, but for the gaps that its rows declare; `free`: nothing of it is charged
   * here; `unknown`: it costs money for which there is no price in both regions.
   */
  state: "covered" | "free" | "unknown";
  rows: readonly CoverageRow[];
  /** Prices that are missing and not declared as gaps: a defect of the table. */
  missing: readonly { key: string; region: string }[];
}

const isMoney = (row: CoverageRow) => row.keys.length > 0 || row.byInstance;

function rowOf(component: CostComponent): CoverageRow {
  const { what, unit, kind, price, uses, gaps, byInstance, lacks, reason } = component;
  return {
    what: typeof what === "string" ? what : null,
    unit,
    kind,
    keys: price.keys ?? [],
    byInstance: byInstance ?? false,
    uses: uses ?? [],
    why: lacks ?? (kind === "free" && typeof reason === "string" ? reason : null),
    gaps: gaps ?? [],
  };
}

/** What the tables can price, type by type, held against a price book. */
export function coverage(prices: Pick<PriceBook, "servicePrice">): TypeCoverage[] {
  const known = (key: string, region: string) => {
    const row = prices.servicePrice(key, region);
    return row !== null && row.source !== "" && row.asOf !== "";
  };
  return FAMILIES.flatMap(([family, table]) =>
    Object.entries(table).map(([type, components]): TypeCoverage => {
      const rows = components.map(rowOf);
      const missing = rows.flatMap(({ keys, gaps }) =>
        keys.flatMap((key) =>
          HELD_REGIONS.filter((region) => !gaps.includes(region) && !known(key, region)).map((region) => ({
            key,
            region,
          })),
        ),
      );
      const priced = rows.some((row) => isMoney(row) && row.gaps.length === 0);
      const free = rows.every(({ kind }) => kind === "free");
      const state = free ? "free" : priced && missing.length === 0 ? "covered" : "unknown";
      return { type, family, state, rows, missing };
    }),
  );
}
