/** From a stack file, or from the engine's configuration, to a validated stack. */
export { specFromConfig } from "./engine.ts";
export { byPosition, ConfigErrors, type FreeholdError, formatError, freeholdError } from "./errors.ts";
export { stackJsonSchema } from "./json-schema.ts";
export { type LoadOptions, type LoadResult, listStacks, loadStack } from "./load.ts";
export { nearest } from "./nearest.ts";
export { type Parsed, parseStack } from "./parse.ts";
export { type ModelSpec, type StackInput, type StackSpec, stackSchema } from "./schema.ts";
