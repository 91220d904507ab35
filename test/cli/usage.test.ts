import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asksForJson } from "../../cli/failure.ts";
import { EXIT_TABLE, everyCommand, program } from "../../cli/program.ts";
import { document, folder, project, ROOT, run, TABLE } from "./project.ts";

const tree = program(
  { out: () => undefined, err: () => undefined, color: false, cwd: ROOT, today: "" },
  () => undefined,
);
const commands = everyCommand(tree)
  .filter((command) => command.parent !== null)
  .map(
    (command) =>
      [command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name()] as const,
  );

describe("help", () => {
  it("has the commands of the contract", () => {
    const names = commands.map(([name]) => name);
    for (const name of [
      "preview",
      "graph",
      "plan",
      "fit",
      "cost",
      "cost diff",
      "price",
      "check",
      "explain",
      "images",
      "doctor",
      "init",
      "schema",
      "completion",
    ])
      expect(names).toContain(name);
  });

  it.each(commands)("%s --help describes, lists flags and gives an example of itself", async (name) => {
    const result = await run([...name.split(" "), "--help"]);
    expect(result).toMatchObject({ code: 0, err: "" });
    expect(result.out).toMatch(new RegExp(`^Usage: freehold ${name}`));
    expect(result.out).toMatch(new RegExp(`Examples?:\n  freehold ${name}`));
    for (const line of result.out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("of the root prints the table of exit codes with every code", async () => {
    const { out } = await run(["--help"]);
    for (const [code, meaning] of EXIT_TABLE) expect(out).toContain(`  ${String(code).padEnd(3)} ${meaning}`);
    expect(EXIT_TABLE.map(([code]) => code).sort((a, b) => a - b)).toEqual(TABLE);
  });

  it("help COMMAND is COMMAND --help", async () => {
    expect((await run(["help", "price"])).out).toBe((await run(["price", "--help"])).out);
  });

  it("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(await run(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  it("without a command, help goes to standard error with 2", async () => {
    const result = await run([]);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toMatch(/^Usage: freehold/);
  });
});

describe("misuse", () => {
  it.each([
    [["previw", "-s", "dev"], "unknown-command", "did you mean preview?"],
    [["help", "chek"], "unknown-command", "did you mean check?"],
    [["cost", "dif", "a", "b"], "unknown-command", "did you mean diff?"],
    [["zzzzzz"], "unknown-command", "freehold --help"],
    [["preview", "--stak", "dev"], "unknown-option", "did you mean --stack?"],
    [["preview", "--stak=dev"], "unknown-option", "did you mean --stack?"],
    [["check", "--grph", "x.json"], "unknown-option", "did you mean --graph?"],
    [["fit", "m", "--max-num-seq", "3"], "unknown-option", "did you mean --max-num-seqs?"],
    [["cost", "diff", "a", "b", "--outptu", "json"], "unknown-option", "did you mean --output?"],
    [["preview"], "missing-option", "e.g. freehold preview -s dev"],
    [["price", "g6.xlarge"], "missing-option", "e.g. freehold price g6e.xlarge --region eu-central-1"],
    [
      ["price", "--region", "eu-west-1"],
      "missing-argument",
      "e.g. freehold price g6e.xlarge --region eu-central-1",
    ],
    [["explain"], "missing-argument", "e.g. freehold explain S3-03"],
    [["cost", "diff", "dev"], "missing-argument", "e.g. freehold cost diff dev eu-gdpr"],
    [
      ["price", "a", "b", "--region", "eu-west-1"],
      "excess-arguments",
      "e.g. freehold price g6e.xlarge --region eu-central-1",
    ],
    [["preview", "-s"], "option-missing-argument", "e.g. freehold preview -s dev"],
    [["cost"], "which-graph", "freehold cost -s dev"],
    [["check", "-s", "dev", "--graph", "x"], "which-graph", "freehold check -s eu-gdpr"],
    [
      ["cost", "--graph", "x", "--config", "freehold:a=1"],
      "flag-without-effect",
      "leave --config out, or use -s",
    ],
    [
      ["cost", "-s", "dev", "--region", "eu-west-1"],
      "flag-without-effect",
      "leave --region out, or use --graph",
    ],
    [["cost", "diff", "dev", "dev", "--graph", "x"], "flag-without-effect", "freehold cost diff OLD NEW"],
    [["fit"], "model-missing", "freehold fit Qwen/Qwen3-8B-AWQ"],
    [["preview", "-s", "dev", "-o", "yaml"], "unknown-format", "-o text"],
    [["preview", "-s", "dev", "--date", "2026-02-30"], "invalid-date", "--date 2026-11-01"],
    [["plan", "-s", "dev", "--date", "tomorrow"], "invalid-date", "--date 2026-11-01"],
    [["explain", "S3-3"], "unknown-control", "did you mean S3-03?"],
    [["check", "-s", "dev", "--controls", "S3-01,S3-99"], "unknown-control", "did you mean S3-09?"],
    [["check", "-s", "dev", "--profile", "gdrp"], "unknown-profile", "did you mean gdpr?"],
    [["check", "-s", "dev", "--profile", ""], "unknown-profile", "--profile gdpr"],
    [["check", "--graph", "x", "--allowed-regions", "eaa"], "unknown-region", null],
    [["schema", "stak"], "unknown-schema", "freehold schema stack"],
    [["completion", "bash", "-o"], "unknown-option", "freehold completion --help"],
    [["completion", "tcsh"], "unknown-shell", "freehold completion bash"],
  ])("%j is %s", async (argv, code, fix) => {
    const result = await run(argv);
    expect(result.code).toBe(2);
    expect(result.out).toBe("");
    expect(result.err).toMatch(/^error: \S/);
    if (fix !== null) expect(result.err).toContain(`\n  fix: ${fix}\n`);
    // Where the format is what is wrong, or a flag would take it for its value.
    if (argv.includes("-o") || argv.includes("--outptu") || argv.at(-1) === "-s") return;
    // Completion scripts are no documents.
    if (argv[0] === "completion") return;
    const json = await document(argv);
    expect(json.code).toBe(2);
    expect(json.json).toMatchObject({ schema: "freehold.error/v1", errors: [{ code, fix: fix ?? null }] });
    expect(Object.keys(json.json.errors[0])).toEqual([
      "code",
      "message",
      "file",
      "line",
      "col",
      "path",
      "value",
      "allowed",
      "fix",
    ]);
    expect(json.err).toBe(result.err);
  });

  it("reports all values of a command line at once", async () => {
    const { json } = await document([
      "fit",
      "Qwen/Qwen3-8B",
      "--tp",
      "two",
      "--context",
      "-1",
      "--kv-dtype",
      "int3",
    ]);
    expect(json.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      "--context",
      "--kv-dtype",
      "--tp",
    ]);
  });
});

describe("the parameters of the rules", () => {
  it("come from a file with every mistake in it reported", async () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, "p.json"),
      '{"allowedRegion":["eea"],"maxRetentionDays":"ninety","multimodal":true}',
    );
    const { json } = await document(["check", "--graph", "x", "--policy-config", "p.json"], cwd);
    expect(json.errors).toMatchObject([
      { code: "unknown-key", file: "p.json", path: "allowedRegion", fix: "did you mean allowedRegions?" },
      { code: "wrong-type", file: "p.json", path: "maxRetentionDays", value: "ninety" },
    ]);
    for (const text of ["[]", "{", "null", '{"allowedRegions":["eaa"]}', '{"date":"2026-02-30"}']) {
      writeFileSync(join(cwd, "p.json"), text);
      expect((await run(["check", "--graph", "x", "--policy-config", "p.json"], cwd)).code, text).toBe(2);
    }
  });

  it("hold for a stack too", async () => {
    const cwd = project();
    writeFileSync(join(cwd, "p.json"), '{"allowedRegions":["us"]}');
    const args = ["check", "-s", "dev", "--controls", "RES-01"];
    const verdict = async (...more: string[]) =>
      (await document([...args, ...more], cwd)).json.results[0].controls[0].verdict;
    // The stack stands in Ireland.
    expect(await verdict("--policy-config", "p.json")).toBe("fail");
    expect(await verdict("--policy-config", "p.json", "--allowed-regions", "eea")).toBe("pass");
  });
});

describe("asksForJson", () => {
  it.each([
    [["x", "-o", "json"], true],
    [["x", "-ojson"], true],
    [["x", "--output=json"], true],
    [["x", "--output", "json"], true],
    [["x", "-o", "json", "-o", "text"], false],
    [["x", "--", "-o", "json"], false],
    [["x", "-o"], false],
    [["json"], false],
    [["x --output json"], false],
  ])("%j: %s", (argv, wanted) => {
    expect(asksForJson(argv)).toBe(wanted);
  });
});
