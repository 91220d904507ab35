import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Io } from "./io.ts";
import { usageError } from "./io.ts";

/**
 * Prints a text, or writes it to the file of `--out`: first to a temporary file beside it, then renamed, so that
 * a broken run leaves the old file as it was.
 */
export function emit(io: Io, text: string, file: string | undefined): void {
  const whole = text.endsWith("\n") ? text : `${text}\n`;
  if (file === undefined) {
    io.out(whole);
    return;
  }
  const target = resolve(io.cwd, file);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(temporary, whole);
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw usageError("cannot-write", `cannot write ${file}: ${(cause as Error).message}`, { value: file });
  }
}

/** Refuses an output format that the command does not have, naming those it has. */
export function format(value: string | undefined, allowed: readonly string[]): string {
  const wanted = value ?? "text";
  if (allowed.includes(wanted)) return wanted;
  throw usageError("unknown-format", `there is no output format ${wanted}`, {
    path: "--output",
    value: wanted,
    allowed: [...allowed],
    fix: `-o ${allowed[0]}`,
  });
}
