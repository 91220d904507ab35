import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../../cli/commands/explain.ts";
import type { Io } from "../../cli/io.ts";
import { controls, controlsDocument } from "../../policies/controls.ts";
import { fixes } from "../../policies/fixes.ts";
import { frameworks } from "../../policies/frameworks/index.ts";
import { rules } from "../../policies/rules/index.ts";

const ROOT = join(import.meta.dirname, "../..");
const ids = rules.map(({ id }) => id);

function explained(control: string, output: string): string {
  let text = "";
  const io = {
    out: (part: string) => (text += part),
    err: () => {},
    color: false,
    cwd: ROOT,
  } as unknown as Io;
  expect(explain(control, { output }, io)).toBe(0);
  return text;
}

test("every control has one fix, and every framework row belongs to a control", () => {
  expect(Object.keys(fixes)).toEqual(ids);
  for (const { controls: rows } of Object.values(frameworks))
    expect(Object.keys(rows).filter((id) => !ids.includes(id))).toEqual([]);
});

test("docs/controls.md is up to date", () => {
  expect(readFileSync(join(ROOT, "docs/controls.md"), "utf8"), "npm run docs:build").toBe(controlsDocument());
});

test("docs/controls.md holds every condition, fix, level and article", () => {
  const text = controlsDocument();
  for (const { id, title, condition, fix, mappings } of controls()) {
    const section = text.slice(text.indexOf(`## ${id} ${title}`)).split("\n## ")[0]!;
    for (const part of [condition, fix, ...mappings.flatMap((row) => row.references)])
      expect(section, id).toContain(part.replace(/\|/g, "\\|"));
    const naming = Object.values(frameworks).filter(({ controls: rows }) => Object.hasOwn(rows, id));
    expect(naming, id).not.toEqual([]);
    expect(mappings.map(({ framework }) => framework)).toEqual(naming.map(({ name }) => name));
  }
});

describe.each(ids)("freehold explain %s", (id) => {
  test("says when it passes, how to fix it, and by which article, in 100 columns", () => {
    const text = explained(id.toLowerCase(), "text");
    const flat = text.replace(/\s+/g, " ");
    const { condition, fix, mappings } = controls().find((entry) => entry.id === id)!;
    for (const part of [
      id,
      condition,
      fix,
      ...mappings.flatMap((row) => [row.level, row.why, ...row.references]),
    ])
      expect(flat).toContain(part.replace(/\s+/g, " "));
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(JSON.parse(explained(id, "json"))).toMatchObject({ id, fix, mappings });
  });
});
