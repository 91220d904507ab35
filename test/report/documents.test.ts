import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { generatedSchemas } from "../../report/schema/build-docs.ts";
import { documentSchemas } from "../../report/schema/index.ts";
import { files, GRAPHS } from "./fixtures.ts";
import { document, type Json, problems, ROOT, run, STACKS } from "./run.ts";

const made = files();
afterAll(() => made.remove());

const WAIVER = {
  control: "K8S-21",
  resource: "*",
  owner: "platform",
  reason: "the mirror is being built",
  ticket: "OPS-1",
  expires: "2026-12-31",
  approver: "security",
};
const NO_FIT = ["preview", "-s", "us-hipaa", "--config", "freehold:models[0].instance=g6.xlarge"];
const OTHER_REGISTRY = ["--config", 'freehold:policy.allowedRegistries=["registry.example.com/"]'];
const graph = (...names: string[]) => names.flatMap((name) => ["--graph", made.path(`${name}.json`)]);

/** A command with the kind of its document and its exit code; files of the test by their last name. */
const command = (kind: string, code: number, ...argv: string[]): [string, string, number, string[]] => [
  argv.map((word) => basename(word)).join(" "),
  kind,
  code,
  argv,
];

const REFRESH = ["--file", join(ROOT, "test/fixtures/price-list.json"), "--table", made.path("own.json")];
const LOAD = ["--context", "8192", "--input-tokens", "625", "--output-tokens", "1250"];

/** Every command that prints a document of ours, in every state that its schema distinguishes, with its exit code. */
const COMMANDS = [
  ...STACKS.map((stack) => command("preview", 0, "preview", "-s", stack)),
  ...STACKS.map((stack) => command("plan", 0, "plan", "-s", stack)),
  ...STACKS.map((stack) => command("images", 0, "images", "-s", stack)),
  command("preview", 11, ...NO_FIT),
  command("plan", 11, "plan", ...NO_FIT.slice(1)),
  command("preview", 10, "preview", "-s", "onprem", "--config", "freehold:budget.monthlyUsd=1"),
  command("preview", 5, "preview", "-s", "onprem", ...OTHER_REGISTRY),
  command("bill", 0, "cost", "-s", "onprem"),
  command("bill", 0, "cost", ...graph("strange")),
  command("bill", 0, "cost", ...graph("closed")),
  command("billdiff", 0, "cost", "diff", "dev", "onprem"),
  command("findings", 0, "check", "-s", "onprem"),
  command("findings", 5, "check", "-s", "onprem", ...OTHER_REGISTRY),
  command("findings", 5, "check", ...graph("open", "unknown", "closed"), "--controls", "S3-01"),
  command("findings", 2, "check", ...graph("closed", "broken"), "--controls", "S3-01"),
  command("fits", 0, "fit", "Qwen/Qwen3-8B-AWQ"),
  command("fits", 0, "fit", "--batch", made.path("batch.csv")),
  command("fit", 0, "fit", "Qwen/Qwen3-8B-AWQ", "--instance", "g6.xlarge", "--concurrency", "4"),
  command("fit", 11, "fit", "openai/gpt-oss-120b", "--gpu", "T4-16G", "--gpus", "1"),
  command("price", 0, "price", "g6e.xlarge", "--region", "eu-central-1"),
  command("refresh", 0, "prices", "refresh", ...REFRESH),
  command("price", 0, "price", "p5.48xlarge", "--region", "eu-west-1"),
  command("explain", 0, "explain", "S3-03"),
  command("offers", 0, "offers", "openai/gpt-oss-120b", ...LOAD, "--requests-per-month", "1000000"),
  command(
    "offers",
    0,
    "offers",
    "openai/gpt-oss-120b",
    ...LOAD,
    "--concurrency",
    "90",
    "--profile",
    "gdpr,hipaa",
  ),
  command("offers", 11, "offers", "openai/gpt-oss-120b", ...LOAD, "--concurrency", "9", "--max-ttft-ms", "1"),
  command("comparison", 0, "compare", ...LOAD.slice(2), "--requests-per-month", "1000000"),
  command(
    "comparison",
    0,
    "compare",
    ...LOAD.slice(2),
    "--requests-per-month",
    "9",
    "--regulated-share",
    "0.5",
  ),
  command("comparison", 0, "compare", ...LOAD.slice(2), "--requests-per-month", "9", "--deadline-days", "0"),
];

