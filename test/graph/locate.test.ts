import fc from "fast-check";
import { expect, test } from "vitest";
import { locate } from "../../graph/locate.ts";

/** Offset of a line and column. */
function offset(text: string, { line, col }: { line: number; col: number }): number {
  const lines = text.split("\n").slice(0, line - 1);
  return lines.reduce((sum, one) => sum + one.length + 1, 0) + col - 1;
}

/** Every path into a value. */
function paths(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [at];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    at,
    ...keys.flatMap((key) => paths((value as Record<string, unknown>)[key as string], [...at, key])),
  ];
}

test("finds every value of any JSON text, however it is written", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      for (const path of paths(value)) {
        const found = path.reduce<unknown>(
          (here, key) => (here as Record<string, unknown>)[key as string],
          value,
        );
        const at = locate(text, path);
        expect(at).not.toBeNull();
        const rest = text.slice(offset(text, at!));
        expect(rest.startsWith(JSON.stringify(found, null, indent).split("\n")[0]!)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test("finds nothing where the path leads nowhere", () => {
  const text = '{"a": [1, {"b": 2}], "c": "x"}';
  for (const path of [["b"], ["a", 2], ["a", 0, "b"], ["c", "x"], [0]]) expect(locate(text, path)).toBeNull();
});
