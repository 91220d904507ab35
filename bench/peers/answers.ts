import { predictor } from "../../plan/fit/throughput/model.ts";
import { answerLengths, rateOfRun } from "../accuracy/arrivals.ts";
import { type Arrivals, type Sample, throughputRows } from "../accuracy/throughput-rows.ts";
import { type Judged, nearGround, train } from "../accuracy/validate.ts";
import { type Answer, ask, type Estimate } from "./environment.ts";
import { batchesOf, copiesBeside, type Question, questionsOf, runningOf, type Setting } from "./questions.ts";
import { fourNumbers, type Rule, roofline } from "./rules.ts";

/** The first one counts; the others show what a choice of ours is worth. */
export const SETTINGS: readonly Setting[] = [
  "defaults",
  "ctx_tokens = max_num_batched_tokens",
  "kvcache_quant_mode inferred",
  "batch_size ≤ what Freehold admits",
];

export type Predictor = "freehold" | "roofline" | "fourNumbers";

/** A measured row beside all predictions; errors are predicted / measured - 1. */
export interface Row {
  sample: Sample;
  errors: Record<Predictor, number>;
  /** With its defaults; null = no answer. */
  peer: { error: number; mode: string } | null;
  reason: string | null;
  /** Errors of other ways to ask it; a way is absent where it has no answer. */
  otherwise: Map<string, number>;
  /** One for each estimate that its answer took. */
  seconds: number[];
}

/** Seconds an estimate of each of ours, one for each row. */
export type Seconds = Record<Predictor, number[]>;

export function predictAll(): { rows: Row[]; seconds: Seconds } {
  const { samples } = throughputRows();
  const asked = samples.flatMap((sample) => SETTINGS.flatMap((setting) => questionsOf(sample, setting)));
  const answers = ask(inOrder(asked));
  const rows = nearGround(samples).map((judged) => rowOf(judged, answers));
  return { rows, seconds: timed(samples) };
}

/** By system, so that a table read once serves all rows of a card. */
function inOrder(questions: readonly Question[]): Question[] {
  return questions.toSorted((a, b) => (a.system ?? "").localeCompare(b.system ?? ""));
}

function rowOf({ sample, error }: Judged, answers: Record<string, Answer>): Row {
  const share = (rate: number) => rate / sample.row.outputTokensPerSecond - 1;
  const [defaults, ...others] = SETTINGS.map((setting) =>
    questionsOf(sample, setting).map(({ key }) => answers[key]!),
  );
  const otherwise = new Map<string, number>();
  for (const [i, found] of others.entries())
    if (found.every(isEstimate)) otherwise.set(SETTINGS[i + 1]!, share(peerRate(sample, found, requestRate)));
  const row = {
    sample,
    errors: {
      freehold: error,
      roofline: share(ruleRate(sample, roofline)),
      fourNumbers: share(ruleRate(sample, fourNumbers)),
    },
  };
  const fault = defaults!.find((answer) => !isEstimate(answer));
  if (!defaults!.every(isEstimate))
    return {
      ...row,
      peer: null,
      reason: reasonOf((fault as { error: string }).error),
      otherwise,
      seconds: [],
    };
  otherwise.set("rate from its TTFT and TPOT", share(peerRate(sample, defaults!, latencyRate)));
  return {
    ...row,
    peer: { error: share(peerRate(sample, defaults!, requestRate)), mode: defaults![0]!.mode },
    reason: null,
    otherwise,
    seconds: defaults!.map(({ seconds }) => seconds),
  };
}

function isEstimate(answer: Answer): answer is Estimate {
  return !("error" in answer);
}

/** Its output rate leaves out the first token of each answer, which the measurements count: requests times length. */
const requestRate = ({ requestsPerSecond }: Estimate, { row }: Sample) =>
  requestsPerSecond * row.outputTokens;

/** How most rows of its own sample were derived: running requests over the time of one. */
const latencyRate = ({ ttftMs, tpotMs }: Estimate, sample: Sample, batch: number) => {
  const { outputTokens } = sample.row;
  const running = batch * (sample.input.data / copiesBeside(sample));
  return (1e3 * running * outputTokens) / (ttftMs + tpotMs * (outputTokens - 1));
};

function peerRate(
  sample: Sample,
  found: readonly Estimate[],
  rateOf: (estimate: Estimate, sample: Sample, batch: number) => number,
): number {
  const { arrivals, input } = sample;
  const points = batchesOf(sample).map((batch, i): [number, number] => [
    batch,
    copiesBeside(sample) * rateOf(found[i]!, sample, batch),
  ]);
  if (arrivals === null) return points[0]![1];
  return paced(sample, arrivals, (running) => between(points, running / input.data));
}

function ruleRate(sample: Sample, rule: Rule): number {
  const { arrivals, input } = sample;
  if (arrivals === null) return rule(input, runningOf(sample));
  return paced(sample, arrivals, (running) => rule(input, Math.min(running / input.data, input.admitted)));
}

/** Rate of a whole run that its clients pace, from the rate at each number of running requests. */
function paced({ row, isSpread }: Sample, arrivals: Arrivals, rateAt: (running: number) => number): number {
  return rateOfRun(arrivals, answerLengths(arrivals.requests, row.outputTokens, isSpread), rateAt);
}

/** Straight between known points in logarithms of both; the last one beyond them. */
export function between(points: readonly [number, number][], at: number): number {
  const after = points.findIndex(([batch]) => batch >= at);
  if (after === -1) return points.at(-1)![1];
  const [batch, rate] = points[after]!;
  if (batch === at || after === 0) return rate;
  const [before, slower] = points[after - 1]!;
  const share = Math.log(at / before) / Math.log(batch / before);
  return slower * (rate / slower) ** share;
}

/** The kind of an error, without the figures of the row. */
function reasonOf(error: string): string {
  const architecture = /architecture (\w+) is not supported/.exec(error)?.[1];
  if (architecture) return `architecture ${architecture} is not supported`;
  if (/OOM/.test(error)) return "its memory model says that model and batch do not fit";
  return error
    .replace(/^\w+: /, "")
    .split(/[,(]/)[0]!
    .slice(0, 110);
}

function timed(samples: readonly Sample[]): Seconds {
  const predict = predictor(train(samples));
  const of = (work: (sample: Sample) => unknown) =>
    samples.map((sample) => {
      const started = performance.now();
      work(sample);
      return (performance.now() - started) / 1e3;
    });
  return {
    freehold: of(({ input }) => predict(input)),
    roofline: of((sample) => roofline(sample.input, runningOf(sample))),
    fourNumbers: of((sample) => fourNumbers(sample.input, runningOf(sample))),
  };
}
