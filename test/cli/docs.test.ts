import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { generated } from "../../cli/build-docs.ts";
import { project, ROOT, run } from "./project.ts";

const text = readFileSync(join(ROOT, "docs/commands.md"), "utf8");
const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)\n```$/gm)];
const lines = [...new Set(blocks.flatMap((block) => block[1]!.split("\n")))];

describe("docs/commands.md", () => {
  it("is what npm run docs:build writes", () => {
    expect(generated()["docs/commands.md"]).toBe(text);
  });

  it("has no line that breaks a table", () => {
    for (const line of text.split("\n").filter((entry) => entry.startsWith("|")))
      expect(line.replaceAll("\\|", "").split("|"), line).toHaveLength(4);
  });
});

describe("the examples", () => {
  /** A repository with the files that the examples name. */
  let cwd: string;
  beforeAll(async () => {
    cwd = project();
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], { cwd });
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "stacks");
    writeFileSync(join(cwd, "candidates.csv"), "model,gpu,context\nQwen/Qwen3-8B-AWQ,L4-24G,8192\n");
    writeFileSync(join(cwd, "usage.yaml"), "version: 1\n");
    cpSync(join(ROOT, "test/fixtures/price-list.json"), join(cwd, "index.json"));
    await run(["graph", "-s", "onprem", "--out", "export.json"], cwd);
    await run(["cost", "-s", "onprem", "-o", "json", "--out", "old.json"], cwd);
    cpSync(join(cwd, "old.json"), join(cwd, "new.json"));
  }, 60_000);

  it("are there for every command", () => {
    const sections = [...text.matchAll(/^## (freehold .*)$/gm)].map((match) => match[1]!);
    expect(sections.length).toBeGreaterThan(10);
    for (const command of sections)
      expect(
        lines.some((line) => line.startsWith(command)),
        command,
      ).toBe(true);
  });

  it.each(lines)("%s runs", async (line) => {
    const [program, ...argv] = line.replace(/ > .*$/, "").split(" ");
    expect(program).toBe("freehold");
    const { code, err } = await run(argv, cwd);
    expect(code, err).toBe(0);
    expect(err.replace(/^(previewing .*|warning: .*)\n/gm, "")).toBe("");
  });
});
