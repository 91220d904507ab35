import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanEnv, installOffline, pack } from "../support/package.ts";
import { addStandIns, engineCache, pulumi, ROOT } from "./harness/workspace.ts";

const PACK = "node_modules/freehold/dist/package/policies/freehold-policy-pack";

describe("the package in a project of its own, under the real engine", () => {
  let tarball: string;
  let project: string;
  let cache: string;
  const run = (...args: string[]) => pulumi(cache, project, args);

  beforeAll(() => {
    cache = engineCache();
    tarball = pack();
    const tool = mkdtempSync(join(tmpdir(), "freehold-tool-"));
    project = mkdtempSync(join(tmpdir(), "freehold-user-"));
    installOffline(tarball, tool);
    execFileSync(join(tool, "node_modules/.bin/freehold"), ["init", "--dir", project], { env: cleanEnv() });
    rmSync(tool, { recursive: true, force: true });
    // What init writes names the published version; here that version is the tarball.
    const file = join(project, "package.json");
    const wanted = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
    wanted.dependencies["freehold"] = `file:${tarball}`;
    writeFileSync(file, JSON.stringify(wanted));
    execFileSync("npm", ["install", "--no-audit", "--no-fund"], {
      cwd: project,
      env: cleanEnv(),
      stdio: ["ignore", "ignore", "inherit"],
    });
    addStandIns(project);
    copyFileSync(join(ROOT, "stacks/Pulumi.eu-gdpr.yaml"), join(project, "stacks/Pulumi.eu-gdpr.yaml"));
  }, 600_000);

  afterAll(() => {
    for (const folder of [project, tarball && dirname(tarball)]) {
      if (folder) rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(["dev", "eu-gdpr"])("previews %s clean, with the policy pack of the package", (stack) => {
    const made = run("stack", "init", stack);
    expect(made.status, made.err).toBe(0);
    const { status, out, err } = run("preview", "--stack", stack, "--policy-pack", PACK);
    expect(status, out + err).toBe(0);
    expect(out).toContain("freehold:platform:Platform");
    expect(out).toContain("freehold@v");
    expect(out).toContain("monthlyCostUsd");
    const embedded = spawnSync(
      join(project, "node_modules/.bin/freehold"),
      ["preview", "-s", stack, "-o", "json"],
      { cwd: project, env: cleanEnv(), encoding: "utf8", maxBuffer: 1 << 26 },
    );
    expect(embedded.status, embedded.stderr).toBe(0);
    // The money that the engine shows is the money of the bill.
    const { bill } = JSON.parse(embedded.stdout) as { bill: { totals: { monthlyUsd: { max: string } } } };
    expect(out).toContain(bill.totals.monthlyUsd.max);
  });

  it("fails the preview of a program that adds a bucket outside the allowed regions", () => {
    const program = readFileSync(join(project, "index.ts"), "utf8");
    const astray = `import { Bucket } from "@pulumi/aws/s3/index.js";\nnew Bucket("astray", { bucket: "astray", region: "ap-south-1" });\n`;
    writeFileSync(join(project, "index.ts"), astray + program);
    const { status, out } = run("preview", "--stack", "eu-gdpr", "--policy-pack", PACK);
    writeFileSync(join(project, "index.ts"), program);
    expect(status).not.toBe(0);
    expect(out).toContain("RES-02");
    expect(out).toContain("ap-south-1");
  });

  it("type-checks against declarations that are sound themselves", () => {
    copyFileSync(join(ROOT, "test/package/consumer.ts.txt"), join(project, "consumer.ts"));
    const compilerOptions = {
      module: "nodenext",
      target: "es2023",
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: [],
    };
    const files = ["consumer.ts", "index.ts"];
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: project, encoding: "utf8" });
    const ours = stdout.split("\n").filter((line) => /^(node_modules\/freehold\/|consumer|index)/.test(line));
    expect(ours).toEqual([]);
  });
});
