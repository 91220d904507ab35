import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineCache, Workspace } from "./harness/workspace.ts";

interface Findings {
  results: { controls: { id: string; verdict: string; level: string }[] }[];
}

/** Advice that the stacks do not take; docs/controls.md says why. */
const NOT_TAKEN = ["K8S-04", "K8S-15", "LLM-12"];

describe.each(["eu-gdpr", "us-hipaa", "onprem"])("the policy pack inside the real engine: %s", (stack) => {
  let workspace: Workspace;
  const pack = () => join(workspace.dir, "policies/freehold-policy-pack");
  const preview = () => workspace.pulumi("preview", "--policy-pack", pack());

  beforeAll(() => {
    workspace = new Workspace(engineCache());
    workspace.run("stack", "init", stack);
  });
  afterAll(() => workspace?.remove());

  it("agrees with freehold check", () => {
    const findings = JSON.parse(workspace.freehold("check", "-s", stack, "-o", "json").out) as Findings;
    const failed = findings.results[0]!.controls.filter((control) => control.verdict === "fail");
    expect(failed.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect(failed.map(({ id }) => id)).toEqual(NOT_TAKEN);
    const { status, out, err } = preview();
    expect(status, out + err).toBe(0);
    expect(out).toContain("freehold@v0.1.0");
    expect(violated(out)).toEqual(new Set(NOT_TAKEN));
  }, 300_000);

  it("fails the preview of a stack that is made to break controls, by the same ones as freehold check", () => {
    // Each change is one that a component could get wrong; the rules see resources, never the plan.
    for (const [file, from, to] of stack === "onprem"
      ? KUBERNETES_FAULTS
      : [...KUBERNETES_FAULTS, ...AWS_FAULTS]) {
      const path = join(workspace.dir, file);
      const source = readFileSync(path, "utf8");
      expect(source).toContain(from);
      writeFileSync(path, source.replace(from, to));
    }
    const checked = workspace.freehold("check", "-s", stack, "-o", "json");
    expect(checked.status).toBe(5);
    const failed = (JSON.parse(checked.out) as Findings).results[0]!.controls.filter(
      (entry) => entry.verdict === "fail",
    );
    const ids = failed.map((entry) => entry.id);
    expect(ids).toEqual(
      expect.arrayContaining(stack === "onprem" ? ["K8S-02"] : ["K8S-02", "RES-02", "S3-01"]),
    );
    const { status, out } = preview();
    expect(status).not.toBe(0);
    expect(violated(out)).toEqual(new Set(ids));
  }, 300_000);
});

/** File, text as it stands, text as a careless hand would leave it. */
const KUBERNETES_FAULTS = [
  ["plan/kubernetes/pod.ts", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"],
] as const;
const AWS_FAULTS = [
  [
    "components/storage.ts",
    "{ bucket: plan.bucket }, parent)",
    '{ bucket: plan.bucket, region: "ap-south-1" }, parent)',
  ],
  ["components/storage.ts", "blockPublicAcls: true", "blockPublicAcls: false"],
] as const;

/** Controls that the engine reports as violated. */
function violated(output: string): Set<string> {
  return new Set(
    [...output.matchAll(/\[(?:mandatory|advisory)\].*?\b([A-Z0-9]+-\d\d)\b/g)].map((match) => match[1]!),
  );
}
