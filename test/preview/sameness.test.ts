/** What makes the child process start faster changes no byte of what it says. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { loadStack } from "../../config/index.ts";
import type { ChildRequest } from "../../preview/child.ts";
import { deferred } from "../../preview/deferred.ts";
import { runPreview } from "../../preview/index.ts";

const root = resolve(import.meta.dirname, "../..");
const programs = join(root, "test/fixtures/programs");
const hooks = pathToFileURL(join(import.meta.dirname, "undeferred.mjs")).href;

/** Runs the child as it is, or with plain SDK, and returns its export as text. */
function child(request: ChildRequest, plain: boolean): string {
  const result = spawnSync(
    process.execPath,
    [...(plain ? ["--import", hooks] : []), join(root, "preview/child.ts")],
    {
      input: JSON.stringify(request),
      cwd: root,
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      maxBuffer: 1 << 26,
    },
  );
  expect(result.stderr!.toString()).not.toMatch(/error/i);
  expect(result.status).toBe(0);
  return result.output[3]!.toString();
}

describe("the preview with parts of the SDK deferred", () => {
  it.each(["dev", "eu-gdpr", "us-hipaa", "onprem"])(
    "gives the same graph of %s as the plain SDK",
    async (stack) => {
      const loaded = await loadStack({ dir: root, stack, overrides: [] });
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
      const request: ChildRequest = {
        program: join(root, "index.ts"),
        project: loaded.project,
        stack,
        organization: "organization",
        config: loaded.configMap,
        secretKeys: loaded.secretKeys,
      };
      const graph = child(request, false);
      expect(JSON.parse(graph).deployment.resources.length).toBeGreaterThan(10);
      expect(graph).toBe(child(request, true));
    },
  );

  it("still serializes functions, and gives a program the real package", async () => {
    const options = { dir: programs, main: "dynamic.ts", stack: "dev", project: "demo" };
    const result = await runPreview({ ...options, configMap: {}, secretKeys: [] });
    if (!result.ok) throw new Error(result.error.message);
    const [stack, greeting] = result.export.deployment.resources;
    expect(stack!.outputs).toEqual({ kind: "FirstStatement", version: ts.version });
    expect(greeting!.type).toBe("pulumi-nodejs:dynamic:Resource");
    const request = { ...options, program: join(programs, "dynamic.ts"), organization: "organization" };
    const plain = child({ ...request, config: {}, secretKeys: [] }, true);
    expect(JSON.stringify(result.export)).toBe(plain);
  });
});

describe("a deferred module", () => {
  const require = createRequire(import.meta.url);
  const interop = (name: string) => {
    const real = require(name) as Record<string, unknown>;
    return { real, late: deferred(() => real) as Record<string, unknown> };
  };

  it("is not loaded before it is read from, and once only", () => {
    let loads = 0;
    const late = deferred(() => ({ answer: 42 + loads++ })) as Record<string, unknown>;
    expect(late["__esModule"]).toBe(true);
    expect(loads).toBe(0);
    expect([late["answer"], late["answer"]]).toEqual([42, 42]);
    expect(loads).toBe(1);
  });

  it.each(["typescript", "@npmcli/arborist", "normalize-package-data"])(
    "shows all that %s exports",
    (name) => {
      const { real, late } = interop(name);
      const keys = Object.keys(real);
      expect(Object.keys(late)).toEqual(keys);
      for (const key of keys) {
        expect(late[key]).toBe(real[key]);
        expect(key in late).toBe(true);
      }
      expect(late["default"]).toBe(real["__esModule"] ? real["default"] : real);
      expect(late["nothing of that name"]).toBeUndefined();
    },
  );
});
