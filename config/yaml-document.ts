import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type ParsedNode } from "yaml";
import { byPosition, type FreeholdError, freeholdError } from "./errors.ts";
import { Lines } from "./lines.ts";
import { formatPath, type Path, stackPath } from "./path.ts";
import { clip } from "./show.ts";
import { compose } from "./yaml-compose.ts";
import { ambiguousScalar } from "./yaml-scalars.ts";
import { decodeText } from "./yaml-text.ts";

/** Stands for a `secure:` value, whose plain text is not known offline and whose ciphertext is never shown. */
export const SECRET = "[secret]";

interface Place {
  key: number | null;
  value: number;
  /** The scalar as written, e.g. `1.30` for the number 1.3. */
  source: string | null;
}

/** Plain data of a YAML file, and where each of its values and keys stands. */
export interface YamlFile {
  data: unknown;
  /** Paths of `secure:` values; their data is SECRET. */
  secrets: Path[];
  /** Paths whose value was refused (an alias, a tag): what else is said about them would mislead. */
  refused: Path[];
  /** Maps with a merge key, in which what seems to be missing may not be. */
  merged: Path[];
  /** Position of a value or of its key; of the nearest parent that is there, for what is missing. */
  locate(path: Path, at: "key" | "value"): { line: number; col: number };
  /** Whether the file has a value at a path. */
  has(path: Path): boolean;
  /** A scalar as it is written in the file. */
  source(path: Path): string | null;
}

/**
 * Reads one YAML 1.2 document of plain maps, lists and scalars. Aliases, anchors, tags, merge keys, directives,
 * duplicate keys, several documents, deep nesting and scalars that YAML 1.1 reads differently are refused, each with
 * its position, all in one go. `doc` is null where the text could not be read at all.
 */
export function readYaml(
  input: string | Uint8Array,
  file: string,
): { doc: YamlFile | null; errors: FreeholdError[] } {
  const decoded = decodeText(input, file);
  if ("error" in decoded) return { doc: null, errors: [decoded.error] };
  const reader = new Reader(decoded.text, file);
  const doc = reader.read();
  return { doc, errors: reader.errors.sort(byPosition) };
}

