import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { FreeholdError } from "../config/index.ts";
import type { ChildRequest } from "./child.ts";
import { entryFor } from "./entry.ts";
import type { StackExport } from "./export.ts";

export type { ExportedResource, StackExport } from "./export.ts";

export interface PreviewOptions {
  /** Folder of the Pulumi project. */
  dir: string;
  stack: string;
  /** Name of the project in Pulumi.yaml. */
  project: string;
  /** The program, relative to `dir`. @default "index.ts" */
  main?: string;
  /** Configuration as the engine passes it: full keys, objects as JSON text. */
  configMap: Record<string, string>;
  secretKeys: string[];
  /** A program that runs longer is stopped. @default 60 s */
  timeoutMs?: number;
}

export type PreviewResult = { ok: true; export: StackExport } | { ok: false; error: FreeholdError };

/** What a preview runs with; where it runs was said when it was started. */
export type PreviewRequest = Omit<PreviewOptions, "dir" | "main">;

export interface StartedPreview {
  /** Hands the configuration over at once, and returns the resources when the program has ended. Once only. */
  run(request: PreviewRequest): Promise<PreviewResult>;
  /** Ends the child process of a preview that is not wanted any more. */
  stop(): void;
}

/**
 * Runs the Pulumi program in a child process without engine, credentials or network, and returns its resources
 * in the shape of `pulumi stack export`. A crash, a hang or a silent end of the program is a located error with
 * the program's own message.
 */
export function runPreview(options: PreviewOptions): Promise<PreviewResult> {
  return startPreview(options).run(options);
}

/**
 * Starts the child process of a preview before its configuration is known: it loads the SDK while the caller reads
 * and plans the stack. It ends with this process if it is neither run nor stopped.
 */
export function startPreview({
  dir,
  main = "index.ts",
}: Pick<PreviewOptions, "dir" | "main">): StartedPreview {
  const program = resolve(dir, main);
  if (!existsSync(program)) {
    const missing = failure("program-missing", `there is no program ${main}`, main, "run `freehold init`");
    return { run: async () => missing, stop: () => undefined };
  }
  const entry = entryFor(program);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry.child], {
    cwd: dir,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: "false" },
  });
  const output = collect(child);
  return {
    run: ({ project, stack, configMap, secretKeys, timeoutMs = 60_000 }) => {
      const request: ChildRequest = {
        program: entry.program,
        project,
        stack,
        organization: "organization",
        config: configMap,
        secretKeys,
      };
      child.stdin!.end(JSON.stringify(request));
      return output.end(timeoutMs).then((ended) => verdict(ended, main));
    },
    stop: output.stop,
  };
}

interface Ended {
  /** Exit status; null when a signal ended it. */
  code: number | null;
  /** Milliseconds after which the child was stopped, if it was. */
  stoppedAfter: number | null;
  stderr: string;
  /** What it wrote on descriptor 3. */
  text: string;
}

/** Listens to a child from its start, so that nothing of it is lost, and takes it along when this process ends. */
function collect(child: ChildProcess): { end(timeoutMs: number): Promise<Ended>; stop(): void } {
  let stderr = "";
  const chunks: Buffer[] = [];
  // The program's own prints belong to neither of our streams; its errors are kept for the message.
  child.stdout!.resume();
  child.stderr!.on("data", (data: Buffer) => {
    if (stderr.length < 64_000) stderr += data.toString("utf8");
  });
  (child.stdio[3] as NodeJS.ReadableStream).on("data", (data: Buffer) => chunks.push(data));
  child.stdin!.on("error", () => undefined);
  const stop = () => void child.kill("SIGKILL");
  // A caller that leaves early (Ctrl-C) takes the program along, and one that never runs it does not wait for it.
  process.once("exit", stop);
  const handles = [child, ...child.stdio] as { ref?(): void; unref?(): void }[];
  for (const handle of handles) handle.unref?.();
  const closed = new Promise<number | null>((done) => {
    child.on("error", () => done(1));
    child.on("close", (status) => done(status));
  }).finally(() => process.off("exit", stop));
  return {
    stop,
    async end(timeoutMs) {
      for (const handle of handles) handle.ref?.();
      let stoppedAfter: number | null = null;
      const timer = setTimeout(() => {
        stoppedAfter = timeoutMs;
        stop();
      }, timeoutMs);
      const code = await closed;
      clearTimeout(timer);
      return { code, stoppedAfter, stderr, text: Buffer.concat(chunks).toString("utf8") };
    },
  };
}

function verdict({ code, stoppedAfter, stderr, text }: Ended, main: string): PreviewResult {
  if (stoppedAfter !== null) {
    return failure(
      "program-hangs",
      `the program did not end within ${stoppedAfter / 1000} s`,
      main,
      "look for an open handle or an endless loop",
    );
  }
  if (code !== 0) {
    return failure("program-failed", message(stderr) || `the program ended with status ${code}`, main, null);
  }
  if (text === "") {
    return failure(
      "program-silent",
      "the program ended before its resources were registered",
      main,
      "remove process.exit from the program",
    );
  }
  return { ok: true, export: JSON.parse(text) as StackExport };
}

/** The program's own message without the stack of the SDK. */
function message(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => !/^\s+at /.test(line) && line.trim() !== "");
  const first = lines.findIndex((line) => /error/i.test(line));
  return lines
    .slice(Math.max(0, first), Math.max(0, first) + 12)
    .join("\n")
    .trim();
}

function failure(code: string, text: string, main: string, fix: string | null): PreviewResult {
  return {
    ok: false,
    error: {
      code,
      message: text,
      file: main,
      line: null,
      col: null,
      path: null,
      value: null,
      allowed: null,
      fix,
    },
  };
}
