import { type Command, CommanderError } from "commander";
import { catalogAsOf, FREEHOLD_VERSION } from "../catalog/index.ts";
import { nearest } from "../config/nearest.ts";
import { json } from "../report/json.ts";
import { CommandError, type ErrorRecord, EXIT, type Io } from "./io.ts";

/**
 * Prints what ended a command (as an error document too, if JSON was asked for) and returns the exit code.
 *
 * @param root the command tree, for the names of did-you-mean
 */
export function reportFailure(cause: unknown, root: Command, io: Io, wantsJson: boolean): number {
  if (cause instanceof CommanderError) {
    if (cause.exitCode === 0) return EXIT.ok;
    if (cause.code === "commander.help") {
      io.err(root.helpInformation());
      return EXIT.usage;
    }
    return print([usage(cause, root)], EXIT.usage, io, wantsJson);
  }
  if (cause instanceof CommandError) return print(cause.errors, cause.exitCode, io, wantsJson);
  const error = cause as Error & { code?: string; file?: string; fix?: string };
  const damaged = error?.code === "catalog-corrupt";
  const record: ErrorRecord = {
    code: damaged ? error.code! : "unexpected",
    message: error?.message ?? String(cause),
    file: damaged ? (error.file ?? null) : null,
    line: null,
    col: null,
    path: null,
    value: null,
    allowed: null,
    fix: damaged ? (error.fix ?? null) : "this is a defect; set FREEHOLD_DEBUG=1 for the stack and report it",
  };
  if (process.env["FREEHOLD_DEBUG"] === "1") io.err(`${error?.stack}\n`);
  return print([record], damaged ? EXIT.usage : EXIT.unexpected, io, wantsJson);
}

/** Commander's message with did-you-mean over commands and flags. */
function usage(cause: CommanderError, root: Command): ErrorRecord {
  const message = cause.message
    .replace(/^error: /, "")
    .split("\n")[0]!
    .replace(/^(\w)/, (letter) => letter.toLowerCase());
  const word = /'([^']+)'/.exec(message)?.[1] ?? null;
  const commands = [root, ...root.commands];
  const names =
    cause.code === "commander.unknownOption"
      ? commands.flatMap((command) =>
          command.options.flatMap((option) =>
            [option.long, option.short].filter((name) => name !== undefined && name !== null),
          ),
        )
      : root.commands.map((command) => command.name());
  const close =
    word && /unknown/.test(cause.code)
      ? nearest(word.split("=")[0]!, [...new Set(names)] as string[], 3)
      : [];
  return {
    code: cause.code.replace("commander.", "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    message,
    file: null,
    line: null,
    col: null,
    path: null,
    value: word,
    allowed: close.length > 0 ? close : null,
    fix: close.length > 0 ? `did you mean ${close[0]}?` : "freehold --help",
  };
}

function print(errors: readonly ErrorRecord[], code: number, io: Io, wantsJson: boolean): number {
  if (wantsJson)
    io.out(
      json({ schema: "freehold.error/v1", freeholdVersion: FREEHOLD_VERSION, catalogAsOf: asOf(), errors }),
    );
  for (const error of errors) {
    const where = error.file
      ? `${error.file}${error.line === null ? "" : `:${error.line}:${error.col}`}: `
      : "";
    io.err(`error: ${where}${error.message}\n`);
    if (error.value !== null && !error.message.includes(String(error.value)))
      io.err(`  given: ${JSON.stringify(error.value)}\n`);
    if (error.allowed && error.allowed.length > 0) io.err(`  allowed: ${error.allowed.join(", ")}\n`);
    if (error.fix) io.err(`  fix: ${error.fix}\n`);
  }
  return code;
}

/** Date of the catalogue, or null where the catalogue itself is what is broken. */
function asOf(): string | null {
  try {
    return catalogAsOf();
  } catch {
    return null;
  }
}
