import { describe, expect, test } from "vitest";
import { parseGraph, type ResourceGraph } from "../../graph/index.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { rules } from "../../policies/rules/index.ts";
import { allCases as cases } from "./cases/index.ts";
import { DATE, type Doc, type Entry, graphOf, type Json } from "./graphs.ts";

const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urnOf = ({ type, name }: Entry) => `urn:pulumi:dev::app::${type}::${name}`;

/** Values as the engine writes them. */
function native(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ((value as Json)["$unknown"] === true) return SENTINEL;
  if (Array.isArray(value)) return value.map(native);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, native(entry)]));
}

/** Resources as the engine's state has them; references name the outermost property only. */
function states({ resources }: Doc): Json[] {
  const find = (reference: string) =>
    urnOf(resources.find(({ type, name }) => [name, `${type}::${name}`].includes(reference))!);
  return resources.map((entry) => ({
    urn: urnOf(entry),
    type: entry.type,
    custom: true,
    inputs: native(entry.props),
    propertyDependencies: Object.fromEntries(
      Object.entries(entry.refs ?? {}).map(([path, targets]) => [
        path.split(/[.[]/)[0]!,
        [targets].flat().map(find),
      ]),
    ),
    ...(entry.provider && { provider: `${find(entry.provider)}::${SENTINEL}` }),
  }));
}

const asExport = (doc: Doc) =>
  parseGraph(JSON.stringify({ version: 3, deployment: { resources: states(doc) } }), "test");
const asPreview = (doc: Doc) =>
  parseGraph(
    JSON.stringify({
      steps: states(doc).map(({ provider, ...newState }) => ({
        op: "create",
        urn: newState["urn"],
        provider,
        newState,
      })),
    }),
    "test",
  );

function verdicts(graph: ResourceGraph, config: Json = {}) {
  const [result] = evaluate([{ graph: { ...graph, config } }], {
    profiles: ["gdpr", "hipaa"],
    params: { date: DATE },
    catalogAsOf: DATE,
  }).results;
  if (!result || !("controls" in result)) throw new Error("the graph was not judged");
  return result.controls.map(({ id, verdict, violations, unknowns }) => [
    id,
    verdict,
    violations.map(({ path, message }) => `${path} ${message}`).toSorted(),
    unknowns.map(({ path, why }) => `${path} ${why}`).toSorted(),
  ]);
}

test("there are cases for every rule", () => {
  expect(new Set(cases.map(({ id }) => id))).toEqual(new Set(rules.map(({ id }) => id)));
});

describe.each(cases)("the three formats agree on the graphs of $id", ({ pass, fail, unknown }) => {
  const graphs = [...pass, ...fail.map(([doc]) => doc), ...(typeof unknown === "string" ? [] : unknown)];
  // A name twice in one graph has one URN in the engine, so it is no graph of the engine's.
  const single = graphs.filter(({ resources }) => new Set(resources.map(urnOf)).size === resources.length);

  test.each(single.map((doc, index) => [index, doc] as const))("%i", (_, doc) => {
    const expected = verdicts(graphOf(doc), doc.config);
    expect(verdicts(asExport(doc), doc.config)).toEqual(expected);
    expect(verdicts(asPreview(doc), doc.config)).toEqual(expected);
  });
});
