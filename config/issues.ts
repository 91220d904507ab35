import type { z } from "zod";
import { type FreeholdError, freeholdError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { formatPath, type Path, valueAt } from "./path.ts";

/** Where findings are placed: positions of a file, or nothing for configuration without one. */
export interface Placing {
  file: string | null;
  locate(path: Path, at: "key" | "value"): { line: number | null; col: number | null };
  /** Whether a path holds a secret, whose value is never shown. */
  secret(path: Path): boolean;
}

type Issue = z.core.$ZodIssue;

/** Findings of the schema in the words of the stack file: the value given, what is allowed, the smallest change. */
export function describeIssues(issues: readonly Issue[], data: unknown, placing: Placing): FreeholdError[] {
  return issues.flatMap((issue) => describe(issue, data, placing));
}

function describe(issue: Issue, data: unknown, placing: Placing): FreeholdError[] {
  const path = issue.path as Path;
  const value = valueAt(data, path);
  const where = (at: Path, kind: "key" | "value") => ({
    file: placing.file,
    ...placing.locate(at, kind),
    path: formatPath(at),
  });
  const given = placing.secret(path) ? "[secret]" : value;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const known = Object.keys(siblings(issue) ?? {});
        const close = nearest(key, known, 1)[0];
        return freeholdError({
          code: "unknown-key",
          message: `${formatPath([...path, key])} is not a key of a stack`,
          ...where([...path, key], "key"),
          value: key,
          allowed: known.length > 0 ? known : null,
          fix: close ? `did you mean ${close}?` : "remove it",
        });
      });
    case "invalid_value": {
      const allowed = issue.values.map(String);
      const close = nearest(String(value), allowed, 1)[0];
      return [
        freeholdError({
          code: value === undefined ? "missing" : "invalid-value",
          message:
            value === undefined
              ? `${formatPath(path)} is missing`
              : `${formatPath(path)} cannot be ${show(given)}`,
          ...where(path, "value"),
          value: given,
          allowed,
          fix: close ? `${last(path)}: ${close}` : `${last(path)}: ${allowed[0]}`,
        }),
      ];
    }
    case "invalid_type":
      return [wrongType(issue.expected, path, value, given, where(path, "value"))];
    case "too_small":
    case "too_big": {
      const small = issue.code === "too_small";
      const bound = Number(small ? issue.minimum : issue.maximum);
      const sized = issue.origin === "array" || issue.origin === "string";
      const word = small
        ? issue.inclusive === false
          ? "more than"
          : "at least"
        : issue.inclusive === false
          ? "less than"
          : "at most";
      const unit = issue.origin === "array" ? " entries" : issue.origin === "string" ? " characters" : "";
      return [
        freeholdError({
          code: "out-of-range",
          message: sized
            ? `${formatPath(path)} must have ${word} ${bound}${unit}`
            : `${formatPath(path)} must be ${word} ${bound}, not ${show(given)}`,
          ...where(path, "value"),
          value: given,
          allowed: [`${word} ${bound}${unit}`],
          fix: sized
            ? null
            : `${last(path)}: ${issue.inclusive === false ? (small ? bound + 1 : bound - 1) : bound}`,
        }),
      ];
    }
    case "invalid_union":
      return union(issue, path, value, given, where(path, "value"));
    default:
      return [
        freeholdError({
          code: "invalid-value",
          message: `${formatPath(path)}: ${words(issue)}`,
          ...where(path, "value"),
          value: given,
          allowed: [words(issue)],
          fix: null,
        }),
      ];
  }
}

const NAMES: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys",
  record: "a map of keys",
};

function wrongType(
  expected: string,
  path: Path,
  value: unknown,
  given: unknown,
  where: Partial<FreeholdError>,
): FreeholdError {
  const name = NAMES[expected] ?? expected;
  if (value === undefined || value === null) {
    return freeholdError({
      code: "missing",
      message: `${formatPath(path)} is missing`,
      ...where,
      value: null,
      allowed: [name],
      fix: `add ${last(path)}`,
    });
  }
  const numeric = typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value));
  const fix =
    (expected === "number" || expected === "int") && numeric
      ? `remove the quotes: ${last(path)}: ${value}`
      : expected === "string" && typeof value === "number"
        ? `put it in quotes: ${last(path)}: "${value}"`
        : null;
  return freeholdError({
    code: "wrong-type",
    message: `${formatPath(path)} must be ${name}, not ${show(given)}`,
    ...where,
    value: given,
    allowed: [name],
    fix,
  });
}

/** A union fails as a whole; the discriminator is what a user can act on. */
function union(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: Path,
  value: unknown,
  given: unknown,
  where: Partial<FreeholdError>,
): FreeholdError[] {
  const discriminator = (issue as { discriminator?: string }).discriminator;
  const allowed = discriminator === "kind" ? ["eks", "existing"] : ["a text or a list of texts"];
  return [
    freeholdError({
      code: value === undefined ? "missing" : "invalid-value",
      message:
        value === undefined
          ? `${formatPath(path)} is missing`
          : `${formatPath(path)} cannot be ${show(given)}`,
      ...where,
      value: given,
      allowed,
      fix: discriminator === "kind" ? "kind: eks" : null,
    }),
  ];
}

function words(issue: Issue): string {
  if (issue.code === "invalid_format")
    return /^Invalid/.test(issue.message)
      ? `must match ${(issue as { pattern?: string }).pattern ?? issue.format}`
      : `must be ${issue.message}`;
  return issue.message;
}

/** Keys that are allowed beside an unknown one, where the schema says so. */
function siblings(issue: Issue): Record<string, unknown> | null {
  return (issue as { allowedKeys?: Record<string, unknown> }).allowedKeys ?? null;
}

function last(path: Path): string {
  const key = path.at(-1);
  return key === undefined ? "config" : String(key);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
