import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { document, folder, project, run, set } from "./project.ts";

interface Check {
  name: string;
  status: string;
  detail: string;
  fix: string | null;
}

/** A machine of our own: a home, a search path with nothing on it, no credentials. */
let home: string;
beforeEach(() => {
  home = folder();
  mkdirSync(join(home, "bin"));
  for (const name of Object.keys(process.env))
    if (/^(AWS_|KUBECONFIG)/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", home);
  vi.stubEnv("PATH", join(home, "bin"));
});
afterEach(() => vi.unstubAllEnvs());

function tool(name: string, script: string): void {
  writeFileSync(join(home, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(home, "bin", name), 0o755);
}

async function doctor(...argv: string[]) {
  const { code, json } = await document(["doctor", ...argv], project());
  expect(json.schema).toBe("freehold.doctor/v1");
  const byName = Object.fromEntries((json.checks as Check[]).map((check) => [check.name, check]));
  for (const check of json.checks as Check[])
    if (check.status === "warn" || check.status === "fail") expect(check.fix, check.name).toMatch(/\S/);
  return { code, byName };
}

describe("freehold doctor", () => {
  it("on a bare machine warns of what is missing and is no failure", async () => {
    const { code, byName } = await doctor("-s", "dev");
    expect(code).toBe(0);
    expect(byName).toMatchObject({
      node: { status: "ok" },
      pulumi: { status: "warn", detail: "pulumi is not on PATH" },
      stack: { status: "ok" },
      "aws credentials": { status: "warn" },
      "session-manager-plugin": { status: "warn" },
      "port-forward": { status: "skipped", detail: expect.stringContaining("--region eu-west-1") },
    });
  });

  it("tells a tool that fails from one that is not there", async () => {
    tool("pulumi", "echo v3.270.0");
    tool("session-manager-plugin", "echo broken pipe dream >&2; exit 3");
    const { byName } = await doctor("-s", "dev");
    expect(byName["pulumi"]).toMatchObject({ status: "ok", detail: "v3.270.0" });
    expect(byName["session-manager-plugin"]).toMatchObject({
      status: "warn",
      detail: "session-manager-plugin failed: broken pipe dream",
    });
  });

  it("names credentials and never prints them", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAHUSHHUSH");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "hush");
    const result = await run(["doctor", "-s", "dev"], project());
    expect(result.out).toContain("aws credentials: from AWS_ACCESS_KEY_ID");
    expect(result.out + result.err).not.toMatch(/hush/i);
  });

  it("finds the kubeconfig in any of the files of KUBECONFIG, or at home", async () => {
    expect((await doctor("-s", "onprem")).byName["kubeconfig"]).toMatchObject({ status: "fail" });
    expect((await doctor("-s", "onprem")).code).toBe(1);
    writeFileSync(join(home, "config"), "");
    vi.stubEnv("KUBECONFIG", `${join(home, "gone")}:${join(home, "config")}`);
    tool("kubectl", "echo '{}'");
    const found = await doctor("-s", "onprem");
    expect(found.byName).toMatchObject({ kubeconfig: { status: "ok" }, kubectl: { status: "ok" } });
    expect(found.code).toBe(0);
    vi.stubEnv("KUBECONFIG", undefined);
    mkdirSync(join(home, ".kube"));
    writeFileSync(join(home, ".kube/config"), "");
    expect((await doctor("-s", "onprem")).byName["kubeconfig"]).toMatchObject({ status: "ok" });
  });

  it("of a stack that does not fit is 11", async () => {
    const { code, byName } = await doctor(
      "-s",
      "dev",
      ...set("models[0].instance=g5.xlarge", "models[0].model=Qwen/Qwen2.5-72B-Instruct"),
    );
    expect(byName["stack"]).toMatchObject({ status: "fail", fix: "freehold plan -s dev" });
    expect(code).toBe(11);
  });

  it("fits a terminal", async () => {
    const { out } = await run(["doctor", "-s", "dev"], project());
    expect(out).toMatch(/^ok node: Node \d/);
    for (const line of out.split("\n"))
      if (!line.includes("aws ssm")) expect(line.length).toBeLessThanOrEqual(100);
  });
});
