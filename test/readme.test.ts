import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { FILLED, filled, README } from "../bench/build-readme.ts";
import { everyCommand, program } from "../cli/program.ts";

const text = readFileSync(README, "utf8");
const root = dirname(README);

describe("the README", () => {
  it.each(FILLED)("%s shows what the commands print and what the measurements give", async (file) => {
    const shown = readFileSync(file, "utf8");
    expect(await filled(shown)).toBe(shown);
  });

  it("links to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it("names commands and scripts that exist", () => {
    const io = { out: () => undefined, err: () => undefined, color: false, cwd: root, today: "" };
    const names = new Set(everyCommand(program(io, () => undefined)).map((command) => command.name()));
    const used = [...text.matchAll(/(?:bin\/freehold|`freehold) ([a-z]+)/g)].map((match) => match[1]!);
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    const run = [...text.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]!);
    expect(run.filter((name) => !(name in scripts) && name !== "ci")).toEqual([]);
  });
});
