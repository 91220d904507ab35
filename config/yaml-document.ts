import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
} from "yaml";
import { byPosition, type FreeholdError, freeholdError } from "./errors.ts";
import { formatPath, type Path } from "./path.ts";
import { decodeText } from "./yaml-text.ts";

/** Stands for a `secure:` value, whose plain text is not known offline and whose ciphertext is never shown. */
export const SECRET = "[secret]";

/** Deepest nesting that is read; the deepest field of a stack is at seven. */
const MAX_DEPTH = 64;

interface Place {
  key: number | null;
  value: number;
  /** The scalar as written, e.g. `012` for the number 12. */
  source: string | null;
}

/** Plain data of a YAML file, and where each of its values and keys stands. */
export interface YamlFile {
  data: unknown;
  /** Paths of `secure:` values; their data is SECRET. */
  secrets: Path[];
  /** Position of a value or of its key; of the nearest parent that is there, for what is missing. */
  locate(path: Path, at: "key" | "value"): { line: number; col: number };
  /** A scalar as it is written in the file. */
  source(path: Path): string | null;
}

/**
 * Reads one YAML 1.2 document of plain maps, lists and scalars. Aliases, anchors, tags, merge keys, directives,
 * duplicate keys, several documents and deep nesting are refused, each with its position, all in one go.
 */
export function readYaml(
  input: string | Uint8Array,
  file: string,
): { ok: true; doc: YamlFile } | { ok: false; errors: FreeholdError[] } {
  const decoded = decodeText(input, file);
  if ("error" in decoded) return { ok: false, errors: [decoded.error] };
  const reader = new Reader(decoded.text, file);
  const doc = reader.read();
  return reader.errors.length > 0
    ? { ok: false, errors: reader.errors.sort(byPosition) }
    : { ok: true, doc: doc! };
}

class Reader {
  readonly errors: FreeholdError[] = [];
  private readonly lines = new LineCounter();
  private readonly places = new Map<string, Place>();
  private readonly secrets: Path[] = [];
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  read(): YamlFile | null {
    const documents = this.compose();
    if (this.errors.length > 0) return null;
    const [first, second] = documents;
    if (second) {
      this.refuse(
        second.range[0],
        "yaml-documents",
        "a stack file is one YAML document; a second one begins here",
        "remove the line '---' and what follows it",
      );
    }
    const data = first?.contents ? this.plain(first.contents, []) : null;
    return {
      data,
      secrets: this.secrets,
      locate: (path, at) => this.locate(path, at),
      source: (path) => this.places.get(id(path))?.source ?? null,
    };
  }

  /** Lexer and parser work with a stack of their own, so depth is known before the recursive composer runs. */
  private compose(): Document.Parsed[] {
    const parser = new Parser(this.lines.addNewLine);
    const tokens = [];
    for (const lexeme of new Lexer().lex(this.text)) {
      for (const token of parser.next(lexeme)) tokens.push(token);
      if (parser.stack.length > MAX_DEPTH + 2) {
        this.refuse(
          parser.offset,
          "yaml-depth",
          `nested deeper than ${MAX_DEPTH} levels`,
          "a stack needs seven levels at most; remove the brackets or the indentation",
        );
        return [];
      }
    }
    for (const token of parser.end()) tokens.push(token);
    const directive = tokens.find((token) => token.type === "directive");
    if (directive) {
      this.refuse(
        directive.offset,
        "yaml-directive",
        "YAML directives (lines that begin with '%') are not read",
        "remove the line",
      );
      return [];
    }
    // Duplicate keys are looked for in plain(): the library's own check is quadratic in the size of a map.
    const composer = new Composer({
      version: "1.2",
      uniqueKeys: false,
      lineCounter: this.lines,
      prettyErrors: false,
      strict: true,
    });
    const documents = [...composer.compose(tokens, true, this.text.length)];
    const seen = new Set<number>();
    for (const problem of documents.flatMap((document) => document.errors)) {
      const { line } = this.lines.linePos(problem.pos[0]);
      if (!seen.has(line)) this.syntax(problem.pos[0], problem.message, line);
      seen.add(line);
    }
    return documents as Document.Parsed[];
  }