const ERRORS = [
  command("error", 2, "preview", "-s", "nowhere"),
  command("error", 2, "preview", "-s", "dev", "--config", "freehold:models[0].replicas.min=-1"),
  command("error", 2, "preview", "-s", "dev", "--config", "freehold:modles=1"),
  command("error", 2, "preview", "-s", "dev", "--date", "yesterday"),
  command("error", 2, "preview"),
  command("error", 2, "preview", "-s", "dev", "--colour"),
  command("error", 2, "previw", "-s", "dev"),
  command("error", 2, "price", "g6e.xlarg", "--region", "eu-central-1"),
  command("error", 2, "price", "g6e.xlarge", "--region", "eu-central-9"),
  command("error", 2, "explain", "S3-99"),
  command("error", 2, "offers", "openai/gpt-oss-120", ...LOAD, "--concurrency", "0", "--regions", "eu"),
  command("error", 2, "compare", ...LOAD.slice(2), "--requests-per-month", "1e6", "--api", "gpt-4.2"),
  command("error", 2, "fit", "nobody/nothing"),
  command("error", 2, "fit", "--batch", "missing.csv"),
  command("error", 2, "check", ...graph("closed"), "--profile", "gdrp"),
  command("error", 2, "cost", ...graph("broken")),
  command("error", 2, "cost", "--graph", "missing.json"),
  command("error", 1, "preview", "-s", "dev", "--stack-dir", made.path("crashing")),
];

describe("the shipped schemas", () => {
  it("are what the zod schemas generate, and nothing else", () => {
    const generated = generatedSchemas();
    const committed = readdirSync(join(ROOT, "schemas")).map((name) => `schemas/${name}`);
    expect(committed.sort()).toEqual([...Object.keys(generated), "schemas/stack.schema.json"].sort());
    for (const [path, text] of Object.entries(generated))
      expect(readFileSync(join(ROOT, path), "utf8"), `${path}: npm run docs:build`).toBe(text);
  });

  it.each([...Object.keys(documentSchemas), "stack"])("prints %s", async (kind) => {
    const { code, out } = await run("schema", kind);
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(join(ROOT, `schemas/${kind}.schema.json`), "utf8"));
    expect(JSON.parse(out)).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
  });
});

describe("a real document", () => {
  it.each(COMMANDS)("of %s is a valid %s, exit code %d", async (_, kind, code, argv) => {
    const ran = await run(...argv, "-o", "json");
    expect(ran.code, ran.err).toBe(code);
    const value = JSON.parse(ran.out);
    expect(value.schema).toBe(`freehold.${kind}/v1`);
    expect(problems(value)).toEqual([]);
  });

  it("of doctor is valid, whatever this machine has", async () => {
    for (const argv of [["doctor"], ["doctor", "-s", "onprem"]])
      expect(problems(await document(...argv))).toEqual([]);
  });

  it.each(ERRORS)("of %s is a valid %s, exit code %d", async (_, _kind, code, argv) => {
    const ran = await run(...argv, "-o", "json");
    expect(ran.code).toBe(code);
    const value = JSON.parse(ran.out);
    expect(value.schema).toBe("freehold.error/v1");
    expect(problems(value)).toEqual([]);
  });

  it("of the catalogue's kinds is in the list above, each kind at least once", () => {
    const kinds = new Set([...COMMANDS.map(([, kind]) => kind), "doctor", "error", "resources"]);
    expect([...kinds].sort()).toEqual(Object.keys(documentSchemas).sort());
  });

  it("that check and cost read is valid too", () => {
    for (const value of Object.values(GRAPHS)) expect(problems(value)).toEqual([]);
  });

  it("shows every verdict of a control", async () => {
    const waived = await document(
      ...["check", "-s", "onprem", ...OTHER_REGISTRY],
      ...["--config", `freehold:policy.waivers=${JSON.stringify([WAIVER])}`],
    );
    const judged = await document("check", ...graph("open", "unknown", "closed"), "--controls", "S3-01");
    expect(problems(waived)).toEqual([]);
    const verdicts = [...waived.results, ...judged.results].flatMap((result: Json) =>
      result.controls.map((control: Json) => control.verdict),
    );
    expect(new Set(verdicts)).toEqual(new Set(["fail", "unknown", "waived", "pass", "not-applicable"]));
  });

  it("that does not fit has no bill, no findings and no resources, and says why", async () => {
    const value = await document(...NO_FIT);
    expect(value).toMatchObject({ verdict: "does-not-fit", bill: null, findings: null, resources: null });
    expect(value.reason).toMatch(/\w/);
    expect(value.plan.refusals[0]).toMatchObject({ code: "does-not-fit", unit: expect.any(String) });
  });
});

