/** Places in a JSON text, for messages. */

/**
 * Where the value at a path begins in a valid JSON text.
 *
 * @param path keys and indexes, e.g. ["resources", 3, "refs", "bucket"]
 * @returns null when the path leads nowhere.
 */
export function locate(
  text: string,
  path: readonly (string | number)[],
): { line: number; col: number } | null {
  let at = skipSpace(text, text.startsWith("\uFEFF") ? 1 : 0);
  for (const step of path) {
    const next = typeof step === "number" ? element(text, at, step) : member(text, at, step);
    if (next === null) return null;
    at = next;
  }
  return place(text, at);
}

/** Line and column, from 1, of an offset. */
export function place(text: string, offset: number): { line: number; col: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, col: offset - before.lastIndexOf("\n") };
}

function element(text: string, start: number, index: number): number | null {
  if (text[start] !== "[") return null;
  let at = skipSpace(text, start + 1);
  for (let seen = 0; text[at] !== "]" && at < text.length; seen++) {
    if (seen === index) return at;
    at = next(text, skipValue(text, at));
  }
  return null;
}

/** The last member of a name counts, as in JSON.parse. */
function member(text: string, start: number, key: string): number | null {
  if (text[start] !== "{") return null;
  let found: number | null = null;
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === key) found = value;
    at = next(text, skipValue(text, value));
  }
  return found;
}

/** Past the comma to the next entry, or to the closing bracket. */
function next(text: string, end: number): number {
  const at = skipSpace(text, end);
  return text[at] === "," ? skipSpace(text, at + 1) : at;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? "")) at++;
  return at;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** Past a value of any kind, without recursion: a hostile file must not exhaust the stack. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const char = text[at]!;
    if (char === '"') at = skipString(text, at);
    else if (char === "{" || char === "[") {
      depth++;
      at++;
    } else if (char === "}" || char === "]") {
      depth--;
      at++;
    } else if (depth > 0) at++;
    else while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++;
  } while (depth > 0 && at < text.length);
  return at;
}
