import { fitFactors, type Observation } from "../../plan/fit/throughput/factors.ts";
import { familyOf, type Kernel } from "../../plan/fit/throughput/kriging.ts";
import { type FittedRow, type Prediction, predictor } from "../../plan/fit/throughput/model.ts";
import { physical, placeOf } from "../../plan/fit/throughput/physical.ts";
import { stepOf, termsOf } from "../../plan/fit/throughput/terms.ts";
import { answerLengths, rateOfRun } from "./arrivals.ts";
import type { Sample } from "./throughput-rows.ts";

/**
 * Chosen by hand, once, as round numbers near the best errors of held-out runs; they are the same in every fold.
 * Halving or doubling any of them but `familyOnGpu` moves the median error of held-out runs by at most one point and
 * its 90th percentile by five.
 */
export const KERNEL: Kernel = {
  trend: 3,
  modelTrend: 0.02,
  gpu: 0.005,
  model: 0.01,
  familyOnGpu: 0.01,
  noise: 0.015,
  reach: 12,
};

/** A sample beside what a model that never saw its run says of it. */
export interface Judged {
  sample: Sample;
  prediction: Prediction;
  /** Predicted output tokens per second of the run. */
  predicted: number;
  /** predicted / measured - 1. */
  error: number;
}

/** Factors and corrections from a set of rows. */
export function train(samples: readonly Sample[]) {
  // A run that the clients pace says nothing about the engine's own rate.
  const own = samples.filter(({ arrivals }) => arrivals === null);
  const observations = own.map(({ input, row }): Observation => {
    const step = stepOf(input);
    return {
      ...termsOf(input, step),
      streams: step.streams * input.data,
      outputTokensPerSecond: row.outputTokensPerSecond,
    };
  });
  const factors = fitFactors(observations);
  const rows = own.map(({ input, row }): FittedRow => {
    const { outputTokensPerSecond } = physical(input, factors);
    return { row, place: placeOf(input), error: Math.log(row.outputTokensPerSecond / outputTokensPerSecond) };
  });
  return { factors, kernel: KERNEL, rows };
}

function judge(sample: Sample, predict: ReturnType<typeof predictor>): Judged {
  const { input, arrivals, row } = sample;
  const prediction = predict(input);
  let predicted = prediction.outputTokensPerSecond;
  if (arrivals) {
    const known = new Map<number, number>();
    const rateAt = (running: number) => {
      const rate =
        known.get(running) ??
        predict({ ...input, load: { ...input.load, concurrency: running } }).outputTokensPerSecond;
      known.set(running, rate);
      return rate;
    };
    predicted = rateOfRun(
      arrivals,
      answerLengths(arrivals.requests, row.outputTokens, sample.isSpread),
      rateAt,
    );
  }
  return { sample, prediction, predicted, error: predicted / row.outputTokensPerSecond - 1 };
}

/** Each run judged by a model trained on all others. */
export function nearGround(samples: readonly Sample[]): Judged[] {
  return folds(
    samples,
    ({ run }) => run,
    () => true,
  );
}

/** Each source judged by a model trained on other sources, without any row of its models on its cards. */
export function newGround(samples: readonly Sample[]): Judged[] {
  const pair = ({ row }: Sample) => `${row.model} on ${row.gpu}`;
  return folds(
    samples,
    ({ row }) => row.source,
    (row, held) => !held.some((other) => pair(other) === pair(row)),
  );
}

function folds(
  samples: readonly Sample[],
  key: (sample: Sample) => string,
  mayTrain: (sample: Sample, held: readonly Sample[]) => boolean,
): Judged[] {
  return [...new Set(samples.map(key))].flatMap((name) => {
    const held = samples.filter((sample) => key(sample) === name);
    const rest = samples.filter((sample) => key(sample) !== name && mayTrain(sample, held));
    const predict = predictor(train(rest));
    return held.map((sample) => judge(sample, predict));
  });
}

/** The family of a sample, for tables. */
export function family({ input }: Sample): string {
  return familyOf(input.shape.repo);
}
