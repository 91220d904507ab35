import type { Command } from "commander";
import { EXIT, type Io, usageError } from "../io.ts";

const SHELLS = ["bash", "zsh", "fish"];

interface Entry {
  name: string;
  description: string;
  flags: { long: string; description: string }[];
}

function entries(root: Command): Entry[] {
  return root.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: command.options.flatMap((option) =>
      option.long ? [{ long: option.long, description: option.description }] : [],
    ),
  }));
}

/** `freehold completion SHELL`: generated from the command tree, so it never lags behind. */
export function completion(shell: string, root: Command, io: Io): number {
  if (!SHELLS.includes(shell)) {
    throw usageError("unknown-shell", `there is no completion for ${shell}`, {
      value: shell,
      allowed: SHELLS,
      fix: "freehold completion bash",
    });
  }
  const list = entries(root);
  io.out(shell === "bash" ? bash(list) : shell === "zsh" ? zsh(list) : fish(list));
  return EXIT.ok;
}

function bash(list: Entry[]): string {
  const cases = list.map(
    (entry) => `    ${entry.name}) words="${entry.flags.map((flag) => flag.long).join(" ")} --help" ;;`,
  );
  return `_freehold() {
  local words current="\${COMP_WORDS[COMP_CWORD]}"
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="${list.map((entry) => entry.name).join(" ")} --help" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${list.map((entry) => entry.name).join(" ")} --help"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _freehold freehold
`;
}

const quoted = (text: string) => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, " ");

function zsh(list: Entry[]): string {
  const cases = list.map(
    (entry) =>
      `    ${entry.name}) _arguments ${entry.flags.map((flag) => `'${flag.long}[${quoted(flag.description)}]'`).join(" ")} ;;`,
  );
  return `#compdef freehold
_freehold() {
  local -a commands
  commands=(${list.map((entry) => `'${entry.name}:${quoted(entry.description)}'`).join(" ")})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${cases.join("\n")}
  esac
}
compdef _freehold freehold
`;
}

function fish(list: Entry[]): string {
  const lines = list.flatMap((entry) => [
    `complete -c freehold -n __fish_use_subcommand -f -a ${entry.name} -d '${quoted(entry.description)}'`,
    ...entry.flags.map(
      (flag) =>
        `complete -c freehold -n '__fish_seen_subcommand_from ${entry.name}' -l ${flag.long.slice(2)} -d '${quoted(flag.description)}'`,
    ),
  ]);
  return `${lines.join("\n")}\n`;
}
