/** Where a model can be rented: every size, region and kind of capacity that serves a load, with its price. */
export { LEVELS, meetsTargets, replicaLoad, replicasFor } from "./capacity.ts";
export { offersOf, SECONDS_PER_MONTH } from "./offers.ts";
export { paretoFront } from "./pareto.ts";
export type {
  Allowed,
  Boundary,
  Market,
  NoOffer,
  Offer,
  OffersDocument,
  OffersRequest,
  Workload,
} from "./types.ts";
export { regionVerdict } from "./verdict.ts";
