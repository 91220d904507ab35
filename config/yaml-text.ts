import { type FreeholdError, freeholdError } from "./errors.ts";
import { Lines } from "./lines.ts";

/** Largest stack file that is read, bytes. Real ones are a few kilobytes. */
export const MAX_BYTES = 1024 * 1024;

export function tooLarge(file: string, bytes: number): FreeholdError {
  return freeholdError({
    code: "file-too-large",
    message: `a stack file is at most 1 MB; this one has ${(bytes / MAX_BYTES).toFixed(1)} MB`,
    file,
    line: 1,
    col: 1,
    allowed: ["at most 1 MB"],
    fix: "check that this is the stack file, not a dump or an image",
  });
}

/**
 * Bytes -> text: refuses what is too large, not UTF-8 or holds control characters (with the position of the first
 * one) and drops a byte order mark.
 */
export function decodeText(
  input: string | Uint8Array,
  file: string,
): { text: string } | { error: FreeholdError } {
  const bytes = typeof input === "string" ? utf8Length(input) : input.byteLength;
  if (bytes > MAX_BYTES) return { error: tooLarge(file, bytes) };
  let text: string;
  if (typeof input === "string") text = input.startsWith("\uFEFF") ? input.slice(1) : input;
  else {
    const utf16 = utf16Name(input);
    if (utf16) return { error: notUtf8(file, { line: 1, col: 1 }, `the file is ${utf16}`) };
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(input);
    } catch {
      const { byte, ...position } = firstBadByte(input);
      return {
        error: notUtf8(file, position, `byte 0x${byte.toString(16).padStart(2, "0")} begins no character`),
      };
    }
  }
  const at = text.search(CONTROL);
  return at >= 0 ? { error: controlCharacter(text, at, file) } : { text };
}

/** What YAML forbids: control characters but for tab and line ends, lone carriage returns, lone surrogates. */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFEFF\uFFFE\uFFFF]|\r(?!\n)|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function controlCharacter(text: string, at: number, file: string): FreeholdError {
  const code = text.charCodeAt(at);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return freeholdError({
    code: "control-character",
    message: `${code === 0 ? "a NUL byte" : `the control character ${name}`} is not allowed in YAML`,
    file,
    ...new Lines(text).position(at),
    value: name,
    fix:
      code === 0
        ? "save the file as UTF-8; NUL bytes come from UTF-16 or from a file that is not text"
        : code === 13
          ? "save the file with LF or CRLF line ends"
          : "delete the character",
  });
}

/** UTF-16 and UTF-32 by their byte order marks. */
function utf16Name(input: Uint8Array): string | null {
  const [a, b, c, d] = input;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32" : "UTF-16";
  if (a === 0xfe && b === 0xff) return "UTF-16";
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? "UTF-32" : null;
}

function utf8Length(text: string): number {
  return text.length > MAX_BYTES ? text.length : new TextEncoder().encode(text).byteLength;
}

/** Feeds the decoder byte by byte: it throws on the byte that breaks a sequence, so what came out is the text before. */
function firstBadByte(input: Uint8Array): { line: number; col: number; byte: number } {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let col = 1;
  // The mark itself yields no text.
  let sequence = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? 3 : 0;
  try {
    for (let at = 0; at < input.byteLength; at++) {
      const out = decoder.decode(input.subarray(at, at + 1), { stream: true });
      if (out !== "") sequence = at + 1;
      if (out === "\n") {
        line += 1;
        col = 1;
      } else col += out.length;
    }
  } catch {
    // The position is in line and col.
  }
  return { line, col, byte: input[sequence] ?? 0 };
}

function notUtf8(file: string, position: { line: number; col: number }, why: string): FreeholdError {
  return freeholdError({
    code: "not-utf8",
    message: `not UTF-8 text: ${why}`,
    file,
    ...position,
    allowed: ["UTF-8"],
    fix: `save the file as UTF-8 (in an editor: "Save with encoding"; or iconv -f ${/UTF-\d+/.exec(why)?.[0] ?? "latin1"} -t UTF-8)`,
  });
}
