import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type FreeholdError, freeholdError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { type Override, parseOverride } from "./overrides.ts";
import { parseStack } from "./parse.ts";
import type { StackSpec } from "./schema.ts";
import { readYaml } from "./yaml-document.ts";
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
  | {
      ok: true;
      spec: StackSpec;
      /** Name of the Pulumi project. */
      project: string;
      /** The stack file, relative to `dir`. */
      file: string;
      configMap: Record<string, string>;
      secretKeys: string[];
      warnings: string[];
    }
  | { ok: false; errors: FreeholdError[] };

const STACK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Stacks of a project, by the files in its configuration folder. */
export function listStacks(dir: string, configDir = "stacks"): string[] {
  const folder = join(dir, configDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? [])
    .sort();
}

/** Finds, reads and validates the file of a stack. */
export async function loadStack(options: LoadOptions): Promise<LoadResult> {
  const project = readProject(options.dir);
  if ("errors" in project) return { ok: false, errors: project.errors };
  const overrides: Override[] = [];
  const errors: FreeholdError[] = [];
  for (const text of options.overrides ?? []) {
    const override = parseOverride(text);
    if ("path" in override && Array.isArray(override.path)) overrides.push(override as Override);
    else errors.push(override as FreeholdError);
  }
  if (errors.length > 0) return { ok: false, errors };
  const file = join(project.configDir, `Pulumi.${options.stack}.yaml`);
  const path = join(options.dir, file);
  const { elsewhere } = options;
  if (elsewhere && STACK_NAME.test(options.stack)) {
    const parsed = parseStack(elsewhere.read(file), `${elsewhere.name}:${file}`, overrides);
    return parsed.ok ? { ...parsed, project: project.name, file } : parsed;
  }
  if (!STACK_NAME.test(options.stack) || !existsSync(path)) {
    const known = listStacks(options.dir, project.configDir);
    const close = nearest(options.stack, known, 1)[0];
    return fail(
      "stack-not-found",
      `there is no stack ${options.stack}`,
      file,
      options.stack,
      known,
      close ? `did you mean ${close}?` : known[0] ? `-s ${known[0]}` : "freehold init",
    );
  }
  const size = statSync(path).size;
  if (size > MAX_BYTES) return { ok: false, errors: [tooLarge(file, size)] };
  const parsed = parseStack(readFileSync(path), file, overrides);
  return parsed.ok ? { ...parsed, project: project.name, file } : parsed;
}

/** Name and configuration folder of the project. */
function readProject(dir: string): { name: string; configDir: string } | { errors: FreeholdError[] } {
  const path = join(dir, "Pulumi.yaml");
  if (!existsSync(path)) {
    return {
      errors: [
        freeholdError({
          code: "project-not-found",
          message: "there is no Pulumi.yaml here",
          file: "Pulumi.yaml",
          fix: "--stack-dir FOLDER, or freehold init",
        }),
      ],
    };
  }
  const read = readYaml(readFileSync(path), "Pulumi.yaml");
  if (!read.ok) return { errors: read.errors };
  const data = read.doc.data as { name?: unknown; stackConfigDir?: unknown; config?: unknown } | null;
  if (typeof data?.name !== "string") {
    return {
      errors: [
        freeholdError({
          code: "missing",
          message: "Pulumi.yaml names no project",
          file: "Pulumi.yaml",
          line: 1,
          col: 1,
          path: "name",
          fix: "name: freehold",
        }),
      ],
    };
  }
  const folder =
    typeof data.stackConfigDir === "string"
      ? data.stackConfigDir
      : typeof data.config === "string"
        ? data.config
        : ".";
  return { name: data.name, configDir: folder };
}

function fail(
  code: string,
  message: string,
  file: string,
  value: unknown,
  allowed: string[],
  fix: string,
): LoadResult {
  return { ok: false, errors: [freeholdError({ code, message, file, value, allowed, fix })] };
}
