/** Rules over large graphs read each resource a few times, not once for every other resource. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { syntheticGraph } from "../../bench/synthetic.ts";
import { buildGraph, lookup, type Resource, type ResourceGraph } from "../../graph/index.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { ofType, refsAt, siblingsOf } from "../../policies/rules/helpers.ts";

const params = {
  date: "2026-11-25",
  allowedRegions: ["eu-central-1"],
  allowedRegistries: ["docker.io/vllm/"],
};
const options = { profiles: ["gdpr", "hipaa"], params, catalogAsOf: "2026-11-25" };

/** How often the rules look into the properties of the resources. */
function readsOf(graph: ResourceGraph): number {
  let reads = 0;
  const watched = (value: unknown): unknown =>
    typeof value !== "object" || value === null
      ? value
      : new Proxy(value, {
          get(target, key, receiver) {
            reads++;
            return watched(Reflect.get(target, key, receiver));
          },
        });
  const resources = graph.resources.map((resource) => ({
    ...resource,
    props: watched(resource.props) as Resource["props"],
  }));
  evaluate([{ graph: buildGraph(graph.name, resources) }], options);
  return reads;
}

/** Every workload is judged against policies that select other pods. */
function withForeignPolicies(graph: ResourceGraph): ResourceGraph {
  const resources = graph.resources.map((resource) =>
    resource.type.endsWith(":NetworkPolicy")
      ? { ...resource, props: { ...resource.props, spec: { podSelector: { matchLabels: { app: "none" } } } } }
      : resource,
  );
  return buildGraph(graph.name, resources);
}

describe("the rules over a large graph", () => {
  it.each([
    ["a platform", 2.5, (count: number) => syntheticGraph(count)],
    // Every selector is held against the labels of every pod of its namespace, so that part grows faster.
    ["policies that select nothing", 3.2, (count: number) => withForeignPolicies(syntheticGraph(count))],
  ])("read twice as much of %s twice as large", (_, most, make) => {
    const [small, large] = [readsOf(make(1_500)), readsOf(make(3_000))];
    expect(small).toBeGreaterThan(1_500);
    expect(large / small).toBeLessThan(most);
  });
});

describe("siblingsOf", () => {
  const bucket = (index: number, name: string | undefined): Resource => ({
    ...syntheticGraph(1).resources[0]!,
    urn: `bucket-${index}`,
    props: name === undefined ? {} : { bucket: name },
  });
  const setting = (index: number, name: string | undefined, owners: number[]): Resource => ({
    ...bucket(index, name),
    urn: `setting-${index}`,
    type: "aws:s3/bucketLogging:BucketLogging",
    refs: owners.length > 0 ? { bucket: owners.map((owner) => `bucket-${owner}`) } : {},
  });
  const name = fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined });

  it("finds what a look at every resource of the type finds", () => {
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 6 }),
        fc.array(fc.tuple(name, fc.array(fc.nat(5), { maxLength: 2 })), { maxLength: 8 }),
        (buckets, settings) => {
          const owners = buckets.map((own, index) => bucket(index, own));
          const graph = buildGraph("g", [
            ...owners,
            ...settings.map(([own, refs], index) => setting(index, own, refs)),
          ]);
          for (const owner of owners) {
            const own = lookup(owner.props, "bucket");
            const expected = ofType(graph, "s3.BucketLogging").filter((candidate) => {
              if (refsAt(candidate, "bucket").includes(owner.urn)) return true;
              const value = lookup(candidate.props, "bucket");
              return value.state === "known" && own.state === "known" && value.value === own.value;
            });
            const found = siblingsOf(graph, owner, "s3.BucketLogging", "bucket", "bucket");
            expect(new Set(found)).toEqual(new Set(expected));
            expect(found).toHaveLength(expected.length);
          }
        },
      ),
    );
  });
});
