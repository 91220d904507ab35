import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, ROOT, run } from "./project.ts";

const FILES = [".gitignore", "Pulumi.yaml", "index.ts", "package.json", "stacks/Pulumi.dev.yaml"];
const all = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();

describe("freehold init", () => {
  it("writes a project whose stack plans, and says what comes next", async () => {
    const cwd = folder();
    const result = await run(["init", "--dir", "my-llm"], cwd);
    expect(result).toMatchObject({ code: 0, err: "" });
    expect(result.out).toContain("npm install");
    const dir = join(cwd, "my-llm");
    expect(all(dir)).toEqual(FILES);
    const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    expect(manifest["dependencies"]!["freehold"]).toBe(own["version"]);
    // The versions that this checkout is tested with.
    for (const name of Object.keys(own["peerDependencies"]!))
      expect(manifest["dependencies"]![name]).toBe(own["devDependencies"]![name]);
    expect((await run(["plan", "-s", "dev"], dir)).code).toBe(0);
  });

  it.each(FILES)("never overwrites %s, and then writes nothing at all", async (file) => {
    const cwd = folder();
    mkdirSync(join(cwd, file, ".."), { recursive: true });
    writeFileSync(join(cwd, file), "mine");
    const result = await run(["init"], cwd);
    expect(result.code).toBe(2);
    expect(result.err).toContain(`already holds ${file}; nothing was written`);
    expect(all(cwd)).toEqual([file]);
    expect(readFileSync(join(cwd, file), "utf8")).toBe("mine");
  });

  it("run twice leaves the first project as it is", async () => {
    const cwd = folder();
    expect((await run(["init"], cwd)).code).toBe(0);
    const before = all(cwd).map((file) => readFileSync(join(cwd, file), "utf8"));
    expect((await run(["init"], cwd)).code).toBe(2);
    expect(all(cwd).map((file) => readFileSync(join(cwd, file), "utf8"))).toEqual(before);
  });

  it("takes back what it wrote when a later file cannot be written, a dangling link included", async () => {
    const cwd = folder();
    mkdirSync(join(cwd, "stacks"));
    symlinkSync("nowhere", join(cwd, "stacks/Pulumi.dev.yaml"));
    const result = await run(["init"], cwd);
    expect(result.code).toBe(2);
    expect(all(cwd)).toEqual(["stacks/Pulumi.dev.yaml"]);
    expect(existsSync(join(cwd, "stacks/nowhere"))).toBe(false);
  });

  it("says that a folder cannot be one", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "file"), "");
    const result = await run(["init", "--dir", "file"], cwd);
    expect(result.code).toBe(2);
    expect(result.err).toMatch(/^error: cannot write to /);
  });
});
