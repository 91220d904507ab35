/** Frames for rules that judge objects of some kinds one by one. */
import type { Lookup, ResourceGraph } from "../../../graph/index.ts";
import type { PolicyParams, Rule } from "../../types.ts";
import { Found } from "../helpers.ts";
import { at, type Kinds, type KubeObject, objects, pathIn, whyUnknown } from "./objects.ts";

type Meta = Pick<Rule, "id" | "title" | "description">;

/** A rule over every object of the kinds. A list that cannot be read is an unknown fact. */
export function objectRule(
  meta: Meta,
  kinds: Kinds,
  judge: (object: KubeObject, out: Found, params: PolicyParams, graph: ResourceGraph) => void,
): Rule {
  return {
    ...meta,
    check(graph, params) {
      const out = new Found();
      const { found, unread } = objects(graph, kinds);
      out.applicable = unread.length > 0;
      for (const { resource, path, state } of unread)
        out.unknown(resource, path, whyUnknown(state, "the object"));
      for (const object of found) judge(object, out, params, graph);
      return out;
    },
  };
}

/** An annotation of an object, with its full path. */
export function annotation(object: KubeObject, key: string): { found: Lookup; path: string } {
  const path = `metadata.annotations["${key}"]`;
  return { found: at(object, path), path: pathIn(object, path) };
}

/** A lookup that ended in a value that is not known. */
export function isHidden(found: Lookup): found is Exclude<Lookup, { state: "known" | "absent" }> {
  return found.state === "unknown" || found.state === "secret";
}
