import { isObject, type Json } from "./json-value.ts";

/**
 * The largest count that a field of a model may hold. Far above any model, and low enough that no arithmetic
 * overflows and no list of layers grows without bound.
 */
const LIMIT = { default: 1_000_000_000, layers: 2_000 };

/**
 * Reads counts out of a config.json of unknown honesty. A field that is there but is not a whole number in range is
 * remembered and makes the whole file unreadable: a default in its place would be a guess.
 */
export class Fields {
  readonly config: Json;
  readonly #defaults: Readonly<Record<string, number | boolean>>;
  readonly #path: string;
  /** The first field that holds nonsense or is missing though needed; null so far. */
  problem: string | null = null;

  constructor(config: Json, defaults: Readonly<Record<string, number | boolean>> = {}, path = "") {
    this.config = config;
    this.#defaults = defaults;
    this.#path = path;
  }

  /** Names a field as the cause; the first one stays. */
  fail(name: string): void {
    this.problem ??= this.#path + name;
  }

  /**
   * The first of these fields that is there; null where none is and the family has no default. A field that is
   * written as null says "none" and takes no default.
   */
  optional(...names: string[]): number | null {
    let isNull = false;
    for (const name of names) {
      const value = this.config[name];
      if (value === null) isNull = true;
      if (value === undefined || value === null) continue;
      const limit = name.includes("layers") || name === "depth" ? LIMIT.layers : LIMIT.default;
      if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= limit) return value;
      this.fail(name);
      return null;
    }
    if (isNull) return null;
    return names.map((name) => this.#defaults[name]).find((value) => typeof value === "number") ?? null;
  }

  /** As `optional`, but 0 counts as not given: files write it for "none". */
  positive(...names: string[]): number | null {
    const value = this.optional(...names);
    return value === 0 ? null : value;
  }

  /** A count of at least one; NaN, and a problem with the first name, where there is none. */
  needed(...names: string[]): number {
    const value = this.positive(...names);
    if (value !== null) return value;
    this.fail(names[0]!);
    return Number.NaN;
  }

  flag(name: string): boolean {
    const value = this.config[name];
    if (typeof value === "boolean") return value;
    if (value !== undefined && value !== null) this.fail(name);
    return this.#defaults[name] === true;
  }

  /** A list with one entry of the wanted kind for each of the first `length` layers; null where it is not there. */
  list<T>(name: string, length: number, isWanted: (value: unknown) => value is T): T[] | null {
    const value = this.config[name];
    if (value === undefined || value === null) return null;
    if (Array.isArray(value) && value.length >= length && value.slice(0, length).every(isWanted))
      return value.slice(0, length) as T[];
    this.fail(name);
    return null;
  }

  /** An inner object; null where it is not there. */
  object(name: string): Json | null {
    const value = this.config[name];
    if (value === undefined || value === null) return null;
    if (isObject(value)) return value;
    this.fail(name);
    return null;
  }
}

export const isText = (value: unknown): value is string => typeof value === "string";
export const isSwitch = (value: unknown): value is 0 | 1 => value === 0 || value === 1;
