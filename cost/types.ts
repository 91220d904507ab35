/** An amount in the three cases; decimal strings with six places. */
export interface Range3 {
  min: string;
  expected: string;
  max: string;
}
export interface Quantity3 {
  min: number;
  expected: number;
  max: number;
}

export interface BillLine {
  /** URN of the resource, or "plan:<what>" for what only the plan knows (Karpenter nodes, owned hardware). */
  resource: string;
  type: string;
  what: string;
  quantity: Quantity3 | null;
  unit: string;
  unitPriceUsd: string | null;
  monthlyUsd: Range3 | null;
  kind: "fixed" | "usage" | "unknown" | "free";
  reason: string | null;
  source: string | null;
  asOf: string | null;
}

export interface BillDocument {
  schema: "freehold.bill/v1";
  freeholdVersion: string;
  catalogAsOf: string;
  currency: "USD";
  hoursPerMonth: 730;
  /** Dates of the price-list prices used; null with the reason where there are none. */
  pricesAsOf: { oldest: string | null; newest: string | null; reason: string | null };
  lines: BillLine[];
  totals: {
    monthlyUsd: Range3;
    fixedUsd: Range3;
    usageUsd: Range3;
    perMillionTokensUsd: Range3 | null;
    perMillionTokensReason: string | null;
    resources: { total: number; priced: number; partial: number; free: number; unknown: number };
  };
  budget: {
    basis: "expected" | "max";
    monthlyUsd: string | null;
    perMillionTokensUsd: string | null;
    growthPct: number | null;
    status: "under" | "over" | "none";
    reasons: string[];
  };
  /** Price-age and other warnings for standard error and text output. */
  warnings: string[];
}
