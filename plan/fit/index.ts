/** Whether a model fits on a GPU, how many tokens and requests it holds, and how fast it answers. Pure. */
export { type CatalogLike, explainFromFlags, type FitError, fitBatch, fitFromFlags } from "./command.ts";
export { type ConfigOptions, shapeFromConfig } from "./config-json.ts";
export { csvColumns } from "./csv-rows.ts";
export { engineWritten } from "./engine-rules.ts";
export { type ExplainedTerm, type Explanation, explainFit } from "./explain.ts";
export { fitReplica, ownStamp, smallestTensorParallel, tensorParallelSizes } from "./fit.ts";
export { type FitFlags, readFlags } from "./flags.ts";
export { fleet } from "./fleet.ts";
export { workOf } from "./judge.ts";
export { kvCost } from "./kv-cache.ts";
export { type Candidate, nearestThatFits } from "./nearest-fit.ts";
export {
  type Broken,
  type LatencyLimits,
  mostAtOnce,
  type OperatingPoint,
  operatingPoint,
  tooSlowAlone,
} from "./operating-point.ts";
export { parametersOf } from "./parameters.ts";
export { nativeQuantization, QUANTIZATIONS, quantizationNamed } from "./quantization.ts";
export type {
  FitDocument,
  FitInput,
  FitReason,
  FitsDocument,
  FleetAnswer,
  FleetOption,
  Load,
  LoadTarget,
  MeasuredThroughput,
  MemoryBudget,
  NearestFit,
  Range,
  Stamp,
  ThroughputEstimate,
  Unknown,
  UsersAtLoad,
  Verdict,
} from "./types.ts";
export { weightBytesPerGpu } from "./weights.ts";
export { type WhatIf, whatIf, whatToCut } from "./what-if.ts";
