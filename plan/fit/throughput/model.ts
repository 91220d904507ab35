import type { MeasuredThroughput } from "../types.ts";
import type { Factors } from "./factors.ts";
import { type Kernel, Kriging, type Place } from "./kriging.ts";
import { type Physical, physical, placeOf } from "./physical.ts";
import type { ThroughputInput } from "./terms.ts";

/** A measured row beside what the physical model makes of it. */
export interface FittedRow {
  row: MeasuredThroughput;
  place: Place;
  /** ln(measured / physical). */
  error: number;
}

/** How far a band reaches, in deviations, and the share of rows that lay inside when none was judged by itself. */
export interface Band {
  deviations: number;
  /** Most that high may be of low. */
  widest: number;
  coveragePct: number;
  rows: number;
}

/** near: rows of the same model and card are known; new: none are. Mixtures of experts scatter more. */
export type Bands = Record<"near" | "new", Record<"dense" | "experts", Band>>;

export function bandFor(bands: Bands[keyof Bands], { place }: Pick<Prediction, "place">): Band {
  return place.hasExperts ? bands.experts : bands.dense;
}

/** The throughput model: factors of the physical terms, and the measured errors that correct them. */
export interface Fitted {
  factors: Factors;
  kernel: Kernel;
  bands: Bands;
  rows: FittedRow[];
}

export interface Prediction {
  place: Place;
  physical: Physical;
  outputTokensPerSecond: number;
  /** Standard deviation of the natural logarithm of the rate. */
  deviation: number;
  /** Whether a row of the same model on the same card is among the measured ones. */
  isNear: boolean;
  /** The measured row that weighs most. */
  nearest: FittedRow | null;
}

/** Makes a predictor of a fitted model; the work of solving for the corrections is done once, here. */
export function predictor(fitted: Pick<Fitted, "factors" | "kernel" | "rows">) {
  const { factors, kernel, rows } = fitted;
  const kriging = new Kriging(
    kernel,
    rows.map((row) => row.place),
    rows.map((row) => row.error),
  );
  return (input: ThroughputInput): Prediction => {
    const found = physical(input, factors);
    const place = placeOf(input);
    const { mean, deviation, nearest } = kriging.at(place);
    return {
      place,
      physical: found,
      outputTokensPerSecond: found.outputTokensPerSecond * Math.exp(mean),
      deviation,
      isNear: rows.some((row) => row.place.model === place.model && row.place.gpu === place.gpu),
      nearest: rows[nearest] ?? null,
    };
  };
}
