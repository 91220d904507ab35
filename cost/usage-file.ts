import { byPosition, type FreeholdError, freeholdError } from "../config/errors.ts";
import { nearest } from "../config/nearest.ts";
import { readYaml, type YamlFile } from "../config/yaml-document.ts";
import type { Resource, ResourceGraph } from "../graph/index.ts";
import { TYPES_BY_USE, usesOf } from "./components/index.ts";
import type { Usage, UsageBook } from "./usage.ts";
import { isUsageKey, USAGE, type UsageKey } from "./usage-defaults.ts";

/** More of anything in a month is a slip of the keyboard: a trillion requests are 380,000 a second. */
const ABSURD = 1e12;
const TOP = ["version", "resources", "types"] as const;
const CASES = ["min", "expected", "max"] as const;

export type ReadUsage = { ok: true; book: UsageBook } | { ok: false; errors: FreeholdError[] };

type Stated = Map<UsageKey, Usage>;

/**
 * Reads a usage file: what resources of a graph use in a month, by name or URN, and else by type. Everything that is
 * wrong comes back at once, with line and column: a name that the graph does not have, a key that nothing of it is
 * charged by, an amount that is negative, out of order or absurd.
 */
export function readUsageFile(text: string | Uint8Array, file: string, graph: ResourceGraph): ReadUsage {
  const { doc, errors } = readYaml(text, file);
  const reader = new Reader(file, doc, graph, [...errors]);
  if (doc) reader.read(doc.data);
  if (reader.errors.length > 0) return { ok: false, errors: reader.errors.sort(byPosition) };
  const { byName, byType } = reader;
  return {
    ok: true,
    book: (resource, key) =>
      byName.get(resource.urn)?.get(key) ??
      byName.get(resource.name)?.get(key) ??
      byType.get(resource.type)?.get(key),
  };
}

class Reader {
  readonly byName = new Map<string, Stated>();
  readonly byType = new Map<string, Stated>();
  readonly errors: FreeholdError[];
  private readonly file: string;
  private readonly doc: YamlFile | null;
  private readonly graph: ResourceGraph;

  constructor(file: string, doc: YamlFile | null, graph: ResourceGraph, errors: FreeholdError[]) {
    this.file = file;
    this.doc = doc;
    this.graph = graph;
    this.errors = errors;
  }

  read(data: unknown): void {
    if (data === null || data === undefined) {
      if (this.errors.length === 0) this.refuse([], "empty-file", "the usage file is empty", {});
      return;
    }
    const top = this.map(data, [], "a usage file is a map");
    if (!top) return;
    for (const key of Object.keys(top)) {
      if (!(TOP as readonly string[]).includes(key))
        this.refuse([key], "unknown-key", `${key} is not a key of a usage file`, {
          at: "key",
          allowed: [...TOP],
          close: nearest(key, TOP, 1),
        });
    }
    if (top["version"] !== undefined && top["version"] !== 1)
      this.refuse(["version"], "version", "usage files have version 1", {
        value: top["version"],
        allowed: ["1"],
      });
    this.section(top["resources"], "resources", this.byName, (name) => this.named(name));
    this.section(top["types"], "types", this.byType, (name) => this.typed(name));
  }

  /** Resources of a name or URN, as their keys; null, with the finding, where the graph has none. */
  private named(name: string): ReadonlySet<UsageKey> | null {
    const urn = this.graph.byUrn.get(name);
    const found = urn ? [urn] : this.graph.resources.filter((each) => each.name === name);
    if (found.length === 0) {
      const names = this.graph.resources.map((each) => each.name);
      this.refuse(["resources", name], "unknown-resource", `no resource of the graph is called ${name}`, {
        at: "key",
        close: nearest(name, names, 3),
      });
      return null;
    }
    return new Set(found.flatMap((each: Resource) => usesOf(each.type)));
  }

  private typed(type: string): ReadonlySet<UsageKey> | null {
    const uses = usesOf(type);
    if (uses.length === 0) {
      this.refuse(["types", type], "unknown-type", `nothing of ${type} is charged by use here`, {
        at: "key",
        close: nearest(type, TYPES_BY_USE, 3),
      });
      return null;
    }
    return new Set(uses);
  }

