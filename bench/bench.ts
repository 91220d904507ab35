/**
 * `npm run bench`: whole processes, cold of everything but the compile cache; every figure also as a ratio to a
 * plain `node -e 0` of the same run. Ratios travel between machines, milliseconds do not.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { catalogAsOf } from "../catalog/index.ts";
import { billOf } from "../cost/index.ts";
import { evaluate } from "../policies/evaluate.ts";
import { type Timing, time } from "./processes.ts";
import { syntheticGraph } from "./synthetic.ts";

const root = resolve(import.meta.dirname, "..");
const freehold = resolve(root, "bin/freehold");
const runs = Number(process.env["BENCH_RUNS"] ?? 7);
const STACKS = ["dev", "eu-gdpr", "us-hipaa", "onprem"];

const base = time(process.execPath, ["-e", "0"], { runs, cwd: root });
const rows: [string, Timing, string][] = [["node -e 0", base, ""]];
rows.push(["freehold --help", time(freehold, ["--help"], { runs, cwd: root }), "target 150 ms"]);
rows.push([
  "freehold price",
  time(freehold, ["price", "g6.xlarge", "--region", "eu-west-1"], { runs, cwd: root }),
  "target 150 ms",
]);
for (const stack of STACKS) {
  const graph = spawnSync(freehold, ["graph", "-s", stack], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const count = (JSON.parse(graph.stdout) as { deployment: { resources: unknown[] } }).deployment.resources
    .length;
  const bare = time(process.execPath, [resolve(root, "bench/bare-program.mjs"), String(count)], {
    runs,
    cwd: root,
  });
  const preview = time(freehold, ["preview", "-s", stack, "-o", "json"], {
    runs,
    cwd: root,
    accept: [0, 5, 10],
  });
  rows.push([`bare SDK program, ${count} resources`, bare, ""]);
  rows.push([
    `freehold preview -s ${stack}`,
    preview,
    `${(preview.median / bare.median).toFixed(2)} × the bare program, target 1.6`,
  ]);
}

console.log(
  `${"whole process".padEnd(42)}${"median".padStart(9)}${"min".padStart(9)}${"max".padStart(9)}${"first".padStart(9)}${"× node".padStart(8)}  remark`,
);
for (const [name, timing, remark] of rows) {
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9);
  console.log(
    `${name.padEnd(42)}${ms(timing.median)}${ms(timing.min)}${ms(timing.max)}${ms(timing.first)}${(timing.median / base.median).toFixed(1).padStart(8)}  ${remark}`,
  );
}

const graph = syntheticGraph(10_000);
const clock = <T>(work: () => T): [number, T] => {
  const start = performance.now();
  const result = work();
  return [performance.now() - start, result];
};
const params = {
  date: catalogAsOf(),
  allowedRegions: ["eu-central-1"],
  allowedRegistries: ["docker.io/vllm/"],
};
const [rulesMs] = clock(() =>
  evaluate([{ graph }], { profiles: ["gdpr", "hipaa"], params, catalogAsOf: catalogAsOf() }),
);
const [billMs] = clock(() =>
  billOf(graph, { plan: null, date: catalogAsOf(), catalogAsOf: catalogAsOf(), region: "eu-central-1" }),
);
console.log(
  `\n${graph.resources.length} resources in process: rules ${rulesMs.toFixed(0)} ms, bill ${billMs.toFixed(0)} ms (target 1000 ms each)`,
);
