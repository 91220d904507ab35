import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { document, folder, project, run, set } from "./project.ts";

/** Too large for the only GPU that is allowed. */
const TOO_LARGE = set("models[0].model=Qwen/Qwen2.5-72B-Instruct", "models[0].instance=g5.xlarge");
/** HIPAA's audit logs are kept for years; a month is a violation. */
const FORBIDDEN = set("retention.auditLogDays=30");
const TOO_DEAR = set("budget.monthlyUsd=1");
let dir: string;
beforeAll(() => {
  dir = project();
});

describe("exit codes of a stack", () => {
  it.each([
    ["clean", "dev", [], 0, "ok"],
    ["over budget", "dev", TOO_DEAR, 10, "over-budget"],
    ["forbidden", "us-hipaa", FORBIDDEN, 5, "policy"],
    ["forbidden and over budget", "us-hipaa", [...FORBIDDEN, ...TOO_DEAR], 5, "policy"],
    ["too large", "dev", TOO_LARGE, 11, "does-not-fit"],
    [
      "too large, forbidden and over budget",
      "us-hipaa",
      [...set("models[0].instance=g5.xlarge"), ...FORBIDDEN, ...TOO_DEAR],
      11,
      "does-not-fit",
    ],
  ])("preview of a stack that is %s", async (_, stack, config, code, verdict) => {
    const result = await document(["preview", "-s", stack, ...config], dir);
    expect(result.json).toMatchObject({ schema: "freehold.preview/v1", verdict });
    expect(result.code).toBe(code);
    const parts = [result.json.bill, result.json.findings, result.json.resources];
    expect(parts.every((part) => (part === null) === (code === 11))).toBe(true);
  });

  it("puts invalid input before everything else", async () => {
    const config = [...TOO_LARGE, ...FORBIDDEN, ...TOO_DEAR, ...set("models[0].replicas.min=-1")];
    const result = await document(["preview", "-s", "us-hipaa", ...config], dir);
    expect(result.code).toBe(2);
    expect(result.json.schema).toBe("freehold.error/v1");
  });

  it("puts a program that crashes before its policy and its budget", async () => {
    const crashing = project('throw new Error("the frobnicator is not plugged in");\n');
    const result = await document(["preview", "-s", "us-hipaa", ...FORBIDDEN, ...TOO_DEAR], crashing);
    expect(result.code).toBe(1);
    expect(result.json).toMatchObject({ schema: "freehold.error/v1", errors: [{ code: "program-failed" }] });
    expect(result.json.errors[0].message).toContain("the frobnicator is not plugged in");
    expect(result.err).not.toMatch(/^\s+at /m);
  });

  it.each(["graph", "images", "cost", "check"])(
    "%s of a stack that does not fit is 11 with the arithmetic",
    async (command) => {
      const result = await document([command, "-s", "dev", ...TOO_LARGE], dir);
      expect(result.code).toBe(11);
      expect(result.json.schema).toBe("freehold.error/v1");
      expect(result.json.errors).toHaveLength(1);
      expect(result.json.errors[0]).toMatchObject({
        path: "models.chat",
        message: expect.stringContaining("GiB"),
      });
      expect(result.err).toMatch(/^Does not fit\n/);
    },
  );

  it("plan prints what does not fit and exits 11", async () => {
    const result = await document(["plan", "-s", "dev", ...TOO_LARGE], dir);
    expect(result.code).toBe(11);
    expect(result.json).toMatchObject({ schema: "freehold.plan/v1", verdict: "does-not-fit" });
  });

  it("cost exits 10 over budget, and says by what", async () => {
    const result = await document(["cost", "-s", "dev", ...TOO_DEAR], dir);
    expect(result.code).toBe(10);
    expect(result.json.budget).toMatchObject({ status: "over", monthlyUsd: "1.000000" });
  });

  it("check judges a stack by its own profile or by those asked for", async () => {
    expect((await run(["check", "-s", "us-hipaa", ...FORBIDDEN], dir)).code).toBe(5);
    expect((await run(["check", "-s", "us-hipaa", ...FORBIDDEN, "--controls", "S3-01"], dir)).code).toBe(0);
    const unbounded = await document(["check", "-s", "dev", "--profile", "gdpr"], dir);
    const failed = unbounded.json.results[0].controls.filter(
      (control: { level: string; verdict: string }) =>
        control.verdict === "fail" && control.level === "mandatory",
    );
    expect(failed).toEqual([]);
    expect(unbounded.json.summary.unknown).toBeGreaterThan(0);
    // Residency that cannot be judged is an error, never a pass.
    expect(unbounded.code).toBe(5);
    const bounded = await document(
      ["check", "-s", "dev", "--profile", "gdpr", "--allowed-regions", "eea"],
      dir,
    );
    const of = (result: typeof bounded, id: string) =>
      result.json.results[0].controls.find((control: { id: string }) => control.id === id).verdict;
    expect([of(unbounded, "RES-01"), of(bounded, "RES-01")]).toEqual(["unknown", "pass"]);
  });
});

