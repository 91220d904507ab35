import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cleanEnv, filesOf, installOffline, manifest, pack, ROOT } from "../support/package.ts";
import { packInfo } from "../support/policy-pack.ts";

const run = promisify(execFile);
let tarball: string;
let project: string;
let home: string;

/** Runs a program in the user's project; the reply holds what it printed and its exit status. */
async function inProject(command: string, args: string[]) {
  const options = { cwd: project, env: cleanEnv(), maxBuffer: 1 << 26 };
  return run(command, args, options).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ ...error, status: error.code }),
  );
}
const freehold = (...args: string[]) => inProject(join(project, "node_modules/.bin/freehold"), args);

beforeAll(async () => {
  tarball = pack();
  project = mkdtempSync(join(tmpdir(), "freehold-user-"));
  home = installOffline(tarball, project, ["@types/node"]);
  const { status, stderr } = await freehold("init");
  if (status !== 0) throw new Error(stderr);
}, 120_000);

afterAll(() => {
  for (const folder of [project, tarball && dirname(tarball)]) {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
});

/** Source files of the rooms that a user's program or command runs through. */
function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return [path];
  });
}

const ROOMS = [
  "catalog",
  "cli",
  "components",
  "config",
  "cost",
  "graph",
  "plan",
  "policies",
  "preview",
  "report",
];
/** What builds the catalogue, the schemas and the documentation; a user has no use for it. */
const TOOLS = /^catalog\/(build|sources)\/|\/build-docs\.ts$/;

describe("the package", () => {
  it("ships compiled code, declarations, data, schemas and templates, and nothing else", () => {
    const rooms = ROOMS.flatMap(sources).filter((path) => !TOOLS.test(path));
    const modules = [...rooms, "deploy.ts", "freehold.ts", "money-output.ts"]
      .filter((path) => path.endsWith(".ts"))
      .map((path) => `dist/package/${path.slice(0, -3)}`);
    const data = [...rooms.filter((path) => path.endsWith(".json")), ...sources("cli/templates")];
    const expected = [
      "package.json",
      ...["CHANGELOG.md", "LICENSE", "README.md"].filter((name) => readdirSync(ROOT).includes(name)),
      ...sources("schemas"),
      ...modules.flatMap((path) => [`${path}.js`, `${path}.d.ts`]),
      ...data.map((path) => `dist/package/${path}`),
      "dist/package/policies/PulumiPolicy.yaml",
      "dist/package/policies/freehold-policy-pack",
      "dist/package/stacks/Pulumi.dev.yaml",
    ];
    expect(filesOf(tarball)).toEqual(expected.sort());
  });

  it("names no folder of the machine that built it, and no source that it lacks", () => {
    const wrong = filesOf(tarball).flatMap((path) => {
      const text = readFileSync(join(home, path), "utf8");
      const places = [ROOT, dirname(tarball), homedir()].filter(
        (place) => place !== "/" && text.includes(place),
      );
      const imports = path.endsWith(".js") ? [...text.matchAll(/from "(\.[^"]*\.ts)"/g)] : [];
      const maps = /sourceMappingURL/.test(text) && path.endsWith(".js") ? ["a source map"] : [];
      return [...places, ...imports.map((match) => match[1]!), ...maps].map((what) => `${path}: ${what}`);
    });
    expect(wrong).toEqual([]);
  });

  it("says one version everywhere", async () => {
    const { version } = manifest(ROOT);
    const policies = join(home, "dist/package/policies");
    expect(manifest(home).version).toBe(version);
    expect(manifest(policies).version).toBe(version);
    expect(parse(readFileSync(join(policies, "PulumiPolicy.yaml"), "utf8"))).toMatchObject({ version });
    expect((await freehold("--version")).stdout.trim()).toContain(version);
    const wanted = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    expect(wanted.dependencies["freehold"]).toBe(version);
  });

  it("points every export and the command at a file that it ships", () => {
    const { exports, bin } = manifest(home);
    const files = new Set(filesOf(tarball).map((path) => `./${path}`));
    const targets = [
      ...Object.values(exports).flatMap((target) =>
        typeof target === "string" ? [target] : Object.values(target),
      ),
      ...Object.values(bin).map((path) => `./${path}`),
    ].filter((target) => !target.includes("*"));
    expect(targets.filter((target) => !files.has(target))).toEqual([]);
    const { resolve } = createRequire(join(project, "index.ts"));
    expect(resolve("freehold/schemas/stack.schema.json")).toBe(join(home, "schemas/stack.schema.json"));
    expect(() => resolve("freehold/dist/package/plan/index.js")).toThrow(/not defined by "exports"/);
  });
});

