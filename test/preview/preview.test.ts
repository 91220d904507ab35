import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { runPreview, startPreview } from "../../preview/index.ts";

const dir = resolve(import.meta.dirname, "../fixtures/programs");
const run = (main: string, more: Partial<Parameters<typeof runPreview>[0]> = {}) =>
  runPreview({ dir, main, stack: "dev", project: "demo", configMap: {}, secretKeys: [], ...more });

describe("the embedded preview", () => {
  it("returns the resources in the shape of a stack export, without any secret", async () => {
    const result = await run("secret.ts", {
      configMap: { "freehold:token": "config-hush" },
      secretKeys: ["freehold:token"],
    });
    if (!result.ok) throw new Error(result.error.message);
    const text = JSON.stringify(result.export);
    for (const secret of ["inline-hush", "config-hush", "output-hush"]) expect(text).not.toContain(secret);
    const [stack, map] = result.export.deployment.resources;
    expect(stack).toMatchObject({
      urn: "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev",
      // What the program knows is known; what only the cluster could tell is the engine's unknown value.
      outputs: { name: "map", id: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    });
    expect(map).toMatchObject({
      urn: "urn:pulumi:dev::demo::kubernetes:core/v1:ConfigMap::map",
      type: "kubernetes:core/v1:ConfigMap",
      custom: true,
      parent: stack!.urn,
      inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map" } },
    });
    expect(map!.inputs["data"]).toMatchObject({
      inline: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" },
    });
  });

  it("gives the same bytes twice", async () => {
    const [first, second] = await Promise.all([
      run("secret.ts", { configMap: { "freehold:token": "a" } }),
      run("secret.ts", { configMap: { "freehold:token": "b" }, secretKeys: [] }),
    ]);
    const third = await run("secret.ts", { configMap: { "freehold:token": "a" } });
    expect(JSON.stringify(third)).toBe(JSON.stringify(first));
    expect(second.ok).toBe(true);
  });

  it.each([
    ["crash.ts", "program-failed", "the frobnicator is not plugged in"],
    ["reject.ts", "program-failed", "must be at least replicas.min"],
    ["exit.ts", "program-failed", "exited before"],
    ["missing.ts", "program-missing", "missing.ts"],
  ])("reports %s with the program's own message", async (main, code, words) => {
    const result = await run(main);
    expect(result).toMatchObject({ ok: false, error: { code, file: main } });
    if (!result.ok) {
      expect(result.error.message).toContain(words);
      expect(result.error.message).not.toMatch(/^\s+at /m);
    }
  });

  it("stops a program that hangs", async () => {
    const result = await run("hang.ts", { timeoutMs: 1_500 });
    expect(result).toMatchObject({ ok: false, error: { code: "program-hangs" } });
  });

  it("holds up neither the caller that stops one started ahead, nor the one that forgets it", async () => {
    const started = startPreview({ dir, main: "secret.ts" });
    started.stop();
    const stopped = await started.run({ stack: "dev", project: "demo", configMap: {}, secretKeys: [] });
    expect(stopped).toMatchObject({ ok: false, error: { code: "program-failed" } });
    const module = JSON.stringify(resolve(import.meta.dirname, "../../preview/index.ts"));
    const forgets = `import { startPreview } from ${module}; startPreview(${JSON.stringify({ dir, main: "hang.ts" })})`;
    const { status, signal } = spawnSync(process.execPath, ["--input-type=module", "-e", forgets], {
      timeout: 30_000,
    });
    expect({ status, signal }).toEqual({ status: 0, signal: null });
  });
});