/** Names that scripts rely on, copied from the frozen contract of the documents. */
const FROZEN: [argv: string[], at: (value: Json) => Json, names: string][] = [
  [["preview", "-s", "onprem"], (value) => value, "schema stack date verdict plan bill findings resources"],
  [["preview", "-s", "onprem"], (value) => value.resources, "total byType"],
  [
    ["preview", "-s", "onprem"],
    (value) => value.plan.models[0].decisions.instance,
    "value from why rejected",
  ],
  [
    ["preview", "-s", "onprem"],
    (value) => value.plan.models[0],
    "name model revision quantization instance gpu tensorParallel pipelineParallel replicas engineArgs image",
  ],
  [
    ["cost", "-s", "onprem"],
    (value) => value,
    "schema currency hoursPerMonth pricesAsOf lines totals budget",
  ],
  [
    ["cost", "-s", "onprem"],
    (value) => value.lines[0],
    "resource type what quantity unit unitPriceUsd monthlyUsd kind reason source asOf",
  ],
  [
    ["cost", "-s", "onprem"],
    (value) => value.totals,
    "monthlyUsd fixedUsd usageUsd perMillionTokensUsd resources",
  ],
  [["cost", "-s", "onprem"], (value) => value.totals.resources, "total priced partial free unknown"],
  [
    ["cost", "-s", "onprem"],
    (value) => value.budget,
    "basis monthlyUsd perMillionTokensUsd growthPct status reasons",
  ],
  [["check", "-s", "onprem"], (value) => value, "schema profiles results summary"],
  [["check", "-s", "onprem"], (value) => value.summary, "fail unknown waived pass notApplicable"],
  [
    ["check", "-s", "onprem"],
    (value) => value.results[0].controls[0],
    "id level verdict violations unknowns waived",
  ],
  [
    ["fit", "openai/gpt-oss-120b", "--gpu", "T4-16G", "--gpus", "1"],
    (value) => value,
    "schema model quantization gpu gpus instance tensorParallel pipelineParallel engineVersion verdict reasons nearestThatFits perGpu kvBytesPerToken kvCacheTokens maxModelLenThatFits maxConcurrency throughput",
  ],
  [
    ["fit", "Qwen/Qwen3-8B-AWQ"],
    (value) => value.rows[0].perGpu,
    "totalGiB requestedGiB weightsGiB activationGiB nonTorchGiB cudaGraphGiB kvCacheGiB",
  ],
  [
    ["fit", "Qwen/Qwen3-8B-AWQ", "--instance", "g6.xlarge", "--concurrency", "4"],
    (value) => value.throughput,
    "outputTokensPerSecond interTokenLatencyMs timeToFirstTokenMs requestsPerSecond coveragePct basis anchor",
  ],
  [
    ["price", "p5.48xlarge", "--region", "eu-west-1"],
    (value) => value,
    "schema instance region onDemandUsdPerHour source asOf reason regionsWithPrice",
  ],
  [["explain", "S3-99"], (value) => value.errors[0], "code message file line col path value allowed fix"],
];

it.each(FROZEN)("%j has every name of the contract", async (argv, at, names) => {
  expect(Object.keys(at(await document(...argv)))).toEqual(expect.arrayContaining(names.split(" ")));
});

/** Changes that no schema may let pass: where, and what is done there. */
type Change = [name: string, argv: string[], change: (value: Json) => void];

