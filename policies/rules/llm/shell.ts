/** Shell text, as far as "which words does this command get" needs it. */

export interface ShellWord {
  text: string;
  /** Whether an unquoted expansion may turn the word into several. */
  splits: boolean;
  /** An operator that ends a command: ; && || | & ( ) or a line end. */
  operator: boolean;
}

const OPERATORS = /^(?:&&|\|\||;;|[;&|()\n])/;

/**
 * Words of a shell text: quotes, backslashes and comments as in POSIX; expansions stay as they are written
 * ("$NAME", "$(command)"), for their value is not known here.
 */
export function shellWords(command: string): ShellWord[] {
  const words: ShellWord[] = [];
  let text = "";
  let open = false;
  let splits = false;
  const close = () => {
    if (open) words.push({ text, splits, operator: false });
    [text, open, splits] = ["", false, false];
  };
  const add = (part: string) => {
    text += part;
    open = true;
  };
  let at = 0;
  while (at < command.length) {
    const rest = command.slice(at);
    const char = command[at]!;
    const expansion = /^(?:\$\([^)]*\)|\$\{[^}]*\}|\$\w+|\$[@*]|`[^`]*`)/.exec(rest)?.[0];
    if (char === "\\") {
      // A line that ends in a backslash goes on in the next one.
      if (command[at + 1] !== "\n") add(command[at + 1] ?? "");
      at += 2;
    } else if (char === "'") {
      const end = command.indexOf("'", at + 1);
      add(command.slice(at + 1, end === -1 ? undefined : end));
      at = end === -1 ? command.length : end + 1;
    } else if (char === '"') {
      const body = /^"((?:[^"\\]|\\[\s\S])*)"?/.exec(rest)!;
      add(body[1]!.replace(/\\\n/g, "").replace(/\\(["\\$`])/g, "$1"));
      at += body[0].length;
    } else if (expansion) {
      add(expansion);
      splits = true;
      at += expansion.length;
    } else if (char === "#" && !open) {
      const end = command.indexOf("\n", at);
      at = end === -1 ? command.length : end;
    } else if (OPERATORS.test(rest)) {
      close();
      const operator = OPERATORS.exec(rest)![0];
      words.push({ text: operator, splits: false, operator: true });
      at += operator.length;
    } else if (/\s/.test(char)) {
      close();
      at += 1;
    } else {
      add(char);
      at += 1;
    }
  }
  close();
  return words;
}

/** Names of the variables that a word still refers to: $NAME, ${NAME}, and Kubernetes' $(NAME). */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$(?:\((\w+)\)|\{(\w+)[^}]*\}|(\w+))/g)].map(
    (match) => (match[1] ?? match[2] ?? match[3])!,
  );
}
