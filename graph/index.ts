export { buildGraph } from "./build.ts";
export { GraphError } from "./error.ts";
export { containsUnknown, isSecret, isUnknown, join, lookup, steps, walk } from "./lookup.ts";
export { parseGraph } from "./parse.ts";
export { type Lookup, type Props, type Resource, type ResourceGraph, SECRET, UNKNOWN } from "./types.ts";
export { normalize } from "./values.ts";