describe("a project made by freehold init", () => {
  it("holds a program, a stack and the versions that the package was tested with", () => {
    expect(readdirSync(project).sort()).toEqual([
      ".gitignore",
      "Pulumi.yaml",
      "index.ts",
      "node_modules",
      "package.json",
      "stacks",
    ]);
    const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const wanted = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const name of Object.keys(manifest(home).peerDependencies)) {
      expect(wanted.dependencies[name], name).toBe(own.devDependencies[name]);
    }
    const stack = readFileSync(join(project, "stacks/Pulumi.dev.yaml"), "utf8");
    const schema = /\$schema=(\S+)/.exec(stack)![1]!;
    expect(readFileSync(join(project, "stacks", schema), "utf8")).toBe(
      readFileSync(join(ROOT, "schemas/stack.schema.json"), "utf8"),
    );
  });

  it("previews clean", async () => {
    const { status, stdout, stderr } = await freehold("preview", "-s", "dev", "-o", "json");
    expect(status, stderr).toBe(0);
    const preview = JSON.parse(stdout) as {
      verdict: string;
      resources: { byType: Record<string, number> };
      bill: { totals: { monthlyUsd: { expected: string } } };
    };
    expect(preview.verdict).toBe("ok");
    expect(preview.resources.byType).toMatchObject({
      "freehold:platform:Platform": 1,
      "aws:eks/cluster:Cluster": 1,
    });
    expect(Number(preview.bill.totals.monthlyUsd.expected)).toBeGreaterThan(100);
  });

  it("is not overwritten by a second init", async () => {
    const before = readFileSync(join(project, "index.ts"), "utf8");
    const { status, stderr } = await freehold("init");
    expect(status).toBe(2);
    expect(stderr).toContain("already holds package.json");
    expect(readFileSync(join(project, "index.ts"), "utf8")).toBe(before);
  });
});

describe("a program of the user's own", () => {
  it("type-checks, the example in the documentation of Platform too, and runs single components", async () => {
    writeFileSync(
      join(project, "consumer.ts"),
      readFileSync(join(import.meta.dirname, "consumer.ts.txt"), "utf8"),
    );
    const documented = readFileSync(join(ROOT, "components/platform.ts"), "utf8");
    const example = /```ts\n([\s\S]*?)```/.exec(documented)![1]!.replace(/^ \* ?/gm, "");
    writeFileSync(join(project, "example.ts"), example);
    const compilerOptions = {
      module: "nodenext",
      moduleResolution: "nodenext",
      target: "es2023",
      strict: true,
      noEmit: true,
      types: ["node"],
      skipLibCheck: true,
    };
    const files = ["consumer.ts", "example.ts", "index.ts"];
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const [checked, ran] = await Promise.all([
      inProject(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."]),
      inProject(process.execPath, ["consumer.ts"]),
    ]);
    expect(checked.stdout).toBe("");
    expect(checked.status).toBe(0);
    expect(ran.status, ran.stderr).toBe(0);
    const { endpoints, types, single } = JSON.parse(ran.stdout) as {
      endpoints: object;
      types: string[];
      single: { inputs: object };
    };
    expect(endpoints).toEqual({ chat: "http://chat.llm-serving.svc:8000/v1" });
    expect(single.inputs).toEqual({ bucket: "my-weights", tags: { team: "search" } });
    expect(types).toEqual(
      expect.arrayContaining([
        "aws:eks/nodeGroup:NodeGroup",
        "aws:kms/key:Key",
        "freehold:serving:WeightsBucket",
        "kubernetes:apps/v1:Deployment",
      ]),
    );
  });
});

describe("the policy pack of the package", () => {
  it("starts under the SDK's own runner, as the engine starts a pack that is a folder", async () => {
    const info = await packInfo(join(home, "dist/package/policies"), cleanEnv());
    expect(info).toMatchObject({ name: "freehold", version: manifest(ROOT).version });
    expect(info.policies).toEqual(expect.arrayContaining(["RES-02", "S3-03", "EKS-01", "K8S-02", "LLM-01"]));
  });
});
