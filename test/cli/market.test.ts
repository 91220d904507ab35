import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { problems } from "../report/run.ts";
import { document, folder, ROOT, run } from "./project.ts";

const OFFERS = [
  "offers",
  "Qwen/Qwen3-8B-AWQ",
  "--context",
  "8192",
  "--input-tokens",
  "700",
  "--output-tokens",
  "99",
];
const COMPARE = ["compare", "--input-tokens", "625", "--output-tokens", "1250"];
const MONTH = ["--requests-per-month", "1000000"];

const errors = async (...argv: string[]) => {
  const { code, json } = await document(argv);
  expect(code).toBe(2);
  return (json.errors as { code: string; path: string; value: string; allowed: string[]; fix: string }[]).map(
    ({ code: kind, path, value, allowed, fix }) => ({ code: kind, path, value, allowed, fix }),
  );
};

describe("freehold offers", () => {
  it("judges regions by sets, names and profiles", async () => {
    const { json } = await document([...OFFERS, ...MONTH, "--regions", "eea,us-east-1", "--profile", "gdpr"]);
    expect(json.regions).toEqual(expect.arrayContaining(["eu-central-1", "us-east-1"]));
    const verdicts = new Map<string, unknown>(
      json.offers.map(({ region, allowed }: { region: string; allowed: unknown }) => [region, allowed]),
    );
    expect([verdicts.get("eu-central-1"), verdicts.get("us-east-1"), verdicts.get("us-west-2")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("ends with 11 where nothing serves the load, saying why of each card", async () => {
    const { code, out } = await run([...OFFERS, ...MONTH, "--max-itl-ms", "0.1"]);
    expect(code).toBe(11);
    expect(out).toContain("NONE CHOSEN: nothing serves this load");
    expect(out).toMatch(/not on L4-24G: alone on a replica: .* target 0\.1/);
  });

  it("reads a folder with a config.json", async () => {
    const dir = folder();
    mkdirSync(join(dir, "model"));
    const config = {
      architectures: ["Qwen3ForCausalLM"],
      model_type: "qwen3",
      hidden_size: 1024,
      intermediate_size: 3072,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      vocab_size: 151936,
      max_position_embeddings: 40960,
      tie_word_embeddings: true,
      torch_dtype: "bfloat16",
    };
    writeFileSync(join(dir, "model/config.json"), JSON.stringify(config));
    const { code, json } = await document(["offers", "./model", ...OFFERS.slice(2), ...MONTH], dir);
    expect(code).toBe(0);
    expect(json.offers.length).toBeGreaterThan(100);
    expect((await run(["offers", "./nowhere", ...OFFERS.slice(2), ...MONTH], dir)).code).toBe(2);
  });

  it("names every wrong flag at once, with what is allowed", async () => {
    const found = await errors(
      ...["offers", "Qwen/Qwen3-8B-AVQ", "--context", "0", "--input-tokens", "1.5", "--output-tokens", "-3"],
      ...["--requests-per-month", "1e6", "--max-ttft-ms", "soon", "--regions", "eaa", "--profile", "gdrp"],
      ...["--quantization", "int3", "--peak-to-mean", "0.5"],
    );
    expect(found.map(({ path }) => path)).toEqual([
      "MODEL",
      "--context",
      "--input-tokens",
      "--output-tokens",
      "--requests-per-month",
      "--peak-to-mean",
      "--max-ttft-ms",
      "--profile",
      "--regions",
      "--quantization",
    ]);
    for (const { allowed } of found) expect(allowed.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ code: "model-unknown", fix: "did you mean Qwen/Qwen3-8B-AWQ?" });
    expect(found[8]).toMatchObject({ code: "unknown-region", value: "eaa", fix: "did you mean eea?" });
  });

  it("wants one load, and a context that holds it", async () => {
    expect(await errors(...OFFERS)).toMatchObject([{ code: "load" }]);
    expect(await errors(...OFFERS, ...MONTH, "--concurrency", "3")).toMatchObject([{ code: "load" }]);
    expect(await errors(...OFFERS, "--concurrency", "3", "--peak-to-mean", "2")).toMatchObject([
      { code: "peak" },
    ]);
    expect(await errors(...OFFERS, ...MONTH, "--context", "798")).toMatchObject([
      { code: "context-too-short", allowed: ["at least 799"], fix: "--context 799" },
    ]);
    expect(await errors("offers", "Qwen/Qwen3-8B-AWQ", ...MONTH)).toMatchObject([{ code: "missing-option" }]);
  });
});

describe("freehold compare", () => {
  it("prices GPT-4.1 at a million requests of 625 + 1,250 tokens: 1,250 + 10,000 dollars", async () => {
    const { code, json } = await document([...COMPARE, ...MONTH, "--api", "gpt-4.1"]);
    expect(code).toBe(0);
    expect(json.apis).toEqual(["openai gpt-4.1"]);
    const api = json.options.find(({ name }: { name: string }) => name === "openai gpt-4.1");
    expect(api.monthlyUsd).toMatchObject({
      input: "1250.000000",
      output: "10000.000000",
      total: "11250.000000",
    });
  });

  it("shows the named API and the answer in every format", async () => {
    for (const format of ["text", "markdown", "json"]) {
      const { code, out } = await run([...COMPARE, ...MONTH, "--api", "gpt-4.1", "-o", format]);
      expect(code).toBe(0);
      expect(out).toContain("openai gpt-4.1");
      expect(out).toContain("openrouter (routed) openai/gpt-oss-120b");
    }
  });

  it("never shows as nothing what costs something", async () => {
    const { out } = await run([
      "compare",
      "--requests-per-month",
      "100",
      "--input-tokens",
      "9",
      "--output-tokens",
      "1",
    ]);
    expect(out).toMatch(/RECOMMENDED .*: <\$0\.01 a month/);
    expect(out).toMatch(/cost: less than \$0\.01 a month/);
  });

  it("takes the guide's Mac with its electricity, or another machine", async () => {
    const mac = await document([...COMPARE, ...MONTH, "--owned-watts", "100", "--usd-per-kwh", "0.2"]);
    const owned = (json: typeof mac.json) =>
      json.options.find(({ kind }: { kind: string }) => kind === "owned");
    expect(owned(mac.json)).toMatchObject({ name: "MacBook Pro M4 Max 128 GB", reason: null });
    const other = await document([
      ...COMPARE,
      ...MONTH,
      "--owned-usd",
      "30000",
      "--owned-tokens-per-second",
      "900",
    ]);
    expect(owned(other.json)).toMatchObject({
      name: "owned machine",
      asOf: null,
      monthlyUsd: { total: null },
    });
    expect(owned(other.json).machines.count).toBe(1);
  });

  it("names every wrong flag at once, with what is allowed", async () => {
    const found = await errors(
      ...[
        "compare",
        "--requests-per-month",
        "0",
        "--input-tokens",
        "x",
        "--output-tokens",
        "",
        "--api",
        "gpt-4.2",
      ],
      ...["--api", "gpt", "--model", "openai/gpt-oss-12b", "--cached-share", "1.1", "--batch-share", "-1"],
      ...[
        "--regulated-share",
        "50%",
        "--engineers",
        "many",
        "--deadline-days",
        "1.5",
        "--min-intelligence",
        "101",
      ],
      ...["--owned-usd", "-1", "--usd-per-kwh", "free", "--peak-to-mean", "NaN", "--regions", ""],
    );
    expect(found.map(({ path }) => path)).toEqual([
      "--model",
      "--requests-per-month",
      "--input-tokens",
      "--output-tokens",
      "--cached-share",
      "--batch-share",
      "--regulated-share",
      "--api",
      "--api",
      "--engineers",
      "--deadline-days",
      "--min-intelligence",
      "--peak-to-mean",
      "--regions",
      "--owned-usd",
      "--usd-per-kwh",
      "--owned-tokens-per-second",
    ]);
    expect(found[7]).toMatchObject({ code: "api-unknown", value: "gpt-4.2", fix: "did you mean gpt-4.1?" });
  });
});

describe("the reports", () => {
  const WAYS = [
    [...OFFERS, ...MONTH],
    [...OFFERS, "--concurrency", "3000", "--profile", "gdpr,hipaa"],
    [...OFFERS, ...MONTH, "--max-itl-ms", "0.1"],
    [...OFFERS, "--requests-per-month", "1000000000000", "--peak-to-mean", "1000"],
    [...COMPARE, ...MONTH],
    [...COMPARE, ...MONTH, "--regulated-share", "0.2", "--regions", "eea", "--profile", "gdpr"],
    [...COMPARE, "--requests-per-month", "1000000000000", "--deadline-days", "0"],
  ];

  it.each(WAYS)("fit 100 columns and hide nothing as null or NaN: %s", async (...argv) => {
    const { out } = await run(argv);
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    expect(out).not.toMatch(/\bnull\b|undefined|NaN|Infinity|\[object/);
  });

  it.each(WAYS)("are tables of whole rows in markdown: %s", async (...argv) => {
    const { out } = await run([...argv, "-o", "markdown"]);
    const tables = marked.lexer(out).filter((token) => token.type === "table");
    expect(tables.length).toBeGreaterThan(0);
    for (const { rows, header } of tables as { rows: unknown[][]; header: unknown[] }[])
      for (const row of rows) expect(row.length).toBe(header.length);
  });

  it("load no part of the Pulumi SDK", () => {
    const seen = new Set<string>();
    const outside: string[] = [];
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, "utf8");
      for (const [, type, target] of text.matchAll(
        /^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+["']([^"']+)["']/gms,
      )) {
        if (type) continue;
        if (!target!.startsWith(".")) outside.push(target!);
        else visit(resolve(dirname(file), target!));
      }
    };
    for (const command of ["offers", "compare"]) visit(join(ROOT, `cli/commands/${command}.ts`));
    expect(seen.size).toBeGreaterThan(40);
    for (const file of seen) expect(existsSync(file)).toBe(true);
    expect(outside.filter((name) => name.startsWith("@pulumi"))).toEqual([]);
  });
});

describe("any flags", () => {
  const value = fc.constantFrom(
    "0",
    "1",
    "3",
    "700",
    "8192",
    "0.5",
    "1e3",
    "-1",
    "",
    " 7 ",
    "x",
    "9999999",
    "NaN",
    "💶",
    "__proto__",
  );
  const flag = fc.constantFrom(
    ...[
      "--context",
      "--input-tokens",
      "--output-tokens",
      "--requests-per-month",
      "--concurrency",
      "--peak-to-mean",
    ],
    ...["--max-ttft-ms", "--max-itl-ms", "--regions", "--profile", "--quantization", "--api", "--model"],
    ...["--regulated-share", "--cached-share", "--batch-share", "--engineers", "--deadline-days"],
    ...["--min-intelligence", "--owned-usd", "--owned-tokens-per-second", "--owned-watts", "--usd-per-kwh"],
  );
  const command = fc.constantFrom(
    [...OFFERS, ...MONTH],
    [...COMPARE, ...MONTH, "--model", "Qwen/Qwen3-8B-AWQ"],
  );

  it("end with a document: an answer, a bad fit, or what is wrong with them", async () => {
    const codes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(command, fc.array(fc.tuple(flag, value), { maxLength: 4 }), async (argv, more) => {
        const { code, out, err } = await run([
          ...argv,
          ...more.map(([name, given]) => `${name}=${given}`),
          "-o",
          "json",
        ]);
        codes.add(code);
        expect([0, 2, 11]).toContain(code);
        const json = JSON.parse(out);
        expect(json.schema).toBe(
          code === 2 ? "freehold.error/v1" : `freehold.${argv[0] === "offers" ? "offers" : "comparison"}/v1`,
        );
        expect(problems(json)).toEqual([]);
        expect(err).not.toMatch(/^\s+at |TypeError/m);
        if (code !== 2) expect(out).not.toMatch(/NaN|Infinity/);
      }),
      { numRuns: 150 },
    );
    expect([...codes]).toEqual(expect.arrayContaining([0, 2]));
  });
});
