import { type Document, isCollection, isScalar, visit, type YAMLParseError } from "yaml";
import { clip } from "./show.ts";

/** A syntax error in the words of somebody who edits a stack file; the offset is where to look. */
export function describeSyntax(
  problem: YAMLParseError,
  document: Document.Parsed,
): { offset: number; message: string; fix: string | null } {
  const [offset] = problem.pos;
  if (problem.code === "MISSING_CHAR" && /closing .quote/.test(problem.message))
    return {
      offset: opening(document, offset, "quote") ?? offset,
      message: "this quote is not closed",
      fix: "add the same quote at the end of the text",
    };
  if (/^Flow (map|sequence)/.test(problem.message))
    return {
      offset: opening(document, offset, "bracket") ?? offset,
      message: "this bracket is not closed, or what it holds is not indented",
      fix: `add ${/map/.test(problem.message) ? "}" : "]"} at the end`,
    };
  if (/^Sequence item without/.test(problem.message)) return { offset, ...LINE_UP };
  const known = WORDS[problem.code];
  if (known) return { offset, ...known };
  return { offset, message: `not valid YAML: ${words(problem.message)}`, fix: null };
}

const LINE_UP = {
  message: "this line does not line up with its neighbours",
  fix: "indent it with the same number of spaces as they have",
};

const WORDS: Partial<Record<YAMLParseError["code"], { message: string; fix: string }>> = {
  BAD_INDENT: LINE_UP,
  BLOCK_AS_IMPLICIT_KEY: {
    message: "a second colon in one value, or a line that is indented too far",
    fix: "put text that holds ': ' in quotes; line keys up with their neighbours",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "this is no key: the colon and the space after it are missing",
    fix: "write key: value",
  },
  BAD_SCALAR_START: {
    message: "a text cannot begin with this character",
    fix: "put the text in quotes",
  },
};

/** Where the quote or bracket begins that a finding at `offset` misses the end of: the innermost one there. */
function opening(document: Document.Parsed, offset: number, what: "quote" | "bracket"): number | null {
  let found: number | null = null;
  visit(document, {
    Node(_key, node) {
      const range = node.range;
      if (!range || range[0] >= offset || range[2] < offset) return;
      const open =
        what === "quote"
          ? isScalar(node) && node.type?.startsWith("QUOTE")
          : isCollection(node) && node.flow === true;
      if (open && range[0] > (found ?? -1)) found = range[0];
    },
  });
  return found;
}

/**
 * The library's message. What follows its colon is text of the file, of any length, which might hold a ciphertext;
 * long words are cut for the same reason.
 */
function words(message: string): string {
  const [said] = message.split(/\n|: /);
  return clip(said!, 200).replace(/\S{25,}/g, (word) => `${word.slice(0, 8)}…`);
}
