import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Timing {
  /** Milliseconds of the whole process with a warm compile cache. */
  min: number;
  median: number;
  /** The run that found the compile cache empty. */
  first: number;
}

export interface Command {
  file: string;
  args: string[];
  /** Exit statuses of a run that counts. @default [0] */
  accept?: number[];
}

/**
 * Times commands as whole processes. They take turns, so that a busy spell of the machine falls on all of them alike
 * and their ratios hold. Each has a compile cache of its own (NODE_COMPILE_CACHE), empty before its first run.
 *
 * @param runs turns that count, after the first
 * @throws Error when a command does not exit with one of the accepted statuses
 */
export function timeAll<Name extends string>(
  commands: Record<Name, Command>,
  runs: number,
  cwd: string,
): Record<Name, Timing> {
  const caches = mkdtempSync(join(tmpdir(), "freehold-bench-"));
  const names = Object.keys(commands) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  try {
    for (let turn = 0; turn <= runs; turn++) {
      names.forEach((name, index) => {
        times.get(name)!.push(once(commands[name], cwd, join(caches, String(index))));
      });
    }
  } finally {
    rmSync(caches, { recursive: true, force: true });
  }
  return Object.fromEntries(
    names.map((name) => {
      const [first, ...warm] = times.get(name)! as [number, ...number[]];
      warm.sort((a, b) => a - b);
      return [name, { first, min: warm[0]!, median: warm[Math.floor(warm.length / 2)]! }];
    }),
  ) as Record<Name, Timing>;
}

function once({ file, args, accept = [0] }: Command, cwd: string, cache: string): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(file, args, {
    cwd,
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (!accept.includes(status ?? -1))
    throw new Error(`${file} ${args.join(" ")} ended with ${status}: ${stderr.slice(0, 500)}`);
  return elapsed;
}
