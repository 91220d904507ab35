/** Text that is not the JSON that was expected. */
export class NotJson extends Error {
  /** Line of the text, from 1; null where it is about the whole. */
  readonly line: number | null;

  constructor(message: string, line: number | null) {
    super(message);
    this.line = line;
  }
}

export interface Member {
  /** Keys from the root. */
  path: string[];
  /** JSON text of the value; undefined for an object or list at a path of one key, which is gone into instead. */
  text: string | undefined;
}

/**
 * Members of a large JSON object, one at a time: only the text of the wanted values is kept, however large the whole
 * is. Lists are not gone into.
 *
 * @param chunks the text in pieces of any size
 * @param wanted whether the value at a path is returned; a path of one key returns scalars only
 * @throws NotJson where the text is no object, or ends early
 */
export function* membersOf(
  chunks: Iterable<string>,
  wanted: (path: readonly string[]) => boolean,
): Generator<Member> {
  // One entry for each open object or list: its key in an object, and whether it is a list.
  const open: { isList: boolean; key: string }[] = [];
  let [line, inString, isEscaped, expectsKey] = [1, false, false, false];
  let word = "";
  // A value that is being kept: the depth at which it ends, and its text from earlier pieces.
  let kept: { depth: number; path: string[]; text: string } | null = null;
  let isStarted = false;
  let isEnded = false;

  for (const chunk of chunks) {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const char = chunk.charCodeAt(i);
      if (char === 10) line++;
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (char === 92) isEscaped = true;
        else if (char === 34) inString = false;
        if (expectsKey && kept === null) {
          if (inString) word += chunk[i];
          else open.at(-1)!.key = word;
        }
        continue;
      }
      if (char <= 32 || char === 0xfeff) continue;
      if (isEnded) throw new NotJson(`line ${line}: text after the end of the object`, line);
      if (!isStarted) {
        if (char !== 123) throw new NotJson(`line ${line}: the file is no JSON object`, line);
        isStarted = true;
      }
      const top = open.at(-1);
      const ends = char === 44 || char === 125 || char === 93;
      if (kept !== null && ends && open.length === kept.depth) {
        yield { path: kept.path, text: kept.text + chunk.slice(from, i) };
        kept = null;
      }
      if (char === 34) {
        inString = true;
        word = "";
      }
      if (char === 58) {
        if (!top || top.isList) throw new NotJson(`line ${line}: a colon outside of an object`, line);
        expectsKey = false;
        const path: string[] | null =
          kept === null && open.every(({ isList }) => !isList) ? open.map(({ key }) => key) : null;
        if (path && wanted(path)) {
          kept = { depth: open.length, path, text: "" };
          from = i + 1;
        }
      } else if (char === 123 || char === 91) {
        // A wanted path of one key that is an object or a list is told of, and gone into.
        if (kept !== null && kept.path.length === 1 && open.length === 1) {
          yield { path: kept.path, text: undefined };
          kept = null;
        }
        open.push({ isList: char === 91, key: "" });
        expectsKey = char === 123;
      } else if (char === 125 || char === 93) {
        if (!top || top.isList !== (char === 93))
          throw new NotJson(`line ${line}: ${char === 93 ? "]" : "}"} closes nothing`, line);
        open.pop();
        isEnded = open.length === 0;
        expectsKey = false;
      } else if (char === 44) expectsKey = top !== undefined && !top.isList;
    }
    if (kept !== null) kept.text += chunk.slice(from);
  }
  if (!isEnded)
    throw new NotJson(isStarted ? `line ${line}: the file ends early` : "the file is empty", line);
}
