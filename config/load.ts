import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type FreeholdError, freeholdError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { type Parsed, parseStack } from "./parse.ts";
import { PROJECT_FILE, parseProject } from "./project.ts";
import { clip } from "./show.ts";
import { MAX_BYTES, tooLarge } from "./yaml-text.ts";

export interface LoadOptions {
  /** Folder that holds Pulumi.yaml. */
  dir: string;
  stack: string;
  /** `freehold:path=value`, as given on the command line. */
  overrides?: readonly string[];
  /** Reads the stack file from somewhere else than the folder, e.g. from a revision, named in findings. */
  elsewhere?: { name: string; read(file: string): Uint8Array };
}

export type LoadResult =
  | (Extract<Parsed, { ok: true }> & {
      /** Name of the Pulumi project. */
      project: string;
      /** The stack file, relative to `dir`. */
      file: string;
    })
  | { ok: false; errors: FreeholdError[] };

const STACK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Stacks of a project, by the files in its configuration folder; Pulumi reads no other extension than .yaml. */
export function listStacks(dir: string, configDir = "stacks"): string[] {
  try {
    return readdirSync(join(dir, configDir), { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .flatMap((entry) => /^Pulumi\.(.+)\.yaml$/.exec(entry.name)?.[1] ?? [])
      .filter((name) => STACK_NAME.test(name))
      .sort();
  } catch {
    // A folder that is not there, or not readable, has no stacks to offer.
    return [];
  }
}

/** Finds, reads and validates the file of a stack. */
export async function loadStack(options: LoadOptions): Promise<LoadResult> {
  const projectFile = readConfigFile(join(options.dir, PROJECT_FILE), PROJECT_FILE);
  if ("error" in projectFile)
    return fail(projectFile.error.code === "not-found" ? noProject(options.dir) : projectFile.error);
  const read = parseProject(projectFile.bytes);
  if ("errors" in read) return { ok: false, errors: read.errors };
  const { name, configDir } = read.project;
  const known = listStacks(options.dir, configDir);
  if (!STACK_NAME.test(options.stack)) return fail(badName(options.stack, known));
  const file = join(configDir, `Pulumi.${options.stack}.yaml`);
  let bytes: Uint8Array;
  let shown = file;
  if (options.elsewhere) {
    bytes = options.elsewhere.read(file);
    shown = `${options.elsewhere.name}:${file}`;
  } else {
    const found = readConfigFile(join(options.dir, file), file);
    if ("error" in found)
      return fail(found.error.code === "not-found" ? notFound(options.stack, file, known) : found.error);
    bytes = found.bytes;
  }
  const parsed = parseStack(bytes, shown, options.overrides ?? []);
  return parsed.ok ? { ...parsed, project: name, file } : parsed;
}

function noProject(dir: string): FreeholdError {
  return freeholdError({
    code: "project-not-found",
    message: `there is no ${PROJECT_FILE} in ${dir}`,
    file: PROJECT_FILE,
    fix: "--stack-dir FOLDER, or freehold init",
  });
}

function badName(stack: string, known: string[]): FreeholdError {
  return freeholdError({
    code: "invalid-stack-name",
    message:
      stack === ""
        ? "the name of the stack is empty"
        : `${JSON.stringify(clip(stack))} is not the name of a stack: letters, digits, '.', '_' and '-', at most 100`,
    value: stack,
    allowed: known.length > 0 ? known : null,
    fix: suggestion(stack, known),
  });
}

function notFound(stack: string, file: string, known: string[]): FreeholdError {
  return freeholdError({
    code: "stack-not-found",
    message: `there is no stack ${stack}`,
    file,
    value: stack,
    allowed: known.length > 0 ? known : null,
    fix: suggestion(stack, known),
  });
}

function suggestion(stack: string, known: string[]): string {
  const close = nearest(stack, known, 1)[0];
  if (close) return `did you mean ${close}?`;
  return known[0] ? `-s ${known[0]}` : "freehold init";
}

function fail(error: FreeholdError): LoadResult {
  return { ok: false, errors: [error] };
}

/**
 * The bytes of a configuration file. A folder, a device, a file without permission or of absurd size is a finding;
 * so is a file that is not there, with the code `not-found`.
 *
 * @param shown name of the file in findings
 */
function readConfigFile(path: string, shown: string): { bytes: Uint8Array } | { error: FreeholdError } {
  try {
    const stat = statSync(path);
    if (!stat.isFile())
      return {
        error: freeholdError({
          code: "not-a-file",
          message: stat.isDirectory()
            ? "this is a folder, not a file"
            : "this is a device or a pipe, not a file",
          file: shown,
          fix: "put a plain file in its place",
        }),
      };
    return stat.size > MAX_BYTES ? { error: tooLarge(shown, stat.size) } : { bytes: readFileSync(path) };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    const missing = code === "ENOENT" || code === "ENOTDIR";
    return {
      error: freeholdError({
        code: missing ? "not-found" : "unreadable-file",
        message: missing ? "there is no such file" : `the file cannot be read: ${REASONS[code] ?? code}`,
        file: shown,
        fix: missing ? null : "check the permissions and what the path leads to (ls -lL)",
      }),
    };
  }
}

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "a loop of symbolic links",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk or network reports an error",
};
