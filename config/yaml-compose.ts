import { Composer, type Document, Lexer, Parser } from "yaml";
import { type FreeholdError, freeholdError } from "./errors.ts";
import type { Lines } from "./lines.ts";
import { describeSyntax } from "./yaml-syntax.ts";

/** Deepest nesting that is read; the deepest field of a stack is at seven. */
const MAX_DEPTH = 64;

/**
 * Text to YAML documents. Syntax errors, directives and deep nesting are findings; then there are no documents.
 * Lexer and parser work with a stack of their own, so depth is known before the recursive composer runs.
 */
export function compose(
  text: string,
  file: string,
  lines: Lines,
): { documents: Document.Parsed[]; errors: FreeholdError[] } {
  const finding = (offset: number, code: string, message: string, fix: string | null) =>
    freeholdError({ code, message, file, ...lines.position(offset), fix });
  const fail = (...errors: FreeholdError[]) => ({ documents: [], errors });
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH + 2)
      return fail(
        finding(
          parser.offset,
          "yaml-depth",
          `nested deeper than ${MAX_DEPTH} levels`,
          "a stack needs seven levels at most; remove the brackets or the indentation",
        ),
      );
  }
  for (const token of parser.end()) tokens.push(token);
  const directive = tokens.find((token) => token.type === "directive");
  if (directive)
    return fail(
      finding(
        directive.offset,
        "yaml-directive",
        "YAML directives (lines that begin with '%') are not read",
        "remove the line",
      ),
    );
  // Duplicate keys are looked for later: the library's own check is quadratic in the size of a map.
  const composer = new Composer({ version: "1.2", uniqueKeys: false, prettyErrors: false, strict: true });
  const documents = [...composer.compose(tokens, true, text.length)];
  const errors: FreeholdError[] = [];
  for (const document of documents)
    for (const problem of document.errors) {
      const { line } = lines.position(problem.pos[0]);
      const tab = /^[ ]*\t/.exec(text.slice(lines.start(line), lines.start(line) + 1000));
      const { offset, message, fix } = describeSyntax(problem, document as Document.Parsed);
      const error = tab
        ? finding(
            lines.start(line) + tab[0].length - 1,
            "yaml-tab",
            "a tab indents this line; YAML allows spaces only",
            "replace the tab with spaces",
          )
        : finding(offset, "yaml-syntax", message, fix);
      // One mistake makes the parser stumble more than once, there and on lines after it: the first of each kind
      // tells enough.
      if (!errors.some((other) => other.line === error.line || (!tab && other.message === message)))
        errors.push(error);
    }
  const tabs = errors.filter((error) => error.code === "yaml-tab");
  if (errors.length > 0) return { documents: [], errors: tabs.length > 0 ? tabs : errors };
  return { documents: documents as Document.Parsed[], errors };
}
