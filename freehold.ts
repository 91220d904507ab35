/** What the npm package offers to a program of your own. */

export * from "./components/index.ts";
export { type StackInput, type StackSpec, stackSchema } from "./config/index.ts";
export { deploy } from "./deploy.ts";
export { type FitDocument, fitReplica } from "./plan/fit/index.ts";
export { planStack, type StackPlan } from "./plan/index.ts";
