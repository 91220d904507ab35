import { type Command, Option } from "commander";
import { dateOf } from "./date.ts";
import { type Io, usageError } from "./io.ts";

/** What a command needs besides commander's own knowledge: kept beside the tree, read by checks and documents. */
const examples = new WeakMap<Command, readonly string[]>();
const formats = new WeakMap<Command, readonly string[]>();
const required = new WeakMap<Command, { name: string; flag: string }[]>();

/** Example command lines of a command, as its help and docs/commands.md print them. */
export function examplesOf(command: Command): readonly string[] {
  return examples.get(command) ?? [];
}

/** Sets a command's description and the examples under its help. */
export function documented(command: Command, description: string, lines: readonly string[]): Command {
  examples.set(command, lines);
  return command
    .description(description)
    .addHelpText("after", `\nExample${lines.length > 1 ? "s" : ""}:\n  ${lines.join("\n  ")}`);
}

/** `-s` and what goes with it, for a command that reads a stack. */
export function onStack(command: Command, needed = true): Command {
  const stack = new Option(
    "-s, --stack <name>",
    `stack, i.e. stacks/Pulumi.<name>.yaml${needed ? " (required)" : ""}`,
  );
  if (needed) require(command, "stack", "-s, --stack <name>");
  return command
    .addOption(stack)
    .option("--stack-dir <dir>", "folder of the Pulumi project (default: here)")
    .option("--config <key=value>", "override, e.g. freehold:models[0].context=8192 (repeatable)", collect)
    .option("--date <YYYY-MM-DD>", "day the run is judged at (default: today)");
}

/** An option that has to be given. */
export function requiring(command: Command, flag: string, name: string, description: string): Command {
  require(command, name, flag);
  return command.option(flag, `${description} (required)`);
}

/** `-o` and `--out`; the first format is the default. */
export function printing(command: Command, names: readonly string[]): Command {
  formats.set(command, names);
  return command
    .option(
      "-o, --output <format>",
      `${names.join(", ").replace(/, ([^,]+)$/, " or $1")} (default: ${names[0]})`,
    )
    .option("--out <file>", "write to a file instead");
}

/** Output formats of a command. */
export function formatsOf(command: Command): readonly string[] {
  return formats.get(command) ?? [];
}

/** For options that may be given more than once. */
export function collect(value: string, list: string[] | undefined): string[] {
  return [...(list ?? []), value];
}

/**
 * What has to hold before any command runs. Options that must be given are looked for here, not by commander, which
 * would report them before a flag that is only misspelt.
 *
 * @throws CommandError
 */
export function checkOptions(command: Command, io: Io): void {
  const given = command.optsWithGlobals() as Record<string, unknown>;
  const missing = (required.get(command) ?? []).filter(({ name }) => given[name] === undefined);
  if (missing.length > 0) {
    const example = examplesOf(command)[0];
    throw usageError("missing-option", `${missing.map(({ flag }) => flag).join(", ")} must be given`, {
      path: missing[0]!.flag.replace(/^.*(--[a-z-]+).*$/, "$1"),
      fix: example ? `e.g. ${example}` : null,
    });
  }
  if (given["date"] !== undefined) dateOf(given as { date: string }, io);
}

function require(command: Command, name: string, flag: string): void {
  required.set(command, [...(required.get(command) ?? []), { name, flag }]);
}
