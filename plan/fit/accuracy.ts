import type { ModelShape } from "../../catalog/index.ts";
import type { ThroughputEstimate } from "./types.ts";

/** Kinds of estimate whose accuracy is counted apart. */
export type CoverageKind = "dense roofline" | "dense interpolated" | "moe roofline" | "moe interpolated";

/**
 * Share of the measured vLLM rows whose output rate lay inside the printed range, per cent. Interpolated: each row
 * leans on the others, never on itself. The constants of the roofline were fitted on the same rows. `npm run calibrate` prints these figures, and a test holds them to the table.
 */
export const COVERAGE_PCT: Record<CoverageKind, number> = {
  "dense roofline": 73,
  "dense interpolated": 88,
  "moe roofline": 63,
  "moe interpolated": 94,
};

export function coverageOf(shape: ModelShape, basis: ThroughputEstimate["basis"]): CoverageKind {
  return `${shape.moeExperts === null ? "dense" : "moe"} ${basis === "roofline" ? "roofline" : "interpolated"}`;
}
