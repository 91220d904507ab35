import { type Command, CommanderError } from "commander";
import { catalogAsOf, FREEHOLD_VERSION } from "../catalog/index.ts";
import { nearest } from "../config/nearest.ts";
import { json } from "../report/json.ts";
import type { ErrorDocument } from "../report/schema/facts.ts";
import { examplesOf } from "./command-line.ts";
import { CommandError, type ErrorRecord, EXIT, errorRecord, type Io } from "./io.ts";
import type { Misuse } from "./program.ts";

/**
 * Prints what ended a command (as an error document too, if JSON was asked for) and returns the exit code.
 *
 * @param root the command tree, for the names of did-you-mean
 */
export function reportFailure(cause: unknown, argv: readonly string[], root: Command, io: Io): number {
  const wantsJson = asksForJson(argv);
  if (cause instanceof CommanderError) {
    if (cause.exitCode === 0) return EXIT.ok;
    const asked = argv.find((word) => !word.startsWith("-"));
    if (cause.code === "commander.help" && asked === undefined && !wantsJson) {
      io.err(root.helpInformation());
      return EXIT.usage;
    }
    const record = cause.code === "commander.help" ? noSuchCommand(argv, root) : misuse(cause, root);
    return print([record], EXIT.usage, io, wantsJson);
  }
  if (cause instanceof CommandError) return print(cause.errors, cause.exitCode, io, wantsJson, cause.text);
  const error = cause as Error & { code?: string; file?: string; fix?: string };
  const damaged = error?.code === "catalog-corrupt";
  const message = error?.message ?? String(cause);
  const record = damaged
    ? errorRecord("catalog-corrupt", message, { file: error.file ?? null, fix: error.fix ?? null })
    : errorRecord("unexpected", message, {
        fix: "this is a defect; set FREEHOLD_DEBUG=1 for the stack and report it",
      });
  if (process.env["FREEHOLD_DEBUG"] === "1") io.err(`${error?.stack}\n`);
  return print([record], damaged ? EXIT.usage : EXIT.unexpected, io, wantsJson);
}

/** Whether the last output format on a command line that may not even parse is JSON. */
export function asksForJson(argv: readonly string[]): boolean {
  let format: string | undefined;
  for (const [at, word] of argv.entries()) {
    if (word === "--") break;
    if (word === "-o" || word === "--output") format = argv[at + 1];
    else if (word.startsWith("--output=")) format = word.slice("--output=".length);
    else if (word.startsWith("-o")) format = word.slice(2);
  }
  return format === "json";
}

/** Commander's message with did-you-mean over the commands or the flags that were possible there. */
function misuse(cause: Misuse, root: Command): ErrorRecord {
  const command = cause.command ?? root;
  const message = cause.message
    .replace(/^error: /, "")
    .split("\n")[0]!
    .replace(/^(\w)/, (letter) => letter.toLowerCase());
  const word = /'([^']+)'/.exec(message)?.[1] ?? null;
  const code = cause.code.replace("commander.", "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const help = [...path(command), "--help"].join(" ");
  if (cause.code === "commander.unknownOption") {
    const names = flagsOf(command);
    // Any two short flags are close to each other.
    const close = word!.startsWith("--") ? nearest(word!.split("=")[0]!, names, 3) : [];
    return suggest(errorRecord(code, message, { value: word }), close, names, help);
  }
  if (cause.code === "commander.unknownCommand") return noSuchCommand([word ?? ""], command);
  if (cause.code === "commander.excessArguments" && command.commands.length > 0)
    return noSuchCommand(command.args, command);
  const example = examplesOf(command)[0];
  return errorRecord(code, message, { value: word, fix: example ? `e.g. ${example}` : help });
}

function noSuchCommand(argv: readonly string[], parent: Command): ErrorRecord {
  const word = argv.find((part) => !part.startsWith("-") && part !== "help") ?? null;
  const names = parent.commands.map((command) => command.name());
  const message = word === null ? "no command is named" : `unknown command '${word}'`;
  const close = word === null ? [] : nearest(word, names, 3);
  const help = [...path(parent), "--help"].join(" ");
  return suggest(errorRecord("unknown-command", message, { value: word }), close, names, help);
}

function suggest(record: ErrorRecord, close: string[], all: string[], help: string): ErrorRecord {
  return close[0] === undefined
    ? { ...record, allowed: all, fix: help }
    : { ...record, allowed: close, fix: `did you mean ${close[0]}?` };
}

/** Flags that a command takes, its parents' included. */
function flagsOf(command: Command): string[] {
  const own = [command, ...(command.parent ? [command.parent] : [])].flatMap((entry) => entry.options);
  return [
    ...new Set(own.flatMap(({ long, short }) => [long, short]).filter((name) => typeof name === "string")),
  ];
}

/** `freehold cost diff` as its words. */
function path(command: Command): string[] {
  return [...(command.parent ? path(command.parent) : []), command.name()];
}

function print(
  errors: readonly ErrorRecord[],
  code: number,
  io: Io,
  wantsJson: boolean,
  text?: string,
): number {
  const document: ErrorDocument = {
    schema: "freehold.error/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: asOf(),
    errors: [...errors],
  };
  if (wantsJson) io.out(json(document));
  io.err(text ?? errors.map(errorText).join(""));
  return code;
}

function errorText(error: ErrorRecord): string {
  const where = error.file
    ? `${error.file}${error.line === null ? "" : `:${error.line}:${error.col}`}: `
    : "";
  const given =
    error.value !== null && !error.message.includes(String(error.value))
      ? `  given: ${JSON.stringify(error.value)}\n`
      : "";
  const allowed = error.allowed && error.allowed.length > 0 ? `  allowed: ${error.allowed.join(", ")}\n` : "";
  const fix = error.fix ? `  fix: ${error.fix}\n` : "";
  return `error: ${where}${error.message}\n${given}${allowed}${fix}`;
}

/** Date of the catalogue, or null where the catalogue itself is what is broken. */
function asOf(): string | null {
  try {
    return catalogAsOf();
  } catch {
    return null;
  }
}
