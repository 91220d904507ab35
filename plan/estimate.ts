/** A figure with the honest room around it: low ≤ expected ≤ high. */
export interface Estimate {
  low: number;
  expected: number;
  high: number;
}