  private section(
    data: unknown,
    name: string,
    into: Map<string, Stated>,
    keysOf: (name: string) => ReadonlySet<UsageKey> | null,
  ): void {
    if (data === undefined) return;
    const entries = this.map(data, [name], `${name} is a map`);
    for (const [entry, amounts] of Object.entries(entries ?? {})) {
      const allowed = keysOf(entry);
      const path = [name, entry];
      const stated = allowed && this.map(amounts, path, "usage is a map of amounts");
      if (!stated) continue;
      const found: Stated = new Map();
      for (const [key, amount] of Object.entries(stated)) {
        if (!isUsageKey(key) || !allowed.has(key)) {
          this.refuse([...path, key], "unknown-usage", this.notOf(key, entry), {
            at: "key",
            allowed: [...allowed].sort(),
            close: nearest(key, [...allowed], 1),
          });
          continue;
        }
        const usage = this.amount(amount, [...path, key]);
        if (usage) found.set(key, usage);
      }
      into.set(entry, found);
    }
  }

  private notOf(key: string, entry: string): string {
    return Object.hasOwn(USAGE, key)
      ? `nothing of ${entry} is charged by ${key}`
      : `${key} is nothing that a resource uses`;
  }

  /** One number for all three cases, or the expected case with bounds. */
  private amount(value: unknown, path: string[]): Usage | null {
    const why = `as ${this.file} states`;
    if (typeof value === "number") {
      return this.sane(value, path) ? { min: value, expected: value, max: value, why, given: true } : null;
    }
    const cases = this.map(value, path, "an amount is a number, or min, expected and max");
    if (!cases) return null;
    const before = this.errors.length;
    for (const key of Object.keys(cases)) {
      if (!(CASES as readonly string[]).includes(key))
        this.refuse([...path, key], "unknown-key", `${key} is not a case of an amount`, {
          at: "key",
          allowed: [...CASES],
          close: nearest(key, CASES, 1),
        });
    }
    const read = (key: (typeof CASES)[number], absent: number | null): number => {
      const found = cases[key];
      if (found === undefined && absent !== null) return absent;
      if (typeof found === "number") return this.sane(found, [...path, key]) ? found : 0;
      this.refuse([...path, key], "not-a-number", `${key} of an amount is a number`, { value: found });
      return 0;
    };
    const expected = read("expected", null);
    const [min, max] = [read("min", expected), read("max", expected)];
    if (this.errors.length > before) return null;
    if (min > expected || expected > max) {
      this.refuse(
        path,
        "out-of-order",
        `min, expected and max are in order, not ${min}, ${expected}, ${max}`,
        {},
      );
      return null;
    }
    return { min, expected, max, why, given: true };
  }

  private sane(value: number, path: string[]): boolean {
    if (Number.isFinite(value) && value >= 0 && value <= ABSURD) return true;
    const message =
      value < 0 ? "an amount is not negative" : "an amount is a number of at most a trillion a month";
    this.refuse(path, value < 0 ? "negative" : "absurd", message, { value, allowed: [`0 to ${ABSURD}`] });
    return false;
  }

  private map(value: unknown, path: string[], message: string): Record<string, unknown> | null {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
    this.refuse(path, "not-a-map", message, { value });
    return null;
  }

  private refuse(
    path: string[],
    code: string,
    message: string,
    known: { at?: "key" | "value"; value?: unknown; allowed?: string[]; close?: string[] },
  ): void {
    const { at = "value", value, allowed, close } = known;
    this.errors.push(
      freeholdError({
        code,
        message,
        file: this.file,
        ...(this.doc ? this.doc.locate(path, at) : {}),
        path: path.join("."),
        ...(value !== undefined && { value }),
        ...(allowed ? { allowed } : close && close.length > 0 ? { allowed: close } : {}),
        ...(close?.[0] && { fix: `did you mean ${close[0]}?` }),
      }),
    );
  }
}
