/** The bundle says what the sources say. It is built beside dist/, where its relative paths are the same. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../policies/rules/index.ts";
import { entryFor } from "../../preview/entry.ts";
import { packInfo } from "../support/policy-pack.ts";
import { childText, requestOf, root, STACKS } from "./child.ts";

const name = "dist-test";
const bundle = join(root, name);

beforeAll(() => {
  execFileSync(process.execPath, [join(root, "scripts/build.mjs"), name], { cwd: root });
});
afterAll(() => rmSync(bundle, { recursive: true, force: true }));

describe("the bundle", () => {
  it.each(STACKS)("gives the same graph of %s as the sources", async (stack) => {
    const request = await requestOf(stack);
    const { child, program } = entryFor(request.program, join(bundle, "cli"));
    expect(program).toBe(join(bundle, "preview/program.js"));
    const graph = childText([child], { ...request, program });
    expect(graph).toBe(childText([join(root, "preview/child.ts")], request));
  });

  it("prints the same document", () => {
    const run = (program: string) =>
      spawnSync(
        process.execPath,
        [join(root, program), "preview", "-s", "dev", "-o", "json", "--date", "2026-11-25"],
        { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 },
      );
    const [bundled, plain] = [run(`${name}/cli/bin.js`), run("cli/bin.ts")];
    expect(bundled.stdout).toContain('"freehold.preview/v1"');
    expect(bundled.stdout).toBe(plain.stdout);
    expect(bundled.status).toBe(plain.status);
  });

  it("runs any other program in the child of the sources, on that project's own SDK", () => {
    const program = join(root, "test/fixtures/programs/secret.ts");
    const source = { child: join(root, "preview/child.ts"), program };
    expect(entryFor(program, join(bundle, "cli"))).toEqual(source);
    expect(entryFor(program)).toEqual(source);
  });
});

describe("the policy pack of a checkout", () => {
  it("starts from the bundle, with a policy for every control", async () => {
    // The manifests of policies/ with the bundle that was built for this test.
    const folder = join(bundle, "pack");
    mkdirSync(folder);
    for (const manifest of ["PulumiPolicy.yaml", "package.json"]) {
      const text = readFileSync(join(root, "policies", manifest), "utf8");
      expect(text).toContain("../dist/policies/index.js");
      writeFileSync(
        join(folder, manifest),
        text.replace("../dist/policies/index.js", "../policies/index.js"),
      );
    }
    const { name, policies } = await packInfo(folder, process.env);
    expect(name).toBe("freehold");
    expect(policies.sort()).toEqual([...rules.map(({ id }) => id), "freehold-profiles"].sort());
  });
});
