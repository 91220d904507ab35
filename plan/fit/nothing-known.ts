import type { FitDocument } from "./types.ts";

type Figures = Pick<
  FitDocument,
  | "nearestThatFits"
  | "perGpu"
  | "kvBytesPerToken"
  | "kvCacheTokens"
  | "maxModelLenThatFits"
  | "maxConcurrency"
  | "usersAtLoad"
  | "throughput"
  | "fleet"
>;

/** The figures of a fit that nothing has been worked out for: null, never absent. */
export function nothingKnown(): Figures {
  return {
    nearestThatFits: null,
    perGpu: {
      totalGiB: null,
      requestedGiB: null,
      weightsGiB: null,
      activationGiB: null,
      nonTorchGiB: null,
      cudaGraphGiB: null,
      kvCacheGiB: null,
    },
    kvBytesPerToken: null,
    kvCacheTokens: null,
    maxModelLenThatFits: null,
    maxConcurrency: null,
    usersAtLoad: null,
    throughput: null,
    fleet: null,
  };
}
