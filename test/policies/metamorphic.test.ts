import { describe, expect, test } from "vitest";
import { evaluate } from "../../policies/evaluate.ts";
import { allCases as cases } from "./cases/index.ts";
import { residencyCases } from "./cases/residency.ts";
import { type Case, DATE, type Doc, type Entry, graphOf } from "./graphs.ts";

function verdict(id: string, doc: Doc) {
  const [result] = evaluate([{ graph: graphOf(doc) }], {
    profiles: ["gdpr", "hipaa"],
    controls: [id],
    params: { date: DATE },
    catalogAsOf: DATE,
  }).results;
  if (!result || !("controls" in result)) throw new Error("the graph was not judged");
  return result.controls[0]!;
}
const all = ({ pass, fail, unknown }: Case): Doc[] => [
  ...pass,
  ...fail.map(([doc]) => doc),
  ...(typeof unknown === "string" ? [] : unknown),
];

/** No control is about these. */
const unrelated: Entry[] = [
  { type: "random:index/randomPet:RandomPet", name: "pet", props: { length: 2 } },
  { type: "my:component:Thing", name: "thing", props: {} },
  { type: "kubernetes:core/v1:Namespace", name: "elsewhere", props: { metadata: { name: "elsewhere" } } },
];

describe.each(cases)("$id", (control) => {
  test("does not depend on unrelated resources", () => {
    for (const doc of all(control)) {
      const more = { ...doc, resources: [...unrelated, ...doc.resources] };
      expect(verdict(control.id, more)).toEqual(verdict(control.id, doc));
    }
  });

  test("does not depend on what resources are called", () => {
    const renamed = (doc: Doc): Doc => {
      const rename = (name: string) =>
        name.includes("::") ? name.replace(/::.*$/, (rest) => `::new-${rest.slice(2)}`) : `new-${name}`;
      return {
        ...doc,
        resources: doc.resources.map((entry) => ({
          ...entry,
          name: rename(entry.name),
          ...(entry.provider && { provider: rename(entry.provider) }),
          ...(entry.refs && {
            refs: Object.fromEntries(
              Object.entries(entry.refs).map(([path, targets]) => [path, [targets].flat().map(rename)]),
            ),
          }),
        })),
      };
    };
    for (const doc of all(control)) {
      const [before, after] = [verdict(control.id, doc), verdict(control.id, renamed(doc))];
      expect([after.verdict, after.violations.map(({ path }) => path)]).toEqual([
        before.verdict,
        before.violations.map(({ path }) => path),
      ]);
    }
  });

  test("does not depend on the order of resources", () => {
    for (const doc of all(control)) {
      const turned = { ...doc, resources: doc.resources.toReversed() };
      expect(verdict(control.id, turned).verdict).toBe(verdict(control.id, doc).verdict);
    }
  });
});

test("a wider boundary never adds a finding of residency", () => {
  for (const control of residencyCases) {
    for (const doc of all(control)) {
      const regions = doc.config?.["allowedRegions"] as string[] | undefined;
      if (regions === undefined) continue;
      const wider = {
        ...doc,
        config: { ...doc.config, allowedRegions: [...regions, "us-east-1", "eu-west-2"] },
      };
      const [before, after] = [verdict(control.id, doc), verdict(control.id, wider)];
      expect(after.violations.length, control.id).toBeLessThanOrEqual(before.violations.length);
      expect(after.unknowns.length, control.id).toBeLessThanOrEqual(before.unknowns.length);
    }
  }
});