class Reader {
  readonly errors: FreeholdError[] = [];
  private readonly lines: Lines;
  private readonly places = new Map<string, Place>();
  private readonly secrets: Path[] = [];
  private readonly refused: Path[] = [];
  private readonly merged: Path[] = [];
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
    this.lines = new Lines(text);
  }

  read(): YamlFile | null {
    const { documents, errors } = compose(this.text, this.file, this.lines);
    this.errors.push(...errors);
    if (errors.length > 0) return null;
    const [first, second] = documents;
    if (second) {
      this.refuse(
        second.range[0],
        "yaml-documents",
        "a stack file is one YAML document; a second one begins here",
        "remove the line '---' and what follows it",
      );
    }
    const data = first?.contents ? this.child(first.contents, [], null) : null;
    return {
      data,
      secrets: this.secrets,
      refused: this.refused,
      merged: this.merged,
      locate: (path, at) => this.locate(path, at),
      has: (path) => this.places.has(id(path)),
      source: (path) => this.places.get(id(path))?.source ?? null,
    };
  }

  private plain(node: ParsedNode | Node | null, path: Path): unknown {
    if (node === null) return null;
    const [offset] = node.range ?? [0];
    if (isAlias(node)) {
      this.refuse(
        offset,
        "yaml-alias",
        `aliases are not read: *${clip(node.source, 20)}`,
        "write the value out",
        path,
      );
      this.refused.push(path);
      return null;
    }
    if (node.anchor) this.anchor(offset, node.anchor, path);
    const tag = node.tag ? this.tagBefore(offset) : null;
    if (tag !== null) {
      this.refuse(tag, "yaml-tag", "YAML tags are not read", "remove the tag", path);
      this.refused.push(path);
    }
    if (isScalar(node)) {
      const twofold = node.type === "PLAIN" && node.source ? ambiguousScalar(node.source) : null;
      if (twofold) {
        this.refuse(offset, "yaml-ambiguous", twofold.message, twofold.fix, path);
        this.refused.push(path);
      }
      return node.value ?? null;
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => this.child(item as ParsedNode, [...path, index], null));
    }
    return isMap(node) ? this.map(node.items, path) : null;
  }

  /** Offset of the tag before a node, if one is written there; an anchor may stand on either side of it. */
  private tagBefore(offset: number): number | null {
    const from = Math.max(0, offset - 200);
    const found = /(^|[\s,[{:-])(&\S+\s+)?(!\S*)(\s+&\S+)?\s*$/.exec(this.text.slice(from, offset));
    return found ? from + found.index + found[1]!.length + (found[2]?.length ?? 0) : null;
  }

  private anchor(offset: number, name: string, path: Path): void {
    const written = this.text.lastIndexOf(`&${name}`, offset);
    const shown = clip(name, 20);
    this.refuse(
      written >= 0 ? written : offset,
      "yaml-anchor",
      `anchors are not read: &${shown}`,
      `remove &${shown}`,
      path,
    );
  }

  private map(pairs: unknown[], path: Path): unknown {
    const data: Record<string, unknown> = {};
    for (const pair of pairs) {
      if (!isPair(pair)) continue;
      const key = pair.key as ParsedNode | null;
      const offset = key?.range?.[0] ?? 0;
      if (!isScalar(key)) {
        this.refuse(
          offset,
          "yaml-key",
          "a key must be plain text",
          "write a single word before the colon",
          path,
        );
        continue;
      }
      const name = key.source ?? String(key.value);
      const here = [...path, name];
      if (key.anchor) this.anchor(offset, key.anchor, here);
      if (name === "<<") {
        this.refuse(offset, "yaml-merge", "merge keys are not read: <<", "write the keys out", here);
        this.merged.push(path);
      } else if (name === "__proto__")
        this.refuse(offset, "unknown-key", "__proto__ is not a key", "remove it", here);
      else if (Object.hasOwn(data, name)) {
        const first = this.lines.position(this.places.get(id(here))!.key!);
        this.refuse(
          offset,
          "duplicate-key",
          `${formatPath(stackPath(here))} is given twice; first in line ${first.line}`,
          "keep one of the two",
          here,
        );
      } else data[name] = this.child(pair.value as ParsedNode | null, here, offset);
    }
    return data;
  }

  /** A value at its place; a map with the single key `secure` and a text is a secret, by Pulumi's rule. */
  private child(node: ParsedNode | null, path: Path, key: number | null): unknown {
    const empty = isScalar(node) && node.value === null && !node.source;
    const source = isScalar(node) ? (node.source ?? null) : null;
    this.places.set(id(path), { key, value: (empty ? key : null) ?? node?.range?.[0] ?? key ?? 0, source });
    const data = this.plain(node, path);
    if (typeof data !== "object" || data === null || !Object.hasOwn(data, "secure")) return data;
    const secure = this.places.get(id([...path, "secure"]))!;
    secure.source = null;
    const fields = data as Record<string, unknown>;
    if (typeof fields["secure"] === "string" && Object.keys(data).length === 1) {
      this.secrets.push(path);
      return SECRET;
    }
    this.refuse(
      secure.key ?? secure.value,
      "secret-shape",
      "a secret is the single key secure with a text",
      "pulumi config set --secret writes it",
      [...path, "secure"],
    );
    this.refused.push(path);
    fields["secure"] = SECRET;
    return data;
  }

  private locate(path: Path, at: "key" | "value"): { line: number; col: number } {
    const place = this.places.get(id(path));
    if (place) return this.lines.position(at === "key" ? (place.key ?? place.value) : place.value);
    // What is missing is shown at the parent's key.
    if (path.length > 0) return this.locate(path.slice(0, -1), "key");
    return { line: 1, col: 1 };
  }

  private refuse(
    offset: number,
    code: string,
    message: string,
    fix: string | null,
    at: Path | null = null,
  ): void {
    const path = at && at.length > 0 ? formatPath(stackPath(at)) : null;
    this.errors.push(
      freeholdError({ code, message, file: this.file, ...this.lines.position(offset), path, fix }),
    );
  }
}

function id(path: Path): string {
  return JSON.stringify(path);
}
