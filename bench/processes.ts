import { spawnSync } from "node:child_process";

export interface Timing {
  /** Milliseconds of whole processes, warm: median and extremes. */
  median: number;
  min: number;
  max: number;
  /** The very first run of this session. */
  first: number;
}

/**
 * Times a command as a whole process, the first run apart.
 *
 * @throws Error when the command does not exit with one of the accepted codes.
 */
export function time(
  command: string,
  args: string[],
  options: { runs: number; cwd: string; env?: NodeJS.ProcessEnv; accept?: number[] },
): Timing {
  const once = () => {
    const start = process.hrtime.bigint();
    const result = spawnSync(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      encoding: "utf8",
    });
    const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
    if (!(options.accept ?? [0]).includes(result.status ?? -1)) {
      throw new Error(
        `${command} ${args.join(" ")} ended with ${result.status}: ${result.stderr.slice(0, 500)}`,
      );
    }
    return elapsed;
  };
  const first = once();
  const times = Array.from({ length: options.runs }, once).sort((a, b) => a - b);
  return { first, min: times[0]!, max: times.at(-1)!, median: times[Math.floor(times.length / 2)]! };
}
