import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Question } from "./questions.ts";

export const PACKAGE = "aiconfigurator==0.12.0";

export type Answer = { error: string } | Estimate;

export interface Estimate {
  mode: string;
  version: string | null;
  requestsPerSecond: number;
  tokensPerSecond: number;
  ttftMs: number;
  tpotMs: number;
  seconds: number;
  beyondItsCache: boolean;
}

const MOST_BYTES = 1 << 28;

/** Python of a virtual environment with aiconfigurator, made at the first call; `FREEHOLD_PEERS` names another place. */
function python(): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const place = process.env["FREEHOLD_PEERS"] || join(cache, "freehold", "peers", PACKAGE.replace("==", "-"));
  const found = join(place, "bin", "python");
  if (existsSync(join(place, "bin", "aiconfigurator"))) return found;
  mkdirSync(place, { recursive: true });
  console.error(`Installing ${PACKAGE} into ${place}`);
  run("python3", ["-m", "venv", place]);
  run(found, ["-m", "pip", "install", "--quiet", PACKAGE]);
  return found;
}

/** Answers by the key of the question; all questions go to one process. */
export function ask(questions: readonly Question[]): Record<string, Answer> {
  const unique = [...new Map(questions.map((question) => [question.key, question])).values()];
  // Isolated: the script bears the name of the package and would be found in its place.
  const script = join(import.meta.dirname, "aiconfigurator.py");
  return JSON.parse(run(python(), ["-I", script], JSON.stringify(unique))) as Record<string, Answer>;
}

export function pythonVersion(): string {
  return run(python(), ["--version"]).trim();
}

function run(command: string, args: string[], input?: string): string {
  const { stdout, status, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
    maxBuffer: MOST_BYTES,
    ...(input === undefined ? {} : { input }),
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
  return stdout;
}
