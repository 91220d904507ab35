import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Io } from "../../cli/io.ts";
import { type Document, document, folder, project, ROOT, run, set } from "./project.ts";

const COMMANDS = ["preview", "plan", "graph", "images", "cost", "check", "doctor"];
let dir: string;
beforeAll(() => {
  dir = project();
});

/** A project whose stack `bad` holds this text. */
function withStack(text: string | Buffer): string {
  const path = project(null);
  writeFileSync(join(path, "stacks/Pulumi.bad.yaml"), text);
  return path;
}
const onprem = readFileSync(join(ROOT, "stacks/Pulumi.onprem.yaml"), "utf8");

describe("a stack file that cannot be used", () => {
  it.each([
    ["empty", "", /bad\.yaml/],
    ["only a comment", "# later\n", /bad\.yaml/],
    ["no configuration", "config:\n", /bad\.yaml/],
    ["a list", "- a\n- b\n", /bad\.yaml:1/],
    ["not YAML", 'config: { "freehold:aws": [ }\n', /bad\.yaml:1/],
    ["binary", Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x80]), /bad\.yaml/],
    ["negative replicas", onprem.replace("min: 2", "min: -2"), /bad\.yaml:\d+:\d+: .*-2/],
    ["max below min", onprem.replace("max: 4", "max: 1"), /bad\.yaml:\d+:\d+: /],
    [
      "a misspelt key",
      onprem.replace("context: 16384", "contxt: 16384"),
      /contxt[\s\S]*did you mean context/i,
    ],
    [
      "two mistakes",
      onprem.replace("min: 2", "min: -2").replace("pue: 1.4", "pue: 9"),
      /-2[\s\S]*bad\.yaml:\d+:\d+: .*9/,
    ],
  ])("(%s) is 2 for every command, with the place", async (_, text, says) => {
    const cwd = withStack(text);
    for (const command of COMMANDS) {
      const { code, json, err } = await document([command, "-s", "bad"], cwd);
      expect({ command, code }).toEqual({ command, code: 2 });
      expect(json.schema).toBe("freehold.error/v1");
      expect(err).toMatch(says);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });

  it.each([
    ["dve", "did you mean dev?"],
    ["", null],
    ["../../etc/passwd", null],
    ["dev\0", null],
    ["x".repeat(500), null],
  ])("of the name %j is 2 with the stacks there are", async (name, fix) => {
    for (const command of COMMANDS) {
      const { code, json } = await document([command, "-s", name], dir);
      expect({ command, code }).toEqual({ command, code: 2 });
      if (fix !== null)
        expect(json.errors[0]).toMatchObject({ fix, allowed: ["dev", "eu-gdpr", "onprem", "us-hipaa"] });
    }
  });

  it("in a folder without a project is 2 and says how to get one", async () => {
    const { code, err } = await run(["preview", "-s", "dev"], folder());
    expect(code).toBe(2);
    expect(err).toMatch(/Pulumi\.yaml[\s\S]*freehold init/);
  });

  it("beside no program is 2", async () => {
    const { code, json } = await document(["preview", "-s", "dev"], project(null));
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ code: "program-missing", fix: expect.stringContaining("init") }]);
  });

  it("of a folder that is none is 2", async () => {
    for (const where of ["/dev/null", "nowhere", "Pulumi.yaml"])
      expect((await run(["preview", "-s", "dev", "--stack-dir", where], dir)).code).toBe(2);
  });
});

