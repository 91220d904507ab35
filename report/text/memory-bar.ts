import type { FitDocument } from "../../plan/fit/index.ts";
import { columns, WIDTH, wrap } from "./style.ts";

const BAR = 72;

interface Term {
  key: "weightsGiB" | "activationGiB" | "nonTorchGiB" | "cudaGraphGiB" | "kvCacheGiB";
  letter: string;
  name: string;
  /** What the term is, in a few words. */
  what: string;
}

const TERMS: Record<string, Term> = {
  W: { key: "weightsGiB", letter: "W", name: "weights", what: "the part of the model on this GPU" },
  P: {
    key: "activationGiB",
    letter: "P",
    name: "profile run",
    what: "peak of batch, sampler and encoder at start",
  },
  N: { key: "nonTorchGiB", letter: "N", name: "beside torch", what: "CUDA, cuBLAS, all-reduce buffers" },
  G: { key: "cudaGraphGiB", letter: "G", name: "CUDA graphs", what: "none with --enforce-eager" },
  K: {
    key: "kvCacheGiB",
    letter: "K",
    name: "KV cache",
    what: "what is left for requests",
  },
};

/**
 * The memory of one GPU as a bar of letters, and a line for each of them: low, expected and high case in GiB.
 *
 * @returns no line where a fact is missing.
 */
export function memoryBar(fit: FitDocument): string[] {
  const { perGpu } = fit;
  const { totalGiB, requestedGiB } = perGpu;
  if (totalGiB === null || requestedGiB === null || perGpu.weightsGiB === null) return [];
  const gpus = (fit.tensorParallel ?? 1) * fit.pipelineParallel;
  const each = gpus > 1 ? `each of ${gpus} GPUs` : "the GPU";
  const share = Math.round((100 * requestedGiB) / totalGiB);
  const graphsInside = graphsAreAskedFor(fit);
  const inside = graphsInside ? ["W", "P", "N", "G", "K"] : ["W", "P", "N", "K"];
  // Below zero, the rest takes more than was requested: nothing is left.
  const number = (value: number) => Math.max(0, value).toFixed(2);
  const line = (letter: string, what = TERMS[letter]!.what) => {
    const term = perGpu[TERMS[letter]!.key];
    const values = term ? [number(term.low), number(term.expected), number(term.high)] : ["unknown", "", ""];
    return [`  ${letter} ${TERMS[letter]!.name}`, ...values, ` ${what}`];
  };
  const left = totalGiB - requestedGiB;
  return [
    wrap(
      `memory of ${each}: ${totalGiB.toFixed(2)} GiB seen by torch, ${requestedGiB.toFixed(2)} asked for (${share} %)`,
      "  ",
      WIDTH,
    ),
    `  [${letters(fit, inside, graphsInside)}]`,
    ...columns(
      [
        ["  GiB", "low", "expected", "high", ""],
        ...inside.map((letter) => line(letter)),
        ...(graphsInside ? [] : [line("G", "taken from what is not asked for")]),
        ["  - not asked for", "", number(left), "", " left to the driver and to others"],
      ],
      [1, 2, 3],
    ),
  ];
}

/** Since 0.21 the graphs are a part of what is asked for; the five terms then add up to it. */
function graphsAreAskedFor({ perGpu }: FitDocument): boolean {
  const of = (key: Term["key"]) => perGpu[key]?.expected ?? 0;
  const rest =
    perGpu.requestedGiB! - of("weightsGiB") - of("activationGiB") - of("nonTorchGiB") - of("kvCacheGiB");
  return Math.abs(rest - of("cudaGraphGiB")) < Math.abs(rest) || of("cudaGraphGiB") === 0;
}

/** Expected case; a `>` at the end: more than the card. */
function letters(fit: FitDocument, inside: readonly string[], graphsInside: boolean): string {
  const { perGpu } = fit;
  const cells = (letter: string) => {
    const gib = Math.max(0, perGpu[TERMS[letter]!.key]?.expected ?? 0);
    return letter.repeat(Math.round((gib / perGpu.totalGiB!) * BAR));
  };
  const asked = inside.map(cells).join("");
  if (asked.length > BAR) return `${asked.slice(0, BAR - 1)}>`;
  const outside = graphsInside ? "" : cells("G");
  return (asked + outside).slice(0, BAR).padEnd(BAR, "-");
}
