import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatError, parseStack, type StackInput, stackSchema } from "../../config/index.ts";
import { OWNED, ROOT, STACK, STACKS, shipped } from "./stack.ts";

const CORPUS = join(ROOT, "test/fixtures/config");
const FILES = readdirSync(CORPUS).sort();

/**
 * A valid stack, or findings that each stand inside the text and can be shown. Line and column are checked against
 * the text itself: the line exists, and the column is at most one past its end.
 */
function wellBehaved(input: string | Uint8Array, overrides: string[] = []): "stack" | "findings" {
  const result = parseStack(input, "s.yaml", overrides);
  if (result.ok) {
    expect(stackSchema.safeParse(JSON.parse(JSON.stringify(result.spec))).success).toBe(true);
    return "stack";
  }
  const text = typeof input === "string" ? input : new TextDecoder("utf-8").decode(input);
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  expect(result.errors.length).toBeGreaterThan(0);
  for (const error of result.errors) {
    expect(error.code).toMatch(/^[a-z0-9-]+$/);
    expect(error.message).not.toMatch(/undefined|\[object |NaN is|function /);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    expect(error.message.length).toBeLessThan(400);
    expect(formatError(error)).toContain(error.message);
    if (error.file === "s.yaml" && error.line !== null) {
      expect(error.line).toBeGreaterThanOrEqual(1);
      expect(error.line).toBeLessThanOrEqual(lines.length);
      expect(error.col).toBeGreaterThanOrEqual(1);
      expect(error.col!).toBeLessThanOrEqual(lines[error.line - 1]!.length + 1);
    }
  }
  return "findings";
}

describe("the corpus of hard files", () => {
  it.each(FILES)("%s gives findings with positions", (name) => {
    expect(wellBehaved(readFileSync(join(CORPUS, name)))).toBe("findings");
  });
});

const SEEDS = [
  STACK,
  OWNED,
  ...STACKS.map(shipped),
  ...FILES.map((name) => readFileSync(join(CORPUS, name), "utf8")),
];

/** Pieces that mean something to YAML or to the schema. */
const PIECES = [
  "\n", " ", "  ", "\t", ":", ": ", "- ", "? ", "{", "}", "[", "]", ",", "'", '"', "|", ">", "&a ", "*a", "!!str ",
  "!x ", "<<: ", "%", "@", "`", "#", "---\n", "...\n", "\r\n", "\r", "\u0000", "\uFEFF", "é", "😀", "~", "null",
  "true", "-1", "1e999", ".nan", "012", "2026-01-01", "__proto__: ", "constructor: ", "secure: ", "freehold:",
  "config:\n", "kind: existing\n", "name: x", "[]", "{}", "\\", "\u2028", "x".repeat(300),
]; // biome-ignore format: one list of pieces

/** A file of the seeds with a few edits: pieces put in, stretches taken out, copied or moved. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(
      fc.tuple(
        fc.nat(4000),
        fc.nat(60),
        fc.constantFrom(...PIECES),
        fc.constantFrom("put", "cut", "copy", "swap"),
      ),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([seed, edits]) =>
    edits.reduce((text, [at, length, piece, how]) => {
      const from = at % (text.length + 1);
      const stretch = text.slice(from, from + length);
      if (how === "put") return text.slice(0, from) + piece + text.slice(from);
      if (how === "cut") return text.slice(0, from) + text.slice(from + length);
      if (how === "copy") return text.slice(0, from) + stretch + text.slice(from);
      return text.slice(0, from) + piece + text.slice(from + length);
    }, seed),
  );

describe("arbitrary input never throws", () => {
  it("any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => void wellBehaved(text)),
      { numRuns: 500 },
    );
  });

  it("text of YAML's own characters", () => {
    const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (input) => void wellBehaved(input)),
      { numRuns: 1000 },
    );
  });

  it("any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => void wellBehaved(input)),
      { numRuns: 500 },
    );
  });

  it("stack files with edits, as text and as bytes", () => {
    let stacks = 0;
    fc.assert(
      fc.property(mutated, fc.boolean(), (text, asBytes) => {
        if (wellBehaved(asBytes ? new TextEncoder().encode(text) : text) === "stack") stacks += 1;
      }),
      { numRuns: 1000 },
    );
    // Some edits fall into comments and texts: both outcomes are met.
    expect(stacks).toBeGreaterThan(0);
  });

  it("a value of any shape at any key", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const key = fc.constantFrom(...Object.keys(stackSchema.shape));
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 5 }), (entries) => {
        const config = Object.fromEntries(
          Object.entries(entries).map(([name, entry]) => [`freehold:${name}`, entry]),
        );
        wellBehaved(stringify({ config }));
      }),
      { numRuns: 500 },
    );
  });

  it("any override", () => {
    const path = fc.array(
      fc.constantFrom(
        "freehold:",
        "models",
        "[0]",
        "[1]",
        ".",
        "aws",
        "region",
        '["x"]',
        "cluster",
        "__proto__",
        "tags",
        "=",
        "[",
      ),
      { maxLength: 8 },
    );
    const override = fc.tuple(path, fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(...PIECES)));
    fc.assert(
      fc.property(fc.array(override, { maxLength: 3 }), (list) => {
        wellBehaved(
          STACK,
          list.map(([parts, text]) => `${parts.join("")}=${text}`),
        );
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Valid stacks, with most of their optional parts. */
const stack: fc.Arbitrary<StackInput> = fc.record(
  {
    aws: fc.record({
      region: fc.constantFrom("eu-west-1", "us-gov-west-1", "eusc-de-east-1"),
      accountId: fc.stringMatching(/^\d{12}$/),
    }),
    cluster: fc.record({
      kind: fc.constant("eks" as const),
      version: fc.constantFrom("1.30", "1.35"),
      access: fc.record({ via: fc.constantFrom("in-vpc" as const, "ssm" as const, "staged" as const) }),
    }),
    models: fc.uniqueArray(
      fc.record(
        {
          name: fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/).filter((name) => name !== "vllm"),
          model: fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !/\p{C}/u.test(text)),
          context: fc.integer({ min: 128, max: 1_000_000 }),
          replicas: fc.tuple(fc.nat(10), fc.nat(10)).map(([a, b]) => ({ min: a, max: Math.max(1, a + b) })),
          gpuMemoryUtilization: fc.double({ min: 0.11, max: 0.98, noNaN: true }),
          revision: fc.stringMatching(/^[0-9a-f]{40}$/),
        },
        { requiredKeys: ["name", "model", "context"] },
      ),
      { minLength: 1, maxLength: 5, selector: ({ name }) => name },
    ),
    tags: fc.dictionary(
      fc
        .stringMatching(/^[\w.:/=+@ -]{1,20}$/)
        .filter((key) => key !== "secure" && key !== "__proto__" && key !== "<<"),
      fc.string({ maxLength: 30 }).filter((text) => !/\p{C}/u.test(text)),
      { maxKeys: 4 },
    ),
    budget: fc.record({ monthlyUsd: fc.double({ min: 0, max: 1e9, noNaN: true }) }),
    retention: fc.record({ logDays: fc.constantFrom(1, 30, 365), auditLogDays: fc.constantFrom(365, 2192) }),
  },
  { requiredKeys: ["aws", "cluster", "models"] },
);

describe("a stack that is printed and read again", () => {
  const print = (spec: object) =>
    stringify(
      { config: Object.fromEntries(Object.entries(spec).map(([key, value]) => [`freehold:${key}`, value])) },
      { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" },
    );

  it("is the same stack", () => {
    fc.assert(
      fc.property(stack, (input) => {
        const first = parseStack(print(input), "s.yaml");
        if (!first.ok) throw new Error(first.errors.map(formatError).join("\n"));
        const second = parseStack(print(first.spec), "s.yaml");
        if (!second.ok) throw new Error(second.errors.map(formatError).join("\n"));
        expect(second.spec).toEqual(first.spec);
        expect(second.spec.models.map(({ name, context }) => [name, context])).toEqual(
          input.models.map(({ name, context }) => [name, context]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each(STACKS)("%s too", (name) => {
    const first = parseStack(shipped(name), "s.yaml");
    expect(first.ok && parseStack(print(first.spec), "s.yaml")).toMatchObject({
      ok: true,
      spec: first.ok && first.spec,
    });
  });
});
