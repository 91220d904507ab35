import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { document, folder, project, run, set } from "./project.ts";

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
    cwd,
    encoding: "utf8",
  });

/** A repository whose first commit has one GPU node less, and whose stack file says so. */
let repository: string;
beforeAll(() => {
  repository = project();
  const stack = join(repository, "stacks/Pulumi.dev.yaml");
  const now = readFileSync(stack, "utf8");
  git(repository, "init", "-q", "-b", "main");
  writeFileSync(stack, now.replace("count: 2", "count: 3"));
  git(repository, "add", ".");
  git(repository, "commit", "-qm", "three system nodes");
  git(repository, "tag", "v1");
  git(repository, "rm", "-q", "--cached", "stacks/Pulumi.onprem.yaml");
  writeFileSync(stack, now);
  git(repository, "add", "stacks/Pulumi.dev.yaml");
  git(repository, "commit", "-qm", "two system nodes");
  writeFileSync(stack, now.replace("count: 2", "count: 4"));
});

/** An empty bill: the other side where only one is of interest, without the second that a preview takes. */
const EMPTY_BILL = JSON.stringify({
  schema: "freehold.bill/v1",
  lines: [],
  totals: { monthlyUsd: { min: "0.000000", expected: "0.000000", max: "0.000000" } },
});

const SYSTEM = (line: { what: string }) => line.what === "m7i.large on-demand";