describe("a choice that cannot be", () => {
  const of = async (stack: string, ...pairs: string[]) =>
    document(["preview", "-s", stack, ...set(...pairs)], dir);
  const says = (json: Document): string =>
    JSON.stringify(json.schema === "freehold.preview/v1" ? json.plan.refusals : json.errors);

  it("a model that is not in the catalogue names the nearest, and the way to bring one's own", async () => {
    const { code, json } = await of("dev", "models[0].model=Qwen/Qwen2.5-7B-Instruct-AWG");
    expect(code).toBe(2);
    expect(says(json)).toContain("Qwen/Qwen2.5-7B-Instruct-AWQ");
    expect(says(json)).toContain("config.json");
  });

  it("an instance that the region does not offer names where it is", async () => {
    const { code, json } = await of("dev", "models[0].instance=g7e.2xlarge");
    expect(code).not.toBe(0);
    expect([2, 11]).toContain(code);
    expect(says(json)).toMatch(/g7e\.2xlarge/);
    expect(says(json)).toMatch(/eu-west-1/);
  });

  it("an instance that nobody knows names the nearest", async () => {
    const { code, json } = await of("dev", "models[0].instance=g5.xlrge");
    expect([2, 11]).toContain(code);
    expect(says(json)).toContain("g5.xlarge");
  });

  it("a region outside the allowed set names both", async () => {
    const { code, json } = await of("eu-gdpr", "aws.region=us-east-1");
    expect(code).toBe(2);
    expect(says(json)).toContain("us-east-1");
    expect(json.errors[0].allowed ?? json.errors[0].message).toEqual(expect.anything());
  });

  it.each([
    ["min below nothing", ["models[0].replicas.min=-1"]],
    ["max below min", ["models[0].replicas.min=3", "models[0].replicas.max=2"]],
    ["a budget that is no amount", ["budget.monthlyUsd=plenty"]],
    ["a negative budget", ["budget.monthlyUsd=-1"]],
    ["a context of nothing", ["models[0].context=0"]],
    ["a context of words", ["models[0].context=long"]],
    ["no model at all", ["models=[]"]],
    ["a key of the prototype", ["__proto__.x=1"]],
    ["a path that is none", ["models[x].context=1"]],
  ])("%s is 2", async (_, pairs) => {
    const { code, json } = await of("dev", ...pairs);
    expect(code).toBe(2);
    expect(json.errors[0].message).toMatch(/\S/);
  });

  it("a context longer than the model's is refused with the model's", async () => {
    const { code, json } = await of("dev", "models[0].context=1000000");
    expect([2, 11]).toContain(code);
    expect(says(json)).toMatch(/32,?768|131,?072/);
  });

  it("two models on too few GPUs do not fit, with the count", async () => {
    const model = JSON.stringify({
      model: "Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4",
      quantization: "gptq",
      context: 16384,
      replicas: { min: 6, max: 6 },
      load: { requestsPerHour: 100 },
    });
    const named = (name: string) => model.replace("{", `{"name":"${name}",`);
    const { code, json, err } = await of("onprem", `models=[${named("one")},${named("two")}]`);
    expect(code).toBe(11);
    expect(json).toMatchObject({ verdict: "does-not-fit", bill: null, findings: null, resources: null });
    expect(says(json)).toMatch(/\b12\b/);
    expect(says(json)).toMatch(/\b8\b/);
    expect(err).toBe("");
  });

  it("a budget of nothing is over at once", async () => {
    const { code, json } = await of("dev", "budget.monthlyUsd=0");
    expect(code).toBe(10);
    expect(json.bill.budget).toMatchObject({ status: "over", monthlyUsd: "0.000000" });
  });
});

