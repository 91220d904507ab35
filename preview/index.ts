import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { FreeholdError } from "../config/index.ts";
import type { ChildRequest } from "./child.ts";
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

/**
 * Runs the Pulumi program in a child process without engine, credentials or network, and returns its resources
 * in the shape of `pulumi stack export`. A crash, a hang or a silent end of the program is a located error with
 * the program's own message.
 */
export async function runPreview(options: PreviewOptions): Promise<PreviewResult> {
  const program = resolve(options.dir, options.main ?? "index.ts");
  if (!existsSync(program)) {
    return failure(
      "program-missing",
      `there is no program ${options.main ?? "index.ts"}`,
      options,
      "run `freehold init`",
    );
  }
  const request: ChildRequest = {
    program,
    project: options.project,
    stack: options.stack,
    organization: "organization",
    config: options.configMap,
    secretKeys: options.secretKeys,
  };
  const timeoutMs = options.timeoutMs ?? 60_000;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", childProgram()], {
    cwd: options.dir,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: "false" },
  });
  let stderr = "";
  const chunks: Buffer[] = [];
  // The program's own prints belong to neither of our streams; its errors are kept for the message.
  child.stdout!.resume();
  child.stderr!.on("data", (data: Buffer) => {
    if (stderr.length < 64_000) stderr += data.toString("utf8");
  });
  (child.stdio[3] as NodeJS.ReadableStream).on("data", (data: Buffer) => chunks.push(data));
  child.stdin!.on("error", () => undefined);
  child.stdin!.end(JSON.stringify(request));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, timeoutMs);
  // A caller that leaves early (Ctrl-C) takes the program along.
  const leave = () => child.kill("SIGKILL");
  process.once("exit", leave);
  const code = await new Promise<number | null>((done) => {
    child.on("error", () => done(1));
    child.on("close", (status) => done(status));
  });
  process.off("exit", leave);
  clearTimeout(timer);
  if (timedOut) {
    return failure(
      "program-hangs",
      `the program did not end within ${timeoutMs / 1000} s`,
      options,
      "look for an open handle or an endless loop",
    );
  }
  if (code !== 0) {
    return failure(
      "program-failed",
      message(stderr) || `the program ended with status ${code}`,
      options,
      null,
    );
  }
  if (chunks.length === 0) {
    return failure(
      "program-silent",
      "the program ended before its resources were registered",
      options,
      "remove process.exit from the program",
    );
  }
  return { ok: true, export: JSON.parse(Buffer.concat(chunks).toString("utf8")) as StackExport };
}

/**
 * The child's program: beside this file in sources and package; the checkout's bundle keeps it one folder up.
 */
function childProgram(): string {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const places = [join(here, "child.ts"), join(here, "child.js"), join(here, "../../preview/child.ts")];
  return places.find((place) => existsSync(place)) ?? places[0]!;
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

function failure(code: string, text: string, options: PreviewOptions, fix: string | null): PreviewResult {
  return {
    ok: false,
    error: {
      code,
      message: text,
      file: options.main ?? "index.ts",
      line: null,
      col: null,
      path: null,
      value: null,
      allowed: null,
      fix,
    },
  };
}
