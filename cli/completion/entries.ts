import type { Command, Option } from "commander";
import { formatsOf } from "../command-line.ts";

/** What may follow a flag, or stand as an argument. */
export type Values = "none" | "any" | "stacks" | "files" | "folders" | readonly string[];

export interface Flag {
  long: string;
  short: string | null;
  /** First part of its description, without what a shell would read as its own. */
  says: string;
  values: Values;
  repeatable: boolean;
}

export interface Entry {
  /** Words after `freehold`, e.g. `cost diff`. */
  path: string;
  says: string;
  flags: Flag[];
  /** Names of the commands under it. */
  commands: string[];
  argument: Values;
}

/**
 * Every command of a tree with what a shell can complete.
 *
 * @param words words that stand as the argument of a command, by path
 */
export function entriesOf(root: Command, words: Readonly<Record<string, readonly string[]>>): Entry[] {
  const walk = (command: Command, path: string): Entry[] => {
    const entry = {
      path,
      says: command.description(),
      flags: [...command.options.map((option) => flagOf(command, option)), HELP],
      commands: command.commands.map((child) => child.name()),
      argument:
        words[path] ?? (command.registeredArguments.length > 0 ? ("files" as const) : ("none" as const)),
    };
    const children = command.commands.flatMap((child) => walk(child, `${path} ${child.name()}`.trim()));
    return [entry, ...children];
  };
  return walk(root, "");
}

const HELP: Flag = { long: "--help", short: "-h", says: "help", values: "none", repeatable: false };

function flagOf(command: Command, option: Option): Flag {
  const long = option.long ?? "";
  const name = /<([^>]+)>/.exec(option.flags)?.[1];
  const values: Values =
    name === undefined
      ? "none"
      : long === "--stack"
        ? "stacks"
        : long === "--output"
          ? formatsOf(command)
          : name === "file"
            ? "files"
            : name === "dir"
              ? "folders"
              : "any";
  const repeatable = / \(repeatable\)/.test(option.description);
  return { long, short: option.short ?? null, says: option.description, values, repeatable };
}
