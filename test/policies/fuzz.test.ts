import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseGraph } from "../../graph/index.ts";
import { rules } from "../../policies/rules/index.ts";
import { allCases as cases } from "./cases/index.ts";
import { DATE, type Doc, type Json, SECRET, UNKNOWN } from "./graphs.ts";

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    UNKNOWN,
    SECRET,
    null,
    [],
    {},
    "",
    "*",
    0,
    -1,
    true,
    "true",
    [null],
    [UNKNOWN],
    [[]],
    [{}],
    { toString: 1, valueOf: 1 },
    [{ toString: 1 }],
    "{",
    "arn:",
    "0.0.0.0/0",
  ),
);

/** Paths to every value below the properties of a graph's resources. */
function places(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, entry]) => places(entry, [...at, key]))];
}

function put(doc: Doc, [resource, ...keys]: string[], value: unknown): Doc {
  const copy = structuredClone(doc);
  let here = copy.resources[Number(resource)] as unknown as Json;
  const path = ["props", ...keys];
  const last = path.pop()!;
  for (const key of path) here = here[key] as Json;
  here[last] = value;
  return copy;
}

/** A parsed graph, or null where the change made a file that is no graph. */
function graph(doc: Doc) {
  try {
    return parseGraph(JSON.stringify({ schema: "freehold.resources/v1", ...doc }), "fuzz");
  } catch {
    return null;
  }
}

const params = {
  date: DATE,
  allowedRegions: ["eu-central-1"],
  partition: "aws",
  allowedRegistries: ["registry.example/"],
  allowedEgressHosts: ["weights.example"],
};

describe("no rule throws, whatever stands at any place of a graph that concerns it", () => {
  test.each(cases)("$id", ({ id, pass, fail }) => {
    const rule = rules.find((entry) => entry.id === id)!;
    const graphs = [...pass, ...fail.map(([doc]) => doc)];
    const change = fc.constantFrom(...graphs).chain((doc) => {
      const all = doc.resources.flatMap(({ props }, index) => places(props, [String(index)]));
      return fc.tuple(
        fc.constant(doc),
        fc.array(fc.tuple(fc.constantFrom(...all), odd), { minLength: 1, maxLength: 2 }),
      );
    });
    fc.assert(
      fc.property(change, ([doc, changes]) => {
        let changed = doc;
        for (const [path, value] of changes) {
          try {
            changed = put(changed, path, value);
          } catch {
            // The first change took the place of the second away.
          }
        }
        const parsed = graph(changed);
        if (parsed === null) return;
        const { applicable, violations, unknowns } = rule.check(parsed, params);
        // What is found is found somewhere, and has a reason.
        if (!applicable) expect([violations, unknowns]).toEqual([[], []]);
        for (const { message, fix } of violations) expect([message, fix]).not.toContain("");
        for (const { why } of unknowns) expect(why).not.toBe("");
      }),
      { numRuns: 150 },
    );
  });
});

describe("a value that is not known never turns a violation into a pass", () => {
  // The blamed value may decide alone, so without it nobody can say that all is well.
  const reading = cases.filter(({ unknown }) => typeof unknown !== "string");
  test.each(reading)("$id", ({ id, fail }) => {
    const rule = rules.find((entry) => entry.id === id)!;
    for (const [doc, resource, path] of fail) {
      const index = doc.resources.findIndex(({ name }) => name === resource);
      const keys = path.split(/[.[\]"]+/).filter((key) => key !== "");
      if (keys.length === 0) continue;
      let changed: Doc;
      try {
        changed = put(doc, [String(index), ...keys], UNKNOWN);
      } catch {
        continue;
      }
      const parsed = graph(changed);
      if (parsed === null) continue;
      const { applicable, violations, unknowns } = rule.check(parsed, { ...params, ...doc.config });
      expect([applicable, violations.length + unknowns.length > 0], `${id} ${path}`).toEqual([true, true]);
    }
  });
});
