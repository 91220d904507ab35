import { describe, expect, test } from "vitest";
import { parseGraph, type ResourceGraph } from "../../graph/index.ts";
import { evaluate } from "../../policies/evaluate.ts";
import type { ControlResult } from "../../policies/types.ts";

export type Json = Record<string, unknown>;

export interface Entry {
  type: string;
  name: string;
  props: Json;
  refs?: Record<string, string | string[]>;
  provider?: string;
}

/** A `freehold.resources/v1` file without its envelope. */
export interface Doc {
  resources: Entry[];
  config?: Json;
}

/** A value that the engine does not know yet, as the file spells it. */
export const UNKNOWN = { $unknown: true };
/** A secret, as the engine writes it into its files. */
export const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:x",
};
export const DATE = "2026-01-31";

/** What a control must say about graphs. `fail` names the resource and the path that the violation blames. */
export interface Case {
  id: string;
  pass: Doc[];
  fail: [doc: Doc, resource: string, path: string][];
  /** Decisive values that are not known; a text says why the control reads no value. */
  unknown: Doc[] | string;
  /** Graphs that do not concern the control. */
  notApplicable?: Doc[];
}

/** Every graph of the tests goes through the parser, so the rules see what a file gives them. */
export function graphOf(doc: Doc, name = "test"): ResourceGraph {
  return parseGraph(JSON.stringify({ schema: "freehold.resources/v1", ...doc }), name);
}

/** A copy with one property changed. Without a value, the property is removed. Paths: "a.b[0].c". */
export function edit(doc: Doc, resource: string, path: string, ...value: unknown[]): Doc {
  const copy = structuredClone(doc);
  const entry = copy.resources.find(({ name }) => name === resource);
  if (!entry) throw new Error(`the graph has no resource ${resource}`);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  const last = keys.pop()!;
  let here = entry.props;
  for (const key of keys) {
    here[key] ??= {};
    here = here[key] as Json;
  }
  if (value.length > 0) here[last] = value[0];
  else delete here[last];
  return copy;
}

export function unknownAt(doc: Doc, resource: string, path: string): Doc {
  return edit(doc, resource, path, UNKNOWN);
}

/** The result of one control on one graph. */
export function judge(id: string, doc: Doc): ControlResult {
  const document = evaluate([{ graph: graphOf(doc) }], {
    profiles: ["gdpr", "hipaa"],
    controls: [id],
    params: { date: DATE },
    catalogAsOf: DATE,
  });
  const [result] = document.results;
  if (!result || !("controls" in result) || result.controls.length !== 1)
    throw new Error(`no control is named ${id}`);
  return result.controls[0]!;
}

/** One test per graph of the table. */
export function testCases(cases: Case[]): void {
  describe.each(cases)("$id", ({ id, pass, fail, unknown, notApplicable = [] }) => {
    test.each(pass.map((doc, index) => [index, doc] as const))("passes graph %i", (_, doc) => {
      const { verdict, violations, unknowns } = judge(id, doc);
      expect({ verdict, violations, unknowns }).toEqual({ verdict: "pass", violations: [], unknowns: [] });
    });

    test.each(fail)("fails graph %#: %s", (...row) => {
      const [doc, resource, path] = row;
      const { id: judged, verdict, violations } = judge(id, doc);
      expect([judged, verdict]).toEqual([id, "fail"]);
      expect(violations.map((found) => `${found.resource.split("::").at(-1)} ${found.path}`)).toContain(
        `${resource} ${path}`,
      );
      for (const found of violations) {
        expect(found.message).not.toBe("");
        expect(found.fix).not.toBe("");
        expect(found.references).not.toEqual([]);
      }
    });

    test.each(notApplicable.map((doc, index) => [index, doc] as const))(
      "does not concern graph %i",
      (_, doc) => {
        const { verdict, violations, unknowns } = judge(id, doc);
        expect({ verdict, violations, unknowns }).toEqual({
          verdict: "not-applicable",
          violations: [],
          unknowns: [],
        });
      },
    );

    if (typeof unknown === "string") return;
    test.each(unknown.map((doc, index) => [index, doc] as const))(
      "does not pass graph %i with a value that is not known",
      (_, doc) => {
        const { verdict, violations, unknowns } = judge(id, doc);
        expect(verdict).toBe("unknown");
        // What is not known is named, with its reason, unless something that is known fails already.
        expect(violations.length + unknowns.filter(({ why }) => why !== "").length).toBeGreaterThan(0);
      },
    );
  });
}
