import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineCache, Workspace } from "./harness/workspace.ts";

interface Findings {
  results: { controls: { id: string; verdict: string; level: string }[] }[];
}

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
    expect(failed).toEqual([]);
    const { status, out, err } = preview();
    expect(status, out + err).toBe(0);
    expect(out).toContain("freehold@v0.1.0");
  }, 300_000);

  it("fails the preview of a stack that is made to break a control, as freehold check does", () => {
    // Each change is one that a component could get wrong; the rules see resources, never the plan.
    const [file, from, to, control] =
      stack === "onprem"
        ? [
            "plan/kubernetes/pod.ts",
            "allowPrivilegeEscalation: false",
            "allowPrivilegeEscalation: true",
            "K8S-02",
          ]
        : [
            "components/storage.ts",
            "new s3.Bucket(name, { bucket: plan.bucket }",
            'new s3.Bucket(name, { bucket: plan.bucket, region: "ap-south-1" }',
            "RES-02",
          ];
    const path = join(workspace.dir, file!);
    const source = readFileSync(path, "utf8");
    expect(source).toContain(from);
    writeFileSync(path, source.replace(from!, to!));
    const checked = workspace.freehold("check", "-s", stack, "-o", "json");
    expect(checked.status).toBe(5);
    const failed = (JSON.parse(checked.out) as Findings).results[0]!.controls.filter(
      (entry) => entry.verdict === "fail",
    );
    expect(failed.map((entry) => entry.id)).toEqual([control]);
    const { status, out } = preview();
    expect(status).not.toBe(0);
    expect(out).toContain(control);
    expect(out).toMatch(/mandatory/);
  }, 300_000);
});