describe("cost diff", () => {
  it.each([
    ["v1:dev", "HEAD:dev", 3, 2],
    ["v1:dev", "dev", 3, 4],
  ])("%s %s compares the stack files of the revisions", async (old, now, before, after) => {
    const { code, json } = await document(["cost", "diff", old, now], repository);
    expect(code).toBe(0);
    expect(json.schema).toBe("freehold.billdiff/v1");
    const nodes = json.lines.find(SYSTEM);
    expect(nodes).toMatchObject({
      change: "quantity",
      old: { quantity: { expected: before * 730 } },
      new: { quantity: { expected: after * 730 } },
    });
    // Today's prices on both sides.
    expect(nodes.old.unitPriceUsd).toBe(nodes.new.unitPriceUsd);
    const cents = (amount: string) => Math.round(Number(amount) * 100);
    const hourly = Number(nodes.new.unitPriceUsd);
    expect(cents(nodes.deltaUsd.expected)).toBe(Math.round((after - before) * 730 * hourly * 100));
  });

  it("finds the project in a folder below the top of its repository, from anywhere", async () => {
    const { code, json } = await document(
      ["cost", "diff", "v1:dev", "HEAD:dev", "--stack-dir", repository],
      folder(),
    );
    expect(code).toBe(0);
    expect(json.lines.find(SYSTEM).change).toBe("quantity");
    const top = folder();
    git(top, "init", "-q", "-b", "main");
    execFileSync("cp", ["-R", repository, join(top, "sub")]);
    execFileSync("rm", ["-rf", join(top, "sub/.git")]);
    git(top, "add", ".");
    git(top, "commit", "-qm", "below");
    const below = await document(["cost", "diff", "HEAD:onprem", "onprem"], join(top, "sub"));
    expect(below.json.lines.every((line: { change: string }) => line.change === "same")).toBe(true);
  });

  it("takes two bills, and a preview as a bill", async () => {
    const cwd = project();
    await run(["cost", "-s", "dev", "-o", "json", "--out", "bill.json"], cwd);
    await run(
      ["preview", "-s", "dev", "-o", "json", "--out", "preview.json", ...set("cluster.systemNodes.count=3")],
      cwd,
    );
    const { code, json } = await document(["cost", "diff", "bill.json", "preview.json"], cwd);
    expect(code).toBe(0);
    const changed = json.lines.filter((line: { change: string }) => line.change !== "same");
    expect(changed.map((line: { change: string }) => line.change)).toContain("quantity");
    const { totals } = json;
    expect(Number(totals.new.expected) - Number(totals.old.expected)).toBeCloseTo(
      Number(totals.delta.expected),
      6,
    );
    expect(Number(totals.delta.expected)).toBeGreaterThan(0);
  });

  it("prefers a file to a stack of that name, and a stack to a folder", async () => {
    const cwd = project();
    await run(["cost", "-s", "onprem", "-o", "json", "--out", "dev"], cwd);
    const file = await document(["cost", "diff", "dev", "onprem"], cwd);
    expect(file.json.totals.delta.expected).toBe("0.000000");
    const other = project();
    execFileSync("mkdir", [join(other, "onprem")]);
    expect((await run(["cost", "diff", "onprem", "onprem"], other)).code).toBe(0);
  });

  it.each([
    ["v2:dev", "unknown-revision", "git knows no revision 'v2'", "did you mean v1?"],
    ["mian:dev", "unknown-revision", "git knows no revision 'mian'", "did you mean main?"],
    [":dev", "unknown-revision", "git knows no revision ''", null],
    ["-rf:dev", "unknown-option", null, null],
    ["HEAD:onprem", "not-in-revision", "there is no stacks/Pulumi.onprem.yaml at HEAD", "HEAD:dev"],
    ["HEAD:", "invalid-stack-name", null, null],
    ["HEAD:../dev", "invalid-stack-name", null, null],
    [
      "nothing",
      "stack-not-found",
      "there is neither a file nor a stack nothing",
      "freehold cost diff OLD.json NEW.json",
    ],
    ["dve", "stack-not-found", "there is neither a file nor a stack dve", "did you mean dev?"],
    ["gone.json", "cannot-read", "there is no file gone.json", null],
    ["Pulumi.yaml", "not-a-bill", null, "freehold cost -s STACK -o json --out bill.json"],
  ])("%s is 2: %s", async (name, code, message, fix) => {
    writeFileSync(join(repository, "empty.json"), EMPTY_BILL);
    const { json, ...result } = await document(["cost", "diff", name, "empty.json"], repository);
    expect(result.code).toBe(2);
    const [first] = json.errors;
    if (code !== null) expect(first.code).toBe(code);
    if (message !== null) expect(first.message).toBe(message);
    if (fix !== null) expect(first.fix).toBe(fix);
    expect(result.err).not.toMatch(/^\s+at /m);
  });

  it("names what is wrong in a stack file of a revision by that revision", async () => {
    const cwd = project();
    git(cwd, "init", "-q", "-b", "main");
    const stack = join(cwd, "stacks/Pulumi.dev.yaml");
    const now = readFileSync(stack, "utf8");
    writeFileSync(stack, now.replace("context: 16384", "contxt: 16384"));
    git(cwd, "add", ".");
    git(cwd, "commit", "-qm", "misspelt");
    writeFileSync(stack, now);
    writeFileSync(join(cwd, "empty.json"), EMPTY_BILL);
    const { code, err } = await run(["cost", "diff", "HEAD:dev", "empty.json"], cwd);
    expect(code).toBe(2);
    expect(err).toMatch(/^(previewing dev …\n)?error: HEAD:stacks\/Pulumi\.dev\.yaml:\d+:\d+: /);
    expect(err).toContain("context");
  });

  it("reports what is wrong with both sides at once", async () => {
    const { code, json } = await document(["cost", "diff", "v2:dev", "dve"], repository);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ code: "unknown-revision" }, { code: "stack-not-found" }]);
  });

  it("says that there is no repository", async () => {
    const cwd = project();
    writeFileSync(join(cwd, "empty.json"), EMPTY_BILL);
    const { code, json } = await document(["cost", "diff", "HEAD:dev", "empty.json"], cwd);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ code: "not-a-repository", value: "HEAD" }]);
  });

  it("of a side that does not fit is 11 with the arithmetic", async () => {
    const large = set("models[0].model=Qwen/Qwen2.5-72B-Instruct", "models[0].instance=g5.xlarge");
    const { code, err } = await run(["cost", "diff", "dev", "dev", ...large], project());
    expect(code).toBe(11);
    expect(err).toMatch(/^Does not fit\n/);
  });

  it.each([
    ["[]"],
    ["null"],
    ['{"schema":"freehold.preview/v1","bill":null}'],
    ['{"schema":"freehold.bill/v1"}'],
    [
      '{"schema":"freehold.bill/v1","lines":[null],"totals":{"monthlyUsd":{"min":"0","expected":"0","max":"0"}}}',
    ],
    [
      '{"schema":"freehold.bill/v1","lines":[],"totals":{"monthlyUsd":{"min":"0","expected":"much","max":"0"}}}',
    ],
  ])("refuses %s as a bill", async (text) => {
    const cwd = folder();
    writeFileSync(join(cwd, "bill.json"), text);
    const { code, json } = await document(["cost", "diff", "bill.json", "bill.json"], cwd);
    expect(code).toBe(2);
    expect(json.errors).toMatchObject([{ code: "not-a-bill", file: "bill.json" }]);
  });
});
