import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import { main } from "../../cli/main.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
/** Exit codes of the contract. */
export const TABLE = [0, 1, 2, 5, 10, 11];
/** The day at which the tests judge. */
export const TODAY = "2026-11-01";

export interface Run {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process. */
export async function run(argv: readonly string[], cwd: string = ROOT, color = false): Promise<Run> {
  const result = { code: -1, out: "", err: "" };
  result.code = await main(argv, {
    out: (text) => {
      result.out += text;
    },
    err: (text) => {
      result.err += text;
    },
    color,
    cwd,
    today: TODAY,
  });
  return result;
}

/** Runs with `-o json` and returns the one document on standard output. */
export async function document(argv: readonly string[], cwd?: string): Promise<Run & { json: Document }> {
  const result = await run([...argv, "-o", "json"], cwd);
  return { ...result, json: JSON.parse(result.out) as Document };
}

// biome-ignore lint/suspicious/noExplicitAny: documents of many kinds
export type Document = any;

const folders: string[] = [];

/** A folder that is removed after the file's tests. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "freehold-cli-"));
  folders.push(path);
  return path;
}
afterAll(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A project with the shipped stacks, whose program is the checkout's own unless one is given; null = none. */
export function project(program?: string | null): string {
  const path = folder();
  cpSync(join(ROOT, "Pulumi.yaml"), join(path, "Pulumi.yaml"));
  cpSync(join(ROOT, "stacks"), join(path, "stacks"), { recursive: true });
  const own = `export * from ${JSON.stringify(pathToFileURL(join(ROOT, "index.ts")).href)};\n`;
  if (program !== null) writeFileSync(join(path, "index.ts"), program ?? own);
  writeFileSync(join(path, "package.json"), '{ "type": "module" }\n');
  return path;
}

/** `--config` flags. */
export const set = (...pairs: string[]): string[] =>
  pairs.flatMap((pair) => ["--config", `freehold:${pair}`]);
