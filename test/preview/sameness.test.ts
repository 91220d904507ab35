/** What makes the child process start faster changes no byte of what it says. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { deferred } from "../../preview/deferred.ts";
import { runPreview } from "../../preview/index.ts";
import { childText, requestOf, root, STACKS } from "./child.ts";

const programs = join(root, "test/fixtures/programs");
const source = join(root, "preview/child.ts");
/** The child without its two accelerations. */
const plain = ["--import", pathToFileURL(join(import.meta.dirname, "undeferred.mjs")).href, source];

describe("the preview with parts of the SDK deferred", () => {
  it.each(STACKS)("gives the same graph of %s as the plain SDK", async (stack) => {
    const request = await requestOf(stack);
    const graph = childText([source], request);
    expect(JSON.parse(graph).deployment.resources.length).toBeGreaterThan(10);
    expect(graph).toBe(childText(plain, request));
  });

  it("still serializes functions, and gives a program the real package", async () => {
    const options = { dir: programs, main: "dynamic.ts", stack: "dev", project: "demo" };
    const result = await runPreview({ ...options, configMap: {}, secretKeys: [] });
    if (!result.ok) throw new Error(result.error.message);
    const [stack, greeting] = result.export.deployment.resources;
    expect(stack!.outputs).toEqual({ kind: "FirstStatement", version: ts.version });
    expect(greeting!.type).toBe("pulumi-nodejs:dynamic:Resource");
    const request = { ...options, program: join(programs, "dynamic.ts"), organization: "organization" };
    const expected = childText(plain, { ...request, config: {}, secretKeys: [] });
    expect(JSON.stringify(result.export)).toBe(expected);
  });
});

describe("a deferred module", () => {
  const require = createRequire(import.meta.url);
  const interop = (name: string) => {
    // The real package, not the stand-in that importing this room may have put into the cache.
    delete require.cache[require.resolve(name)];
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