describe("files that are no graphs", () => {
  it.each([
    ["empty", ""],
    ["half", '{"deployment": {'],
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "7"],
    ["another document", '{"schema":"freehold.bill/v1"}'],
    ["resources of no kind", '{"schema":"freehold.resources/v1","resources":[1,null,"x"]}'],
    [
      "a dangling reference",
      '{"schema":"freehold.resources/v1","resources":[{"type":"a:b/c:D","name":"x","props":{},"refs":{"p":"gone"}}]}',
    ],
  ])("(%s) are 2 for cost and an error entry for check", async (_, text) => {
    const cwd = folder();
    writeFileSync(join(cwd, "graph.json"), text);
    const cost = await document(["cost", "--graph", "graph.json"], cwd);
    expect(cost.code).toBe(2);
    expect(cost.json).toMatchObject({ schema: "freehold.error/v1", errors: [{ file: "graph.json" }] });
    const check = await document(["check", "--graph", "graph.json"], cwd);
    expect(check.code).toBe(2);
    expect(check.json.results).toMatchObject([
      { graph: "graph.json", error: { message: expect.any(String) } },
    ]);
  });

  it.each(["gone.json", "."])("%s is 2", async (file) => {
    expect((await run(["cost", "--graph", file], folder())).code).toBe(2);
    expect((await run(["check", "--graph", file], folder())).code).toBe(2);
  });

  it("an unknown region of a graph is 2", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "graph.json"), '{"schema":"freehold.resources/v1","resources":[]}');
    const { code, err } = await run(["cost", "--graph", "graph.json", "--region", "eu-wst-1"], cwd);
    expect(code).toBe(2);
    expect(err).toContain("eu-west-1");
  });
});

describe("a damaged catalogue", () => {
  /** A checkout whose catalogue is spoilt, with everything else as it is. */
  async function spoilt(file: string, spoil: (text: string) => string) {
    const path = folder();
    const rooms = [
      "catalog",
      "cli",
      "config",
      "cost",
      "graph",
      "plan",
      "policies",
      "preview",
      "report",
      "schemas",
    ];
    for (const room of rooms) cpSync(join(ROOT, room), join(path, room), { recursive: true });
    for (const name of ["package.json", "Pulumi.yaml", "stacks"])
      cpSync(join(ROOT, name), join(path, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(path, "node_modules"));
    const data = join(path, "catalog/data", file);
    writeFileSync(data, spoil(readFileSync(data, "utf8")));
    const url = pathToFileURL(join(path, "cli/main.ts")).href;
    const { main } = (await import(/* @vite-ignore */ url)) as {
      main(argv: string[], io: Io): Promise<number>;
    };
    return async (argv: string[]) => {
      let [out, err] = ["", ""];
      const io = { color: false, cwd: path, today: "2026-11-01" };
      const code = await main(argv, {
        ...io,
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
      });
      return { code, out, err };
    };
  }
  const row = (change: (row: Record<string, unknown>) => void) => (text: string) => {
    const table = JSON.parse(text) as { rows: Record<string, unknown>[] };
    change(table.rows[3]!);
    return JSON.stringify(table);
  };

  it.each([
    [
      "gpus.json",
      row((entry) => delete entry["bandwidthGBps"]),
      ["fit", "Qwen/Qwen3-8B-AWQ", "--gpu", "L4-24G"],
      /gpus\.json, row 3: .*bandwidthGBps/,
    ],
    [
      "models.json",
      row((entry) => (entry["source"] = "")),
      ["plan", "-s", "dev"],
      /models\.json, row 3: .*source/,
    ],
    [
      "instances.json",
      (text: string) => text.slice(0, 99),
      ["price", "g6.xlarge", "--region", "eu-west-1"],
      /instances\.json: is not JSON/,
    ],
    [
      "prices.json",
      () => "{}",
      ["price", "g6.xlarge", "--region", "eu-west-1"],
      /prices\.json: has no list of rows/,
    ],
    [
      "meta.json",
      () => '{"asOf":"soon"}',
      ["price", "g6.xlarge", "--region", "eu-west-1"],
      /meta\.json: has no date/,
    ],
  ])("%s is 2 with the row and the way out", async (file, spoil, argv, says) => {
    const freehold = await spoilt(file, spoil);
    const { code, out, err } = await freehold([...argv, "-o", "json"]);
    expect(err).toMatch(says);
    expect(err).toContain("fix: install the package again");
    expect(err).not.toMatch(/^\s+at /m);
    expect(JSON.parse(out)).toMatchObject({
      schema: "freehold.error/v1",
      errors: [{ code: "catalog-corrupt", file }],
    });
    expect(code).toBe(2);
  });
});
