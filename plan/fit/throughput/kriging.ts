import { CholeskyDecomposition, Matrix } from "ml-matrix";

/**
 * Where a configuration stands among the measured ones, for the correction of the physical model: two configurations
 * err alike the more of this they share.
 */
export interface Place {
  gpu: string;
  /** Repository name and format. */
  model: string;
  family: string;
  hasExperts: boolean;
  /** log2 of streams, prompt, answer and active billions of weights; a burst counts as two doublings. */
  point: readonly number[];
}

/** Variances of the parts of the error (of its natural logarithm), and the reach of the trend in doublings. */
export interface Kernel {
  /** A slow trend over load and size, shared by all dense models or all with experts. */
  trend: number;
  /** The same trend within one model. */
  modelTrend: number;
  gpu: number;
  model: number;
  familyOnGpu: number;
  /** What two runs of the same configuration differ by. */
  noise: number;
  reach: number;
}

function covariance(kernel: Kernel, a: Place, b: Place): number {
  let squared = 0;
  for (const [i, value] of a.point.entries()) squared += (value - b.point[i]!) ** 2;
  const near = Math.exp((-0.5 * squared) / kernel.reach ** 2);
  const isModel = a.model === b.model;
  const isGpu = a.gpu === b.gpu;
  const isKind = a.hasExperts === b.hasExperts;
  return (
    (isKind ? kernel.trend * near : 0) +
    (isModel ? kernel.modelTrend * near + kernel.model : 0) +
    (isGpu && isKind ? kernel.gpu : 0) +
    (isGpu && a.family === b.family ? kernel.familyOnGpu : 0)
  );
}

/** What the measured rows say about the error at a place: mean and standard deviation of ln(measured / physical). */
export interface Correction {
  mean: number;
  deviation: number;
  /** Row that weighs most; -1 without rows. */
  nearest: number;
}

/**
 * Kriging (Gaussian-process regression) of the errors of the physical model: the correction at a place is the mean of
 * the measured errors, weighted by how much of the error they share with it; far from every row it goes to 0 and its
 * deviation to that of the whole table. Rasmussen and Williams, Gaussian Processes for Machine Learning, algorithm 2.1.
 */
export class Kriging {
  private readonly kernel: Kernel;
  private readonly places: readonly Place[];
  private readonly factor: CholeskyDecomposition;
  private readonly weights: Float64Array;

  /** @param errors ln(measured / physical) at each place */
  constructor(kernel: Kernel, places: readonly Place[], errors: readonly number[]) {
    this.kernel = kernel;
    this.places = places;
    const matrix = new Matrix(places.length, places.length);
    for (let i = 0; i < places.length; i++) {
      for (let j = 0; j <= i; j++) {
        const value = covariance(kernel, places[i]!, places[j]!) + (i === j ? kernel.noise : 0);
        matrix.set(i, j, value);
        matrix.set(j, i, value);
      }
    }
    this.factor = new CholeskyDecomposition(matrix);
    this.weights = Float64Array.from(this.factor.solve(Matrix.columnVector([...errors])).getColumn(0));
  }

  at(place: Place): Correction {
    const shared = this.places.map((other) => covariance(this.kernel, place, other));
    let mean = 0;
    let nearest = -1;
    for (const [i, value] of shared.entries()) {
      mean += value * this.weights[i]!;
      if (nearest < 0 || value > shared[nearest]!) nearest = i;
    }
    const column = Matrix.columnVector(shared);
    const explained = column.dot(this.factor.solve(column));
    const variance = covariance(this.kernel, place, place) - explained + this.kernel.noise;
    return { mean, deviation: Math.sqrt(Math.max(variance, this.kernel.noise)), nearest };
  }
}

/** The line of models that a repository belongs to, as far as its name tells: `Qwen3`, `Llama`, `gpt-oss`. */
export function familyOf(repo: string): string {
  const name = repo.split("/").at(-1)!.toLowerCase();
  // A distilled model has the layers of what it was distilled into.
  const body = /distill-(.*)$/.exec(name)?.[1] ?? name;
  const words = body.replace(/^(meta|code|nvidia)-?/, "").split(/[-_]/);
  return words[0] === "gpt" && words[1] === "oss" ? "gpt-oss" : words[0]!;
}
