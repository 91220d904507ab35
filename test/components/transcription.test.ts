import { describe, expect, it } from "vitest";
import { Platform } from "../../components/index.ts";
import type { KubernetesObject, StackPlan } from "../../plan/index.ts";
import { leaves, planOf, platformOf, run, STACKS } from "./harness.ts";

/**
 * Parts of the plan that no resource carries, because they decide, count or explain. Everything else must arrive in
 * the inputs of some resource.
 */
const PLAN_ONLY = [
  /(^|\.)why$/,
  /\.footprint\./,
  /\.startupSeconds\./,
  // Which resources exist, and how they are wired.
  /^infrastructure\.access\.via$/,
  /^infrastructure\.keys\.\d+\.role$/,
  /^infrastructure\.nodeGroups\.\d+\.role$/,
  /^infrastructure\.network\.(natGateways|interfaceEndpointZones|(private|public)Subnets\.\d+\.name)$/,
  // The names that find one thing by another: a model's role, the components' outputs.
  /^kubernetes\.models\.\d+\.(model|endpoint)$/,
];
/** Values by which a component finds things or refuses others; they are compared as they are. */
const KEPT = [
  /^infrastructure\.cluster\.addons\.\d+\.name$/,
  /^infrastructure\.podRoles\.\d+\.serviceAccount$/,
  /^infrastructure\.network\.(interface|gateway)Endpoints\.\d+$/,
  /\.(apiVersion|kind)$/,
  /^charts\.\d+\.(name|namespace|version|repository)$/,
];
const matches = (patterns: RegExp[], path: string) => patterns.some((pattern) => pattern.test(path));

/** The plan with a value of its own at every leaf: where each one arrives shows where it came from. */
function marked(plan: StackPlan): { plan: StackPlan; marks: { path: string; value: unknown }[] } {
  const marks: { path: string; value: unknown }[] = [];
  let next = 70_000;
  const mark = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((entry, index) => mark(entry, `${path}.${index}`));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => [key, mark(entry, path ? `${path}.${key}` : key)]),
      );
    }
    if (value === null || matches(PLAN_ONLY, path)) return value;
    let own = value;
    if (!matches(KEPT, path)) {
      // `desired` lies between `min` and `max`: the marks of all three must keep that order.
      if (typeof value === "number") own = path.endsWith(".desired") ? next - 1.5 : next++;
      if (typeof value === "string") own = `mark-${next++}-x`;
      if (typeof value === "boolean") own = !value;
    }
    marks.push({ path, value: own });
    return own;
  };
  const { infrastructure, kubernetes, charts } = plan;
  const copy = mark({ infrastructure, kubernetes, charts }, "") as Partial<StackPlan>;
  return { plan: { ...plan, ...copy }, marks };
}

describe.each(STACKS)("the plan of %s", (stack) => {
  it("arrives in the resources, value by value", async () => {
    const { plan, marks } = marked(await planOf(stack));
    const { seen } = await run((opts) => new Platform("platform", { plan }, opts), stack);
    const arrived = new Set<unknown>();
    const texts: string[] = [];
    for (const { type, inputs } of seen) {
      if (type.startsWith("freehold:")) continue;
      for (const { value } of leaves(inputs)) {
        arrived.add(value);
        if (typeof value === "string") texts.push(value);
      }
    }
    // Booleans are told apart by their object only: see the next test.
    const lost = marks.filter(
      ({ value }) =>
        typeof value !== "boolean" &&
        !arrived.has(value) &&
        !(typeof value === "string" && texts.some((text) => text.includes(value))),
    );
    expect(lost.map(({ path }) => path)).toEqual([]);
    expect(marks.length).toBeGreaterThan(100);
  });

  it("arrives object by object: each Kubernetes object whole, and nothing beside them", async () => {
    const { component, seen } = await platformOf(stack);
    const { plan } = component;
    const sent = seen.filter(({ type }) => /^kubernetes:(?!helm\.sh)/.test(type)).map(({ inputs }) => inputs);
    const key = (object: unknown) => {
      const { kind, metadata } = object as KubernetesObject;
      return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    };
    const planned = objects(plan);
    // Made by the components: the key, and the namespaces of the charts.
    const own = new Set([
      `Secret ${plan.kubernetes!.namespace.metadata.name}/${plan.kubernetes!.apiKeySecret}`,
      ...plan.charts.map((chart) => `Namespace /${chart.namespace}`),
    ]);
    expect(
      sent
        .map(key)
        .filter((name) => !own.has(name))
        .sort(),
    ).toEqual(planned.map(key).sort());
    for (const object of planned) {
      const found = sent.find((entry) => key(entry) === key(object));
      expect(withoutS3Url(found), key(object)).toEqual(object);
    }
  });
});

function objects({ kubernetes }: StackPlan): KubernetesObject[] {
  const { namespace, namespacePolicies, models, prometheusRule, dashboard, karpenter } = kubernetes!;
  return [
    namespace,
    ...namespacePolicies,
    ...models.flatMap(({ serving, scaledObject, podMonitor }) => [
      serving.serviceAccount,
      serving.deployment,
      serving.service,
      serving.podDisruptionBudget,
      ...serving.networkPolicies,
      scaledObject,
      podMonitor,
    ]),
    prometheusRule,
    dashboard,
    ...karpenter.flatMap(({ nodeClass, nodePool }) => [nodeClass, nodePool]),
  ].filter((object) => object !== null);
}

/** The one value that the plan cannot know: the address of S3 inside the VPC. */
function withoutS3Url(object: unknown): unknown {
  return JSON.parse(
    JSON.stringify(object, (_, value) =>
      Array.isArray(value)
        ? value.filter((entry) => (entry as { name?: string } | null)?.name !== "AWS_ENDPOINT_URL")
        : value,
    ),
  );
}
