/**
 * `npm run bench`: how long the commands take as whole processes, and the rules and the bill over large graphs,
 * beside what each may take. Ratios travel between machines, milliseconds do not. A missed target is said, not an
 * error: a busy machine misses some.
 */
import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import Table from "cli-table3";
import { timeFits } from "./fits.ts";
import { type Command, timeAll } from "./processes.ts";
import { fleetOf, timeRooms } from "./rooms.ts";
import { syntheticGraph } from "./synthetic.ts";

const root = resolve(import.meta.dirname, "..");
const file = resolve(root, "bin/freehold");
const runs = Number(process.env["BENCH_RUNS"] ?? 9);
const STACKS = ["dev", "eu-gdpr", "us-hipaa", "onprem"];
/** Most that a preview may take, in times of a program that registers as many resources on the SDK alone. */
const MOST_OF_BARE = 1.6;
const RESOURCES = 10_000;

const graphs = Object.fromEntries(
  STACKS.map((stack) => {
    const args = ["graph", "-s", stack];
    const { stdout, stderr, status } = spawnSync(file, args, {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(`freehold graph -s ${stack} ended with ${status}: ${stderr}`);
    return [stack, stdout];
  }),
);
const sizeOf = (stack: string) =>
  (JSON.parse(graphs[stack]!) as { deployment: { resources: unknown[] } }).deployment.resources.length;

const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
console.log(
  `${new Date().toISOString().slice(0, 10)} · ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"} · Node ${process.versions.node} · ${runs} runs each, in turns · load before ${load()}\n`,
);

const freehold = (...args: string[]): Command => ({ file, args });
const BARE = "bare SDK program of";
const PREVIEW = "freehold preview -s";
const commands: Record<string, Command> = {
  "node -e 0": { file: process.execPath, args: ["-e", "0"] },
  "freehold --help": freehold("--help"),
  "freehold price": freehold("price", "g6.xlarge", "--region", "eu-west-1"),
  "freehold fit": freehold("fit", "Qwen/Qwen3-8B-AWQ", "--instance", "g6.xlarge", "--context", "16384"),
  "freehold fit, for a load": freehold(
    "fit",
    ...["Qwen/Qwen3-32B-FP8", "--instance", "g6e.12xlarge", "--requests-per-hour", "9000"],
  ),
  "freehold offers": freehold(
    "offers",
    ...["openai/gpt-oss-120b", "--context", "8192", "--input-tokens", "625", "--output-tokens", "1250"],
    ...["--requests-per-month", "1000000"],
  ),
  "freehold compare": freehold(
    "compare",
    ...["--requests-per-month", "1000000", "--input-tokens", "625", "--output-tokens", "1250"],
  ),
};
for (const stack of STACKS) {
  const program = [resolve(root, "bench/bare-program.mjs"), String(sizeOf(stack))];
  commands[`${BARE} ${stack}'s size (${sizeOf(stack)})`] = { file: process.execPath, args: program };
  commands[`${PREVIEW} ${stack}`] = { ...freehold("preview", "-s", stack, "-o", "json"), accept: [0, 5, 10] };
}
const most: Record<string, number> = {
  "freehold --help": 150,
  "freehold price": 150,
  "freehold fit": 200,
  "freehold fit, for a load": 200,
  "freehold offers": 1000,
  "freehold compare": 1000,
};

const times = timeAll(commands, runs, root);
const base = times["node -e 0"]!;
const met = (value: number, target: number) => (value <= target ? "met" : "MISSED");
const ms = (value: number) => `${value.toFixed(0)} ms`;
const plain = {
  style: { head: [], border: [] },
  chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
};
const right = (columns: number) => [
  "left" as const,
  ...Array<"right">(columns).fill("right"),
  "left" as const,
];

const processes = new Table({
  ...plain,
  head: ["whole process", "min", "median", "first", "× node", "× bare", "target (of the median)"],
  colAligns: right(5),
});
for (const [name, timing] of Object.entries(times)) {
  const stack = name.startsWith(PREVIEW) ? name.slice(PREVIEW.length + 1) : null;
  const bare = stack && times[`${BARE} ${stack}'s size (${sizeOf(stack)})`]!;
  const ratio = bare ? timing.median / bare.median : null;
  const target =
    ratio !== null
      ? `≤ ${MOST_OF_BARE} × bare: ${met(ratio, MOST_OF_BARE)}`
      : most[name] !== undefined
        ? `≤ ${most[name]} ms: ${met(timing.median, most[name])}`
        : "";
  processes.push([
    name,
    ms(timing.min),
    ms(timing.median),
    ms(timing.first),
    (timing.median / base.median).toFixed(1),
    ratio?.toFixed(2) ?? "",
    target,
  ]);
}
console.log(processes.toString());

const rooms = new Table({
  ...plain,
  head: ["in process", "min", "first", "processor", "target (of the first)"],
  colAligns: right(3),
});
for (const [name, graph] of [
  ["synthetic platform", syntheticGraph(RESOURCES)],
  ["eu-gdpr over and over", fleetOf(graphs["eu-gdpr"]!, "eu-gdpr", RESOURCES)],
] as const) {
  const { resources, rules, bill } = timeRooms(graph);
  for (const [what, time] of [
    ["rules", rules],
    ["bill", bill],
  ] as const)
    rooms.push([
      `${what}, ${name}, ${resources} resources`,
      ms(time.min),
      ms(time.first),
      ms(time.processor),
      `≤ 1000 ms: ${met(time.first, 1_000)}`,
    ]);
}
console.log(`\n${rooms.toString()}`);

const fits = new Table({
  ...plain,
  head: ["fits in process", "min", "first", "target"],
  colAligns: right(2),
});
const { one, all } = timeFits();
const precise = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const grid = `${all.models} models × ${all.instances} instances`;
// The first fit with throughput reads the measured rows and solves for their corrections, once a process.
fits.push(["one, with throughput", precise(one.min), precise(one.first), `≤ 5 ms (min): ${met(one.min, 5)}`]);
for (const [what, { min, first }] of [
  ["memory", all.memory],
  ["with throughput", all.speed],
] as const)
  fits.push([`${grid}, ${what}`, precise(min), precise(first), `≤ 2000 ms (first): ${met(first, 2_000)}`]);
console.log(`\n${fits.toString()}\n\nload after ${load()}`);