describe("exit codes of check over files", () => {
  const bucket = (name: string, props: object) => ({ type: "aws:s3/bucket:Bucket", name, props });
  const file = (dir: string, name: string, value: unknown) => {
    writeFileSync(join(dir, name), typeof value === "string" ? value : JSON.stringify(value));
    return name;
  };

  it("is 5 for a failing file, and 2 as soon as one cannot be read, with the others judged", async () => {
    const cwd = folder();
    const open = { schema: "freehold.resources/v1", resources: [bucket("open", { acl: "public-read" })] };
    const bad = file(cwd, "bad.json", open);
    const broken = file(cwd, "broken.json", '{ "schema": ');
    const args = ["--profile", "gdpr", "--allowed-regions", "eea"];
    expect((await run(["check", "--graph", bad, ...args], cwd)).code).toBe(5);
    const both = await document(
      ["check", "--graph", broken, "--graph", bad, "--graph", "gone.json", ...args],
      cwd,
    );
    expect(both.code).toBe(2);
    expect(both.json.results.map((result: { graph: string }) => result.graph)).toEqual([
      broken,
      bad,
      "gone.json",
    ]);
    expect(both.json.results.map((result: object) => "error" in result)).toEqual([true, false, true]);
    expect(both.json.summary.fail).toBeGreaterThan(0);
  });

  it("needs the regions for a profile, and names the flag", async () => {
    const cwd = folder();
    const name = file(cwd, "empty.json", { schema: "freehold.resources/v1", resources: [] });
    const result = await run(["check", "--graph", name, "--profile", "gdpr"], cwd);
    expect(result.code).toBe(2);
    expect(result.err).toContain("--allowed-regions");
  });
});

describe("exit codes of fit", () => {
  it.each([
    ["fits", ["Qwen/Qwen3-8B-AWQ", "--gpu", "L4-24G", "--context", "8192"], 0],
    ["no", ["openai/gpt-oss-120b", "--gpu", "L4-24G"], 11],
  ])("%s", async (verdict, flags, code) => {
    const result = await document(["fit", ...flags]);
    expect(result.json.verdict).toBe(verdict);
    expect(result.code).toBe(code);
  });

  it("is 0 for tight: only the high case holds a full request", async () => {
    // The largest context that the low case holds, and the smallest that even the high case does not: tight between.
    const at = async (context: number) =>
      document(["fit", "Qwen/Qwen3-8B", "--gpu", "L4-24G", "--context", String(context)]);
    const contexts = Array.from({ length: 40 }, (_, step) => 16384 + step * 512);
    const found = [];
    for (const context of contexts) found.push(await at(context));
    const tight = found.find((result) => result.json.verdict === "tight");
    expect(tight?.code).toBe(0);
    for (const result of found) expect(result.code).toBe(result.json.verdict === "no" ? 11 : 0);
  });

  it("is 0 for unknown", async () => {
    const cwd = folder();
    // A small Llama that does not say how long a request may be, asked about no length.
    const config = { architectures: ["LlamaForCausalLM"], model_type: "llama", torch_dtype: "bfloat16" };
    const shape = { hidden_size: 2048, intermediate_size: 8192, num_hidden_layers: 16, vocab_size: 128256 };
    const heads = { num_attention_heads: 32, num_key_value_heads: 8, head_dim: 64 };
    writeFileSync(join(cwd, "config.json"), JSON.stringify({ ...config, ...shape, ...heads }));
    const result = await document(["fit", "./", "--gpu", "L4-24G"], cwd);
    expect(result.json).toMatchObject({ verdict: "unknown", reasons: [{ message: expect.any(String) }] });
    expect(result.code).toBe(0);
  });

  it("is 11 for a model alone that no machine holds", async () => {
    const cwd = folder();
    const result = await document(["fit", "openai/gpt-oss-120b", "--tp", "64", "--pp", "64"], cwd);
    expect(new Set(result.json.rows.map((row: { verdict: string }) => row.verdict))).toEqual(new Set(["no"]));
    expect(result.code).toBe(11);
  });
});
