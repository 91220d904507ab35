import type { Entry, Flag, Values } from "./entries.ts";

/** Completions for fish. */
export function fish(entries: readonly Entry[]): string {
  const top = entries.find((entry) => entry.path === "")?.commands ?? [];
  return `# freehold: completion for fish
function __freehold_stacks
    for file in stacks/Pulumi.*.yaml
        string replace -r '.*/Pulumi\\.(.*)\\.yaml$' '$1' -- $file
    end
end
function __freehold_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l wanted (string split ' ' -- $argv[1])
    test -z "$argv[1]"; and set wanted
    set -l count (count $wanted)
    test (count $words) -ge $count; or return 1
    if test $count -gt 0
        test "$words[1..$count]" = "$wanted"; or return 1
    end
    # A command of its own has taken over.
    set -l next (math $count + 1)
    if set -q words[$next]; and contains -- $words[$next] $argv[2..]
        return 1
    end
    return 0
end
complete -c freehold -f
${entries.flatMap((entry) => lines(entry, entries, top)).join("\n")}
`;
}

function lines(entry: Entry, entries: readonly Entry[], top: readonly string[]): string[] {
  const { path, flags, commands, argument } = entry;
  const at = (others: readonly string[]) =>
    `-n ${quote(["__freehold_at", quote(path), ...others].join(" "))}`;
  const here = at(path === "" ? top : commands);
  const children = commands.map((name) => {
    const child = entries.find((other) => other.path === `${path} ${name}`.trim());
    return `complete -c freehold ${here} -a ${name} -d ${quote(child?.says ?? "")}`;
  });
  const words = Array.isArray(argument)
    ? [`complete -c freehold ${here} -a ${quote(argument.join(" "))}`]
    : [];
  const files = argument === "files" ? [`complete -c freehold ${here} -F`] : [];
  return [...children, ...words, ...files, ...flags.map((flag) => flagLine(here, flag))];
}

function flagLine(here: string, { long, short, says, values }: Flag): string {
  const name = `-l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ""}`;
  return `complete -c freehold ${here} ${name}${action(values)} -d ${quote(says)}`;
}

function action(values: Values): string {
  if (values === "none") return "";
  if (values === "stacks") return " -x -a '(__freehold_stacks)'";
  if (values === "files") return " -r -F";
  if (values === "folders") return " -x -a '(__fish_complete_directories)'";
  return typeof values === "string" ? " -x" : ` -x -a ${quote(values.join(" "))}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
