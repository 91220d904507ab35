/** Runs the child process of the preview by hand. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { loadStack } from "../../config/index.ts";
import type { ChildRequest } from "../../preview/child.ts";

export const root = resolve(import.meta.dirname, "../..");
export const STACKS = ["dev", "eu-gdpr", "us-hipaa", "onprem"];

/** What the command asks the child for a shipped stack. */
export async function requestOf(stack: string): Promise<ChildRequest> {
  const loaded = await loadStack({ dir: root, stack, overrides: [] });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return {
    program: join(root, "index.ts"),
    project: loaded.project,
    stack,
    organization: "organization",
    config: loaded.configMap,
    secretKeys: loaded.secretKeys,
  };
}

/** The export that Node, started with these arguments, writes for a request. */
export function childText(args: string[], request: ChildRequest): string {
  const result = spawnSync(process.execPath, args, {
    input: JSON.stringify(request),
    cwd: root,
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    maxBuffer: 1 << 26,
  });
  expect(result.stderr!.toString()).not.toMatch(/error/i);
  expect(result.status).toBe(0);
  return result.output[3]!.toString();
}
