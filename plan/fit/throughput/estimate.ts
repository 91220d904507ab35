import type { Load, MeasuredThroughput, Range, ThroughputEstimate } from "../types.ts";
import { fitted } from "./fitted.ts";
import { type Band, bandFor, type Prediction, predictor } from "./model.ts";
import { physical } from "./physical.ts";
import type { ThroughputInput } from "./terms.ts";

let shipped: ((input: ThroughputInput) => Prediction) | undefined;

/**
 * Mean wait of a request beyond the admitted ones, as a share of the time in which all of them are answered: half when
 * they come at once, all of it when each answer is followed by the next request.
 */
const FIRST_TOKEN_WAIT: Range = { low: 0.3, expected: 0.6, high: 1.2 };

/** Doublings of concurrency and lengths within which a measured row is the same load. */
const SAME_LOAD = 0.15;

/**
 * Output rate, latencies and requests per second of one replica under a load.
 *
 * The rate is that of the physical model (`terms.ts`) times the correction that the measured rows give at this place
 * (`kriging.ts`). `basis` says on what it rests: `measured`, a row of this very configuration; `interpolated`, other
 * loads of this model on this card; `roofline`, neither. The band holds `coveragePct` per cent of measured rows that
 * the model had not seen (`npm run accuracy`).
 */
export function throughput(input: ThroughputInput): ThroughputEstimate {
  const { factors, bands } = fitted();
  shipped ??= predictor(fitted());
  const found = shipped(input);
  const band = bandFor(found.isNear ? bands.near : bands.new, found);
  const output = spread(found, band);
  const { load } = input;
  const running = Math.min(load.concurrency, input.admitted * input.data);
  const streams = Math.min(running, found.physical.step.streams * input.data);
  const latency = (rate: number) => (streams / rate) * 1e3;
  const isSame = found.isNear && found.nearest !== null && isSameConfiguration(input, found.nearest.row);

  const alone = physical({ ...input, load: { ...load, outputTokens: 1, concurrency: 1 } }, factors);
  const waiting = ((load.concurrency - running) * load.outputTokens * 1e3) / output.expected;
  // A prompt alone at best; all prompts of the running requests before it at worst; measured means lie near the root.
  const prompts = { low: 0.8, expected: Math.sqrt(running), high: 1 + running };
  const first = (key: keyof Range) =>
    alone.seconds * 1e3 * prompts[key] +
    Math.max(0, waiting) * FIRST_TOKEN_WAIT[key] +
    latency(output.expected);
  return {
    outputTokensPerSecond: output,
    interTokenLatencyMs: {
      low: latency(output.high),
      expected: latency(output.expected),
      high: latency(output.low),
    },
    timeToFirstTokenMs: { low: first("low"), expected: first("expected"), high: first("high") },
    requestsPerSecond: {
      low: output.low / load.outputTokens,
      expected: output.expected / load.outputTokens,
      high: output.high / load.outputTokens,
    },
    coveragePct: band.coveragePct,
    basis: isSame ? "measured" : found.isNear ? "interpolated" : "roofline",
    anchor: found.isNear ? (found.nearest?.row ?? null) : null,
  };
}

/** The band of a prediction: symmetric in the logarithm, and no wider than the band allows. */
export function spread({ outputTokensPerSecond, deviation }: Prediction, band: Band): Range {
  const factor = Math.min(Math.exp(band.deviations * deviation), Math.sqrt(band.widest));
  return {
    low: outputTokensPerSecond / factor,
    expected: outputTokensPerSecond,
    high: outputTokensPerSecond * factor,
  };
}

function isSameConfiguration(input: ThroughputInput, row: MeasuredThroughput): boolean {
  return (
    row.repo === input.shape.repo &&
    row.quantization === input.format.name &&
    row.tensorParallel === input.tensor &&
    row.gpus === input.tensor * input.pipeline * input.data &&
    distance(row, input.load) < SAME_LOAD
  );
}

/** Distance of a row from a load in doublings of concurrency and lengths. */
function distance(row: MeasuredThroughput, load: Load): number {
  const doublings = (a: number, b: number) => Math.abs(Math.log2(Math.max(1, a) / Math.max(1, b)));
  return (
    2 * doublings(row.concurrency, load.concurrency) +
    doublings(row.inputTokens, load.inputTokens) +
    doublings(row.outputTokens, load.outputTokens)
  );
}
