import { type FreeholdError, freeholdError } from "./errors.ts";

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
 * Bytes -> text: refuses what is too large or not UTF-8 (with the position of the first bad byte) and drops a
 * byte order mark.
 */
export function decodeText(
  input: string | Uint8Array,
  file: string,
): { text: string } | { error: FreeholdError } {
  const bytes = typeof input === "string" ? utf8Length(input) : input.byteLength;
  if (bytes > MAX_BYTES) return { error: tooLarge(file, bytes) };
  if (typeof input === "string") return { text: input.startsWith("\uFEFF") ? input.slice(1) : input };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(input) };
  } catch {
    return { error: notUtf8(input, file) };
  }
}

function utf8Length(text: string): number {
  return text.length > MAX_BYTES ? text.length : new TextEncoder().encode(text).byteLength;
}

/** Feeds the decoder byte by byte: it throws on the byte that breaks a sequence, so what came out is the text before. */
function notUtf8(input: Uint8Array, file: string): FreeholdError {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let col = 1;
  let sequence = 0;
  let at = 0;
  try {
    for (; at < input.byteLength; at++) {
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
  const byte = input[sequence] ?? 0;
  return freeholdError({
    code: "not-utf8",
    message: `not UTF-8 text: byte 0x${byte.toString(16).padStart(2, "0")} begins no character`,
    file,
    line,
    col,
    allowed: ["UTF-8"],
    fix: 'save the file as UTF-8 (in an editor: "Save with encoding"; or iconv -f latin1 -t utf-8)',
  });
}
