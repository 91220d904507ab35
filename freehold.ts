/** What the npm package offers to a program of your own. */
export { type FitDocument, fitReplica } from "./plan/fit/index.ts";
export { planStack, type StackPlan } from "./plan/index.ts";
export { type StackInput, type StackSpec, stackSchema } from "./config/index.ts";
export * from "./components/index.ts";
export { deploy } from "./deploy.ts";
