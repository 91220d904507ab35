import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { factsOf, type VllmFacts } from "../../catalog/build/vllm-source.ts";
import { engine, engines, gpus, model } from "../../catalog/index.ts";
import { engineArguments } from "../../plan/engine-args.ts";
import { profileDefaults } from "../../plan/fit/memory.ts";
import { METRICS } from "../../plan/kubernetes/promql.ts";

/** Read out of the published wheels by `npm run check:vllm -- --record`. */
const recorded: VllmFacts[] = JSON.parse(
  readFileSync(new URL("../../catalog/sources/vllm-facts.json", import.meta.url), "utf8"),
);
const factsFor = (version: string) => recorded.find((row) => row.version === version)!;
const releases = engines().map((row) => row.version);

/** Every argument that a stack can lead to in a release. */
function emitted(version: string): string[] {
  const args = new Set<string>();
  for (const from of ["hub", "s3", "pvc"])
    for (const tensorParallel of [1, 4])
      for (const computeCapability of [7.5, 9.0])
        for (const settings of [
          {},
          { gpuMemoryUtilization: 0.8, kvCacheDtype: "fp8", maxNumSeqs: 8, maxNumBatchedTokens: 2048 },
        ]) {
          const found = engineArguments(
            {
              name: "chat",
              model: "Qwen/Qwen3-8B",
              context: 8192,
              revision: "a".repeat(40),
              ...settings,
            } as never,
            { weights: { from } } as never,
            {
              engine: engine(version)!,
              shape: model("Qwen/Qwen3-8B")!,
              tensorParallel,
              computeCapability,
              bucket: "weights",
              maxNumSeqs: null,
              weightsGib: 40,
            },
          );
          for (const arg of found.args.slice(1)) args.add(arg);
        }
  return [...args];
}

describe("the tables and the source of vLLM", () => {
  it("covers every release of the catalogue, and at least two before them", () => {
    for (const version of releases) expect(factsFor(version), version).toBeDefined();
    expect(recorded.length).toBeGreaterThanOrEqual(releases.length + 2);
    for (const row of recorded) {
      expect(row.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(row.flags.length).toBeGreaterThan(200);
      expect(row.metrics.length).toBeGreaterThan(20);
    }
  });

  it.each(releases)("%s takes every argument that a stack leads to", (version) => {
    const { flags, loadFormats, kvCacheDtypes } = factsFor(version);
    const args = emitted(version);
    expect(args.length).toBeGreaterThan(12);
    for (const arg of args) {
      const [flag, value] = arg.split("=") as [string, string | undefined];
      expect(flags, version).toContain(flag);
      if (flag === "--load-format") expect(loadFormats).toContain(value);
      if (flag === "--kv-cache-dtype") expect(kvCacheDtypes).toContain(value);
    }
  });

  it.each(releases)("%s has the catalogue's defaults", (version) => {
    const facts = factsFor(version);
    const row = engine(version)!;
    expect(row.gpuMemoryUtilizationDefault).toBe(facts.gpuMemoryUtilization);
    expect(row.cudaGraphsInBudget).toBe(facts.cudaGraphsInBudget);
  });

  it.each(releases)(
    "%s lacks the flags that earlier releases had, and the catalogue names each",
    (version) => {
      const own = factsFor(version);
      const removed = engine(version)!.removedFlags;
      for (const flag of removed) expect(own.flags).not.toContain(flag);
      const earlier = recorded.slice(recorded.indexOf(own) + 1).flatMap((row) => row.flags);
      for (const flag of earlier) if (!own.flags.includes(flag)) expect(removed, version).toContain(flag);
    },
  );

  it.each(releases)("%s has the quantization methods of the catalogue", (version) => {
    const { quantizationMethods } = factsFor(version);
    const everywhere = new Set(recorded.flatMap((row) => row.quantizationMethods));
    // cpu_awq is for engines without a GPU.
    const gone = [...everywhere].filter((name) => name !== "cpu_awq" && !quantizationMethods.includes(name));
    expect([...engine(version)!.pluginFormats].sort()).toEqual(gone.sort());
  });

  it.each(releases)("%s sizes its profile run as computed here", (version) => {
    const { batchDefaults } = factsFor(version);
    for (const gpu of gpus())
      for (const apiServer of [true, false]) {
        const row = batchDefaults.find(
          ({ memoryGib, notNamed }) =>
            gpu.visibleGib[0] >= memoryGib && !(notNamed && gpu.name.toLowerCase().includes(notNamed)),
        )!;
        const caller = apiServer ? "apiServer" : "llmClass";
        expect(profileDefaults(gpu, engine(version)!, apiServer, 8192), `${gpu.name} ${version}`).toEqual({
          maxNumSeqs: row.maxNumSeqs[caller],
          maxNumBatchedTokens: row.maxNumBatchedTokens[caller],
        });
      }
  });

  it.each(releases)("%s exports the metrics that scalers, alerts and dashboards read", (version) => {
    const { metrics } = factsFor(version);
    // The client adds a suffix to counters and histograms.
    const exported = metrics.flatMap((name) => [name, `${name}_total`, `${name}_bucket`, `${name}_count`]);
    for (const name of Object.values(METRICS)) expect(exported, name).toContain(name);
    for (const name of mentioned("plan/kubernetes", /"(vllm:[a-z_]+)"/g))
      expect(exported, name).toContain(name);
  });

  it.each(releases)("%s reads the variables that a pod sets", (version) => {
    const names = mentioned("plan/kubernetes", /\b(VLLM_[A-Z_]+)\b/g);
    expect(names.length).toBeGreaterThanOrEqual(5);
    for (const name of names) expect(factsFor(version).environment, name).toContain(name);
  });
});

function mentioned(folder: string, pattern: RegExp): string[] {
  const root = new URL(`../../${folder}/`, import.meta.url);
  const text = readdirSync(root)
    .map((name) => readFileSync(new URL(name, root), "utf8"))
    .join("\n");
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))];
}

describe("a release that changed its form", () => {
  it("is an error that names the file, never an empty table", () => {
    expect(() => factsOf(() => undefined)).toThrow("quantization/__init__.py");
    expect(() => factsOf(() => "nothing of what is looked for")).toThrow(/is not found/);
  });
});
