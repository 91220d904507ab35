export { buildGraph } from "./build.ts";
export { containsUnknown, isSecret, isUnknown, join, lookup, steps, walk } from "./lookup.ts";
export { type Lookup, type Props, type Resource, type ResourceGraph, SECRET, UNKNOWN } from "./types.ts";
