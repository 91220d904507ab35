import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { TERMS, type Term } from "./terms.ts";

/** One measured configuration: its terms, what the network adds, requests decoding at once, and the measured rate. */
export interface Observation {
  terms: readonly number[];
  fixed: number;
  /** Over all copies. */
  streams: number;
  outputTokensPerSecond: number;
}

/** Factors by which the terms of a step are multiplied. */
export type Factors = Record<Term, number>;

/** Where the fit starts and how far it may go: a factor, and the spread of its logarithm. */
const PRIOR: Record<Term, [factor: number, spread: number]> = {
  weights16: [1.33, 0.3],
  weights8: [1.33, 0.3],
  weights4: [1.67, 0.3],
  weights4First: [2.5, 0.3],
  experts: [1.67, 0.4],
  expertsUnpacked: [1.67, 0.4],
  kvCache: [2, 0.3],
  math16: [1.67, 0.4],
  math8: [2, 0.4],
  mathUnpacked: [2, 0.4],
  mathExperts16: [3.3, 0.4],
  mathExperts8: [3.3, 0.4],
  mathExpertsUnpacked: [3.3, 0.4],
  attention: [2.5, 0.4],
  step: [2, 0.8],
  layer: [2, 0.8],
  expertLayer: [2, 0.8],
  ranks: [1, 0.8],
  ranksPcie: [3, 0.8],
  reduce: [1.3, 0.3],
  reducePcie: [1.5, 0.8],
  sequence: [1, 0.8],
  firstEngineLayer: [6, 0.8],
};

/** Scatter of ln(measured / physical) beyond which a row loses weight. */
const SCATTER = 0.25;
const ITERATIONS = 60;

export function secondsOf(terms: readonly number[], fixed: number, factors: Factors): number {
  return TERMS.reduce((sum, name, i) => sum + factors[name] * terms[i]!, fixed);
}

/**
 * The factors that explain the observations best: least squares of `ln(streams / seconds) - ln(measured)`, a row far
 * off losing weight (soft L1), each factor held near its prior. Gauss-Newton on the logarithms of the factors, with
 * steps damped until they help (Levenberg and Marquardt).
 */
export function fitFactors(rows: readonly Observation[]): Factors {
  const prior = TERMS.map((name) => PRIOR[name]);
  let at = prior.map(([factor]) => Math.log(factor));
  let damping = 1e-3;
  let best = objective(rows, at);
  for (let i = 0; i < ITERATIONS; i++) {
    const { hessian, gradient } = normalEquations(rows, at);
    for (let j = 0; j < at.length; j++) hessian.set(j, j, hessian.get(j, j) * (1 + damping));
    const step = new CholeskyDecomposition(hessian).solve(Matrix.columnVector(gradient)).getColumn(0);
    const next = at.map((value, j) => value - step[j]!);
    const cost = objective(rows, next);
    if (cost < best) {
      const gain = best - cost;
      at = next;
      best = cost;
      damping = Math.max(1e-9, damping / 5);
      if (gain < 1e-10 * best) break;
    } else damping *= 4;
    if (damping > 1e9) break;
  }
  return Object.fromEntries(TERMS.map((name, j) => [name, Math.exp(at[j]!)])) as Factors;
}

function residual(row: Observation, factors: readonly number[]): { z: number; seconds: number } {
  const seconds = factors.reduce((sum, factor, j) => sum + factor * row.terms[j]!, row.fixed);
  return { z: (Math.log(row.streams / seconds) - Math.log(row.outputTokensPerSecond)) / SCATTER, seconds };
}

function objective(rows: readonly Observation[], at: readonly number[]): number {
  const factors = at.map(Math.exp);
  let cost = 0;
  for (const row of rows) cost += 2 * (Math.sqrt(1 + residual(row, factors).z ** 2) - 1);
  for (const [j, name] of TERMS.entries())
    cost += ((at[j]! - Math.log(PRIOR[name][0])) / PRIOR[name][1]) ** 2;
  return cost;
}

function normalEquations(
  rows: readonly Observation[],
  at: readonly number[],
): { hessian: Matrix; gradient: number[] } {
  const size = at.length;
  const factors = at.map(Math.exp);
  const hessian = Matrix.zeros(size, size);
  const gradient = new Array<number>(size).fill(0);
  for (const row of rows) {
    const { z, seconds } = residual(row, factors);
    const weight = 1 / Math.sqrt(1 + z ** 2);
    const slope = factors.map((factor, j) => (-factor * row.terms[j]!) / seconds / SCATTER);
    for (let j = 0; j < size; j++) {
      if (slope[j] === 0) continue;
      gradient[j]! += weight * z * slope[j]!;
      for (let k = 0; k <= j; k++) hessian.set(j, k, hessian.get(j, k) + weight * slope[j]! * slope[k]!);
    }
  }
  for (const [j, name] of TERMS.entries()) {
    const [factor, spread] = PRIOR[name];
    gradient[j]! += (at[j]! - Math.log(factor)) / spread ** 2;
    hessian.set(j, j, hessian.get(j, j) + 1 / spread ** 2);
  }
  for (let j = 0; j < size; j++) for (let k = 0; k < j; k++) hessian.set(k, j, hessian.get(j, k));
  return { hessian, gradient };
}
