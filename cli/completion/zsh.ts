import type { Entry, Flag, Values } from "./entries.ts";

/** A completion function for zsh: sourced, or as the file `_freehold` in a folder of fpath. */
export function zsh(entries: readonly Entry[]): string {
  return `#compdef freehold
_freehold_stacks() {
  local -a names
  names=(stacks/Pulumi.*.yaml(N:t:r))
  compadd -- \${names#Pulumi.}
}
_freehold() {
  local command="" state
  (( CURRENT > 2 )) && command="$words[2]"
${entries
  .filter((entry) => entry.path !== "")
  .flatMap((entry) => entry.commands.map((name) => ({ path: entry.path, name })))
  .map(
    ({ path, name }) =>
      `  if (( CURRENT > 3 )) && [[ "$words[2] $words[3]" == '${path} ${name}' ]]; then command='${path} ${name}'; fi`,
  )
  .join("\n")}
  case "$command" in
${entries.map((entry) => caseOf(entry, entries)).join("\n")}
  esac
}
if [[ "$funcstack[1]" == _freehold ]]; then
  _freehold "$@"
else
  compdef _freehold freehold
fi
`;
}

function caseOf({ path, flags, commands, argument }: Entry, entries: readonly Entry[]): string {
  const shifts = path === "" ? 0 : path.split(" ").length;
  const rest = argument === "none" ? [] : [`'*:argument:${action(argument)}'`];
  const options = `_arguments ${[...flags.map(spec), ...rest].join(" ")}`;
  const described = commands.map((name) => {
    const child = entries.find((other) => other.path === `${path} ${name}`.trim());
    return `'${name}:${plain(child?.says ?? "")}'`;
  });
  const body =
    described.length === 0
      ? options
      : `if (( CURRENT == 2 )) && [[ "$words[CURRENT]" != -* ]]; then local -a commands=(${described.join(" ")}); _describe command commands; else ${options}; fi`;
  return `    '${path}') ${"shift words; (( CURRENT-- )); ".repeat(shifts)}${body} ;;`;
}

function spec(flag: Flag): string {
  const value = flag.values === "none" ? "" : `:value:${action(flag.values)}`;
  const star = flag.repeatable ? "*" : "";
  return [flag.long, ...(flag.short ? [flag.short] : [])]
    .map((name) => `'${star}${name}[${plain(flag.says)}]${value}'`)
    .join(" ");
}

function action(values: Values): string {
  if (values === "stacks") return "_freehold_stacks";
  if (values === "files") return "_files";
  if (values === "folders") return "_files -/";
  return typeof values === "string" ? " " : `(${values.join(" ")})`;
}

/** Text without the characters that _arguments reads as its own. */
function plain(text: string): string {
  return text.replace(/['[\]:\\`$]/g, " ");
}