const PREVIEW = ["preview", "-s", "onprem"];
const BILL = ["cost", ...graph("strange")];
const FINDINGS = ["check", ...graph("open", "unknown", "closed"), "--controls", "S3-01"];
const CHANGES: Change[] = [
  ["a key of no one", PREVIEW, (value) => Object.assign(value.plan.models[0], { mdoel: "x" })],
  ["a verdict of no one", PREVIEW, (value) => Object.assign(value, { verdict: "fine" })],
  ["a bill beside does-not-fit", PREVIEW, (value) => Object.assign(value, { verdict: "does-not-fit" })],
  ["no bill beside ok", PREVIEW, (value) => Object.assign(value, { bill: null, reason: "lost" })],
  ["no bill, no reason", NO_FIT, (value) => Object.assign(value, { reason: null })],
  ["a day of another spelling", PREVIEW, (value) => Object.assign(value, { date: "15.10.2026" })],
  ["money as a number", PREVIEW, (value) => Object.assign(value.bill.totals.monthlyUsd, { max: 8702 })],
  ["money with two places", PREVIEW, (value) => Object.assign(value.plan.budget, { monthlyUsd: "10.00" })],
  ["a unit price as a number", PREVIEW, (value) => Object.assign(value.bill.lines[0], { unitPriceUsd: 0.1 })],
  ["a week of 167 hours", PREVIEW, (value) => value.plan.models[0].load.week.pop()],
  ["a decision without why", PREVIEW, (value) => delete value.plan.models[0].decisions.instance.why],
  ["refusals beside ok", PREVIEW, (value) => value.plan.refusals.push(value.plan.refusals[0])],
  [
    "an unknown line with an amount",
    BILL,
    (value) => Object.assign(value.bill?.lines[0] ?? value.lines[0], { monthlyUsd: value.totals.monthlyUsd }),
  ],
  ["an unknown line without reason", BILL, (value) => Object.assign(value.lines[0], { reason: null })],
  ["a fail without violations", FINDINGS, (value) => value.results[0].controls[0].violations.pop()],
  [
    "a pass with unknowns",
    FINDINGS,
    (value) => value.results[2].controls[0].unknowns.push(value.results[1].controls[0].unknowns[0]),
  ],
  ["an unknown without unknowns", FINDINGS, (value) => value.results[1].controls[0].unknowns.pop()],
  [
    "a level of no one",
    FINDINGS,
    (value) => Object.assign(value.results[0].controls[0], { level: "required" }),
  ],
  [
    "no price, no reason",
    ["price", "p5.48xlarge", "--region", "eu-west-1"],
    (value) => Object.assign(value, { reason: null }),
  ],
  [
    "a refusal without reasons",
    ["fit", "openai/gpt-oss-120b", "--gpu", "T4-16G", "--gpus", "1"],
    (value) => Object.assign(value, { reasons: [] }),
  ],
  [
    "an estimate without its middle",
    ["fit", "Qwen/Qwen3-8B-AWQ"],
    (value) => delete value.rows[0].perGpu.weightsGiB.expected,
  ],
  ["no error at all", ["explain", "S3-99"], (value) => Object.assign(value, { errors: [] })],
];

describe("the validator can fail", () => {
  it.each(CHANGES)("%s", async (_, argv, change) => {
    const value = structuredClone(await document(...argv));
    expect(problems(value)).toEqual([]);
    change(value);
    expect(problems(value)).not.toEqual([]);
  });

  it.each(COMMANDS)("of %s needs every key of its first level", async (_, _kind, _code, argv) => {
    const value = await document(...argv);
    for (const key of Object.keys(value).filter((name) => name !== "schema")) {
      const { [key]: _gone, ...rest } = value;
      expect(problems(rest), key).not.toEqual([]);
    }
    expect(problems({ ...value, extra: 1 })).not.toEqual([]);
  });

  it("on a list of resources with a key that no one reads", () => {
    const { closed } = GRAPHS;
    expect(problems({ ...closed, config: { allowedRegion: ["eu-central-1"] } })).not.toEqual([]);
    const [first] = closed.resources as Json[];
    expect(problems({ ...closed, resources: [{ ...first, prosp: {} }] })).not.toEqual([]);
  });
});