  private syntax(offset: number, message: string, line: number): void {
    const start = this.lines.lineStarts[line - 1] ?? 0;
    const tab = /^[ ]*\t/.exec(this.text.slice(start));
    if (tab)
      this.refuse(
        start + tab[0].length - 1,
        "yaml-tab",
        "a tab indents this line; YAML allows spaces only",
        "replace the tab with spaces",
      );
    else this.refuse(offset, "yaml-syntax", `not valid YAML: ${message}`, null);
  }

  private plain(node: ParsedNode | Node | null, path: Path): unknown {
    if (node === null) return null;
    const [offset] = node.range ?? [0];
    if (isAlias(node)) {
      this.refuse(offset, "yaml-alias", `aliases are not read: *${node.source}`, "write the value out");
      return null;
    }
    if (node.anchor)
      this.refuse(offset, "yaml-anchor", `anchors are not read: &${node.anchor}`, `remove &${node.anchor}`);
    if (node.tag && /^[&!]/.test(this.text.slice(offset)) === false && this.tagBefore(offset)) {
      this.refuse(offset, "yaml-tag", "YAML tags are not read", "remove the tag");
    }
    if (isScalar(node)) return node.value ?? null;
    if (isSeq(node)) {
      return node.items.map((item, index) => this.child(item as ParsedNode, [...path, index], null));
    }
    if (!isMap(node)) return null;
    return this.map(node.items, path);
  }

  private tagBefore(offset: number): boolean {
    return /![^\s]*[ \t\n]*(&[^\s]+[ \t\n]+)?$/.test(this.text.slice(Math.max(0, offset - 80), offset));
  }

  private map(pairs: unknown[], path: Path): unknown {
    const data: Record<string, unknown> = {};
    for (const pair of pairs) {
      if (!isPair(pair)) continue;
      const key = pair.key as ParsedNode | null;
      const offset = key?.range?.[0] ?? 0;
      if (!isScalar(key)) {
        this.refuse(offset, "yaml-key", "a key must be plain text", "write a single word before the colon");
        continue;
      }
      const name = key.source ?? String(key.value);
      const shown = formatPath([...path, name]);
      if (key.anchor)
        this.refuse(offset, "yaml-anchor", `anchors are not read: &${key.anchor}`, `remove &${key.anchor}`);
      if (name === "<<")
        this.refuse(offset, "yaml-merge", "merge keys are not read: <<", "write the keys out", shown);
      else if (name === "__proto__")
        this.refuse(offset, "unknown-key", "__proto__ is not a key", "remove it", shown);
      else if (Object.hasOwn(data, name)) {
        const first = this.lines.linePos(this.places.get(id([...path, name]))!.key!);
        this.refuse(
          offset,
          "duplicate-key",
          `${shown} is given twice; first in line ${first.line}`,
          "keep one of the two",
          shown,
        );
      } else data[name] = this.child(pair.value as ParsedNode | null, [...path, name], offset);
    }
    return data;
  }

  private child(node: ParsedNode | null, path: Path, key: number | null): unknown {
    const empty = isScalar(node) && node.value === null && !node.source;
    const source = isScalar(node) ? (node.source ?? null) : null;
    this.places.set(id(path), { key, value: (empty ? key : null) ?? node?.range?.[0] ?? key ?? 0, source });
    const data = this.plain(node, path);
    if (!isCiphertext(data)) return data;
    this.secrets.push(path);
    this.places.get(id(path))!.source = null;
    return SECRET;
  }

  private locate(path: Path, at: "key" | "value"): { line: number; col: number } {
    const place = this.places.get(id(path));
    if (place) return this.position(at === "key" ? (place.key ?? place.value) : place.value);
    // What is missing is shown at the parent's key.
    if (path.length > 0) return this.locate(path.slice(0, -1), "key");
    return { line: 1, col: 1 };
  }

  private position(offset: number): { line: number; col: number } {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), col: Math.max(1, col) };
  }

  private refuse(
    offset: number,
    code: string,
    message: string,
    fix: string | null,
    path: string | null = null,
  ): void {
    this.errors.push(freeholdError({ code, message, file: this.file, ...this.position(offset), path, fix }));
  }
}

/** Pulumi's rule: a map with the single key `secure` and a text is a secret. */
function isCiphertext(data: unknown): boolean {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return false;
  const keys = Object.keys(data);
  return (
    keys.length === 1 && keys[0] === "secure" && typeof (data as { secure: unknown }).secure === "string"
  );
}

function id(path: Path): string {
  return JSON.stringify(path);
}
