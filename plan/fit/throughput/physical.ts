import { type Factors, secondsOf } from "./factors.ts";
import { familyOf, type Place } from "./kriging.ts";
import { type Step, stepOf, type ThroughputInput, termsOf } from "./terms.ts";

/** What the physical model says of a configuration, before any correction by measured rows. */
export interface Physical {
  step: Step;
  /** Of one step. */
  seconds: number;
  /** Of all copies together. */
  outputTokensPerSecond: number;
}

/** Time of a step as the sum of its terms, and the rate that follows: `copies · streams / seconds`. */
export function physical(input: ThroughputInput, factors: Factors): Physical {
  const step = stepOf(input);
  const { terms, fixed } = termsOf(input, step);
  const seconds = secondsOf(terms, fixed, factors);
  return { step, seconds, outputTokensPerSecond: (input.data * step.streams) / seconds };
}

/** Doublings by which a run that ends when its last request does stands apart from a steady one. */
const BURST = 2;

/** Where a configuration stands among the measured ones. */
export function placeOf(input: ThroughputInput): Place {
  const { shape, load, parameters } = input;
  const running = Math.max(1, Math.min(load.concurrency / input.data, input.admitted));
  return {
    gpu: input.gpu.name,
    model: shape.repo.split("/").at(-1)!,
    family: familyOf(shape.repo),
    hasExperts: shape.moeExperts !== null,
    point: [
      Math.log2(running),
      Math.log2(load.inputTokens),
      Math.log2(load.outputTokens),
      Math.log2(parameters.active / 1e9),
      input.burst ? BURST : 0,
    ],
  };
}
