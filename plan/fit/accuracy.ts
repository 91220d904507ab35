import type { ModelShape } from "../../catalog/index.ts";

/**
 * Share of the measured vLLM rows whose output rate lay inside the printed range, per cent; null = not measured.
 * `npm run calibrate` prints these figures, and a test holds them to the table.
 */
export const COVERAGE_PCT: { dense: number | null; moe: number | null } = { dense: null, moe: null };

export function coverage(shape: ModelShape): number | null {
  return shape.moeExperts === null ? COVERAGE_PCT.dense : COVERAGE_PCT.moe;
}
