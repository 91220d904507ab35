import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Io } from "./io.ts";
import { usageError } from "./io.ts";

/**
 * Prints a text, or writes it to the file of `--out`: first to a temporary file beside it, then renamed, so that
 * a broken run leaves the old file as it was. A link stays a link and a file keeps its mode; a device or a pipe
 * (/dev/stdout) is written to, never replaced.
 *
 * @throws CommandError when the file cannot be written
 */
export function emit(io: Io, text: string, file: string | undefined): void {
  const whole = text.endsWith("\n") ? text : `${text}\n`;
  if (file === undefined) {
    io.out(whole);
    return;
  }
  try {
    write(resolve(io.cwd, file), whole);
  } catch (cause) {
    const { code, syscall, message } = cause as NodeJS.ErrnoException;
    const reason = REASONS[code === "EEXIST" && syscall === "mkdir" ? "ENOTDIR" : (code ?? "")];
    throw usageError("cannot-write", `cannot write ${file}: ${reason ?? message}`, {
      path: "--out",
      value: file,
      fix: "--out FILE in a folder that can be written to",
    });
  }
}

const REASONS: Record<string, string> = {
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left",
};

function write(wanted: string, text: string): void {
  const present = statSync(wanted, { throwIfNoEntry: false });
  if (present?.isDirectory()) throw Object.assign(new Error("is a folder"), { code: "EISDIR" });
  if (present && !present.isFile()) {
    writeFileSync(wanted, text);
    return;
  }
  const target = present ? realpathSync(wanted) : wanted;
  const temporary = `${target}.${process.pid}.tmp`;
  mkdirSync(dirname(target), { recursive: true });
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    if (present) chmodSync(temporary, present.mode);
    renameSync(temporary, target);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") rmSync(temporary, { force: true });
    throw cause;
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
