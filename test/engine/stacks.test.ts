import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byUrn, differences, type State } from "./harness/compare.ts";
import { engineCache, STACKS, Workspace } from "./harness/workspace.ts";

interface Export {
  deployment: { resources: State[] };
}

describe.each(STACKS)("the real engine runs %s", (stack) => {
  let workspace: Workspace;
  let embedded: Map<string, State>;

  beforeAll(() => {
    workspace = new Workspace(engineCache());
    const graph = workspace.freehold("graph", "-s", stack);
    expect(graph.status, graph.err).toBe(0);
    embedded = byUrn((JSON.parse(graph.out) as Export).deployment.resources);
    workspace.run("stack", "init", stack);
  }, 1_800_000);

  afterAll(() => workspace?.remove());

  it("previews the same resources, types, parents and known inputs as the embedded preview", () => {
    const preview = JSON.parse(workspace.run("preview", "--json")) as { steps: { newState: State }[] };
    const real = byUrn(preview.steps.map((step) => step.newState));
    expect([...real.keys()].sort()).toEqual([...embedded.keys()].sort());
    const wrong = [...embedded].flatMap(([urn, mine]) => {
      const theirs = real.get(urn)!;
      return [
        ...(mine.type === theirs.type ? [] : [`${urn}: type`]),
        ...(mine.parent === theirs.parent ? [] : [`${urn}: parent ${mine.parent} ≠ ${theirs.parent}`]),
        ...differences(mine.inputs ?? {}, theirs.inputs ?? {}).map((text) => `${urn}: ${text}`),
      ];
    });
    expect(wrong).toEqual([]);
  }, 300_000);

  it("goes up, is stable, tells the money, and leaves nothing behind", () => {
    workspace.run("up", "--yes", "--skip-preview");
    const state = JSON.parse(workspace.run("stack", "export")) as Export;
    const real = byUrn(state.deployment.resources);
    const wrong = [...embedded].flatMap(([urn, mine]) => {
      const theirs = real.get(urn);
      return theirs
        ? differences(mine.inputs ?? {}, theirs.inputs ?? {}).map((text) => `${urn}: ${text}`)
        : [`${urn} is missing`];
    });
    expect(wrong).toEqual([]);
    const outputs = JSON.parse(workspace.run("stack", "output", "--json")) as Record<string, unknown>;
    const bill = JSON.parse(workspace.freehold("cost", "-s", stack, "-o", "json").out) as {
      totals: { monthlyUsd: unknown };
    };
    expect(outputs["monthlyCostUsd"]).toEqual(bill.totals.monthlyUsd);
    expect(Object.keys(outputs["endpoints"] as object).length).toBeGreaterThan(0);
    workspace.run("preview", "--expect-no-changes");
    workspace.run("destroy", "--yes", "--skip-preview");
    const left = JSON.parse(workspace.run("stack", "export")) as { deployment: { resources?: State[] } };
    expect(left.deployment.resources ?? []).toEqual([]);
  }, 600_000);
});

describe("the comparison", () => {
  it("sees a component that transcribes wrongly on one side", () => {
    const workspace = new Workspace(engineCache());
    try {
      const graph = workspace.freehold("graph", "-s", "eu-gdpr");
      const embedded = byUrn((JSON.parse(graph.out) as Export).deployment.resources);
      const path = join(workspace.dir, "components/storage.ts");
      const source = readFileSync(path, "utf8");
      expect(source).toContain("restrictPublicBuckets: true");
      writeFileSync(path, source.replace("restrictPublicBuckets: true", "restrictPublicBuckets: false"));
      workspace.run("stack", "init", "eu-gdpr");
      const preview = JSON.parse(workspace.run("preview", "--json")) as { steps: { newState: State }[] };
      const real = byUrn(preview.steps.map((step) => step.newState));
      const wrong = [...embedded].flatMap(([urn, mine]) =>
        differences(mine.inputs ?? {}, real.get(urn)?.inputs ?? {}).map((text) => `${urn}: ${text}`),
      );
      expect(wrong).toHaveLength(1);
      expect(wrong[0]).toContain("restrictPublicBuckets");
    } finally {
      workspace.remove();
    }
  }, 300_000);
});
