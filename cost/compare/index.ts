/** Hosted, rented, owned or shared: what a month of the same requests costs each way, and which to take. */
export { type ApiMonth, apiMonth, apiNamed, type HostedModel, hostedModels } from "./api.ts";
export { compare } from "./compare.ts";
export { homeRequests } from "./hybrid.ts";
export { eachOf, impliedHours, sustainedTokensPerSecond } from "./idle.ts";
export {
  type BlendCheck,
  blendChecks,
  blendedPrice,
  intelligenceOf,
  pricePerPoint,
  weightsOf,
} from "./intelligence.ts";
export { firstOf, type OwnWay, sinceWhen } from "./own-ways.ts";
export { guideMac, OWNED_TERMS, ownedStep } from "./owned.ts";
export { integrationOf, peopleMonth } from "./people.ts";
export { platformMonth } from "./platform.ts";
export { breakEven, costAt, notDearerSince, type StepCost, unitsFor } from "./step.ts";
export type * from "./types.ts";
