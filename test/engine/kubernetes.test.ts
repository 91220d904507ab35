import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, Cluster } from "./harness/cluster.ts";
import type { State } from "./harness/compare.ts";
import { kubernetesObjects, podOf } from "./harness/objects.ts";
import { engineCache, STACKS, Workspace } from "./harness/workspace.ts";

// biome-ignore lint/suspicious/noExplicitAny: Kubernetes objects of any kind, as the graph holds them
type Json = Record<string, any>;

/** Applies objects in order and says what the server refused or warned of. */
async function applyAll(cluster: Cluster, objects: Json[]): Promise<string[]> {
  const problems: string[] = [];
  const note = (object: Json, answer: Answer) => {
    const id = `${object["kind"]} ${object["metadata"].name}`;
    if (answer.status >= 300) problems.push(`${id}: ${answer.status} ${answer.body["message"] ?? ""}`);
    for (const warning of answer.warnings) problems.push(`${id}: warning ${warning}`);
  };
  for (const object of objects) {
    note(object, await cluster.apply(object));
    const pod = podOf(object);
    if (pod) note(pod, await cluster.apply(pod));
  }
  return problems;
}

describe("a real API server with the real CRDs", () => {
  const objects = new Map<string, Json[]>();
  const cache = engineCache();
  let workspace: Workspace;
  let cluster: Cluster;

  beforeAll(async () => {
    workspace = new Workspace(cache);
    for (const stack of STACKS) {
      const graph = workspace.freehold("graph", "-s", stack);
      expect(graph.status, graph.err).toBe(0);
      objects.set(
        stack,
        kubernetesObjects(
          (JSON.parse(graph.out) as { deployment: { resources: State[] } }).deployment.resources,
        ),
      );
    }
  });

  afterAll(() => workspace?.remove());

  const fresh = async () => {
    cluster = new Cluster(cache);
    await cluster.start();
    return cluster;
  };

  it.each(STACKS)("takes every object of %s, in dependency order, without a warning", async (stack) => {
    try {
      await fresh();
      const list = objects.get(stack)!;
      expect(list.length).toBeGreaterThan(8);
      expect(await applyAll(cluster, list)).toEqual([]);
    } finally {
      cluster.stop();
    }
  });

  it("refuses what is wrong", async () => {
    try {
      await fresh();
      const list = objects.get("eu-gdpr")!;
      const find = (kind: string) => structuredClone(list.find((object) => object["kind"] === kind)!) as Json;
      const deployment = find("Deployment");
      expect((await applyAll(cluster, [deployment])).join()).toMatch(/not found/);
      const namespace = list.find(
        (object) => object["kind"] === "Namespace" && object["metadata"].name === "llm-serving",
      )!;
      expect(await applyAll(cluster, [namespace])).toEqual([]);

      const misspelled = structuredClone(deployment);
      misspelled["spec"].template.spec.containers[0].imagePullPolcy = "Always";
      expect((await applyAll(cluster, [misspelled])).join()).toMatch(/imagePullPolcy/);

      const privileged = structuredClone(deployment);
      privileged["spec"].template.spec.containers[0].securityContext.privileged = true;
      expect((await applyAll(cluster, [privileged])).join()).toMatch(/PodSecurity|privileged/);

      const pool = find("NodePool");
      pool["spec"].template.spec.requirements[0].operator = "Gt";
      expect((await applyAll(cluster, [pool])).join()).toMatch(/NodePool .*422/);
    } finally {
      cluster.stop();
    }
  });

  it.each(STACKS)("promtool accepts the alert rules of %s", (stack) => {
    const rules = objects.get(stack)!.filter((object) => object["kind"] === "PrometheusRule");
    expect(rules.length).toBe(1);
    const dir = mkdtempSync(join(tmpdir(), "freehold-rules-"));
    const file = join(dir, "rules.json");
    try {
      writeFileSync(file, JSON.stringify({ groups: rules[0]!["spec"].groups }));
      expect(execFileSync("promtool", ["check", "rules", file], { encoding: "utf8" })).toContain("SUCCESS");
      writeFileSync(
        file,
        JSON.stringify({ groups: [{ name: "broken", rules: [{ alert: "A", expr: "sum(" }] }] }),
      );
      expect(() => execFileSync("promtool", ["check", "rules", file], { stdio: "pipe" })).toThrow();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
