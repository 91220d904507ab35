import type { Entry, Flag, Values } from "./entries.ts";

/** A completion function for bash 3.2 and later. */
export function bash(entries: readonly Entry[]): string {
  const parents = entries.filter((entry) => entry.path !== "" && entry.commands.length > 0);
  return `# freehold: completion for bash
_freehold_stacks() {
  local file
  for file in stacks/Pulumi.*.yaml; do
    [ -e "$file" ] || continue
    file=\${file#stacks/Pulumi.}
    printf '%s\\n' "\${file%.yaml}"
  done
}
_freehold() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="" words=""
  [ "$COMP_CWORD" -gt 1 ] && command="\${COMP_WORDS[1]}"
${parents.map(nested).join("\n")}
  COMPREPLY=()
  case "$command:$previous" in
${entries.flatMap(flagCases).join("\n")}
  esac
  case "$command" in
${entries.map((entry) => `    ${quote(entry.path)}) words=${quote(wordsOf(entry))} ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _freehold freehold
`;
}

function nested({ path, commands }: Entry): string {
  const names = commands.map((name) => quote(`${path} ${name}`)).join("|");
  return `  if [ "$COMP_CWORD" -gt 2 ]; then
    case "$command \${COMP_WORDS[2]}" in ${names}) command="$command \${COMP_WORDS[2]}" ;; esac
  fi`;
}

function flagCases({ path, flags }: Entry): string[] {
  return flags
    .filter(({ values }) => values !== "none")
    .map((flag) => `    ${names(path, flag)}) ${reply(flag.values)} ;;`);
}

function names(path: string, { long, short }: Flag): string {
  return [long, ...(short ? [short] : [])].map((name) => quote(`${path}:${name}`)).join("|");
}

/** An empty reply makes bash complete file names (\`-o default\`). */
function reply(values: Values): string {
  if (values === "stacks") return 'COMPREPLY=($(compgen -W "$(_freehold_stacks)" -- "$current")); return';
  if (values === "folders") return 'COMPREPLY=($(compgen -d -- "$current")); return';
  if (typeof values === "string") return "return";
  return `COMPREPLY=($(compgen -W ${quote(values.join(" "))} -- "$current")); return`;
}

function wordsOf({ commands, flags, argument }: Entry): string {
  return [...commands, ...(Array.isArray(argument) ? argument : []), ...flags.map((flag) => flag.long)].join(
    " ",
  );
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
