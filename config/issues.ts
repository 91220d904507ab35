import type { z } from "zod";
import { allowedKeys } from "./allowed-keys.ts";
import { type FreeholdError, freeholdError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { formatPath, NAMESPACE, type Path, startsWith, valueAt } from "./path.ts";
import { type Placing, SECRET_FIELD } from "./placing.ts";
import { show } from "./show.ts";
import { unknownKey } from "./unknown-key.ts";
import { SECRET } from "./yaml-document.ts";

type Issue = z.core.$ZodIssue;

/** One issue of the schema with what the stack says there. */
interface Place {
  path: Path;
  /** Path as text. */
  name: string;
  value: unknown;
  /** The value as it may be shown. */
  given: unknown;
  where: Partial<FreeholdError>;
  /** A scalar as the user wrote it. */
  source: string | null;
}

/** Findings of the schema in the words of the stack file: the value given, what is allowed, the smallest change. */
export function describeIssues(issues: readonly Issue[], data: unknown, placing: Placing): FreeholdError[] {
  return issues.flatMap((issue) => {
    const path = issue.path as Path;
    const value = valueAt(data, path);
    if (placing.unsure(path, value === undefined)) return [];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) =>
        freeholdError({
          ...unknownKey(key, allowedKeys(path, data)),
          message: `${formatPath([...path, key])} is not a key of a stack file`,
          ...placing.locate([...path, key], "key"),
          path: formatPath([...path, key]),
        }),
      );
    const place: Place = {
      path,
      name: formatPath(path),
      value,
      given: redact(value, path, placing),
      where: {
        ...placing.locate(path, issue.code === "invalid_key" ? "key" : "value"),
        path: formatPath(path),
      },
      source: placing.source(path),
    };
    if (value === undefined || value === null) return [absent(issue, place)];
    return [describe(issue, place)];
  });
}

function describe(issue: Issue, place: Place): FreeholdError {
  switch (issue.code) {
    case "invalid_value":
      return oneOf(issue.values.map(String), place);
    case "invalid_type":
      return wrongType(issue.expected, place);
    case "too_small":
      return outOfRange(issue, place, Number(issue.minimum), true);
    case "too_big":
      return outOfRange(issue, place, Number(issue.maximum), false);
    case "invalid_union":
      return union(issue, place);
    case "invalid_key":
      return finding("invalid-key", `${place.name}: the key ${ruleOf(issue.issues[0] ?? issue)}`, place, {
        value: place.path.at(-1),
        allowed: [ruleOf(issue.issues[0] ?? issue)],
      });
    default:
      return finding("invalid-value", `${place.name} ${ruleOf(issue)}, not ${show(place.given)}`, place, {
        allowed: [ruleOf(issue)],
      });
  }
}

function finding(
  code: string,
  message: string,
  place: Place,
  more: Partial<FreeholdError> = {},
): FreeholdError {
  return freeholdError({ code, message, ...place.where, value: place.given, ...more });
}

/** A required field that is not there, or a field whose value was left empty. */
function absent(issue: Issue, place: Place): FreeholdError {
  const values = issue.code === "invalid_value" ? issue.values.map(String) : null;
  const kinds = issue.code === "invalid_union" && isKind(issue) ? KINDS : null;
  const expected = issue.code === "invalid_type" ? (NAMES[issue.expected] ?? issue.expected) : null;
  const allowed = values ?? kinds ?? (expected ? [expected] : null);
  const example = (values ?? kinds)?.[0];
  return place.value === undefined
    ? finding("missing", `${place.name} is missing`, place, {
        allowed,
        fix: example ? setTo(place.path, example) : `add ${keyOf(place.path)}`,
      })
    : finding("empty-value", `${place.name} has no value`, place, {
        allowed,
        fix: example ? setTo(place.path, example) : `give ${keyOf(place.path)} a value, or remove the line`,
      });
}

function oneOf(allowed: string[], place: Place): FreeholdError {
  const text = typeof place.given === "string" ? place.given : show(place.given);
  const close = nearest(text, allowed, 1)[0];
  return finding("invalid-value", `${place.name} cannot be ${show(place.given)}`, place, {
    allowed,
    fix: setTo(place.path, close ?? allowed[0]!),
  });
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

function wrongType(expected: string, place: Place): FreeholdError {
  const { value, given, path } = place;
  const name = NAMES[expected] ?? expected;
  const wantsNumber = expected === "number" || expected === "int";
  const numeric = typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value));
  const scalar = typeof value === "number" || typeof value === "boolean";
  let fix: string | null = null;
  if (wantsNumber && numeric && given !== SECRET) fix = `remove the quotes: ${setTo(path, String(value))}`;
  else if (expected === "string" && scalar)
    fix = `put it in quotes: ${setTo(path, `"${place.source ?? String(value)}"`)}`;
  else if (expected === "array" && (scalar || typeof value === "string") && given !== SECRET)
    fix = setTo(path, `[${show(given).replace(/^"([\w.-]+)"$/, "$1")}]`);
  return finding("wrong-type", `${place.name} must be ${name}, not ${show(given)}`, place, {
    allowed: [name],
    fix,
  });
}

type SizeIssue = Extract<Issue, { code: "too_small" | "too_big" }>;

function outOfRange(issue: SizeIssue, place: Place, bound: number, small: boolean): FreeholdError {
  const open = issue.inclusive === false;
  const word = small ? (open ? "more than" : "at least") : open ? "less than" : "at most";
  if (Math.abs(bound) >= Number.MAX_SAFE_INTEGER)
    return finding(
      "out-of-range",
      `${place.name} must be a smaller number than ${show(place.given)}`,
      place,
      {
        allowed: ["whole numbers of up to 15 digits"],
      },
    );
  const unit = { array: "entry", string: "character" }[String(issue.origin)];
  const limit = `${word} ${bound}${unit ? ` ${bound === 1 ? unit : unit.replace(/y$/, "ie").concat("s")}` : ""}`;
  return unit
    ? finding("out-of-range", `${place.name} must have ${limit}`, place, { allowed: [limit] })
    : finding("out-of-range", `${place.name} must be ${limit}, not ${show(place.given)}`, place, {
        allowed: [limit],
        fix: open ? null : setTo(place.path, String(bound)),
      });
}

const KINDS = ["eks", "existing"];

function isKind(issue: Issue): boolean {
  return (issue as { discriminator?: string }).discriminator === "kind";
}

/** A union fails as a whole; the discriminator is what a user can act on. */
function union(issue: Issue, place: Place): FreeholdError {
  if (isKind(issue)) return oneOf(KINDS, place);
  return finding(
    "wrong-type",
    `${place.name} must be a text or a list of texts, not ${show(place.given)}`,
    place,
    {
      allowed: ["a text or a list of texts"],
    },
  );
}

/** What the schema says in its own words, as the rest of "X must be …". */
function ruleOf(issue: Issue | z.core.$ZodRawIssue): string {
  const message = issue.message ?? "";
  return message.startsWith("not ") || message.startsWith("must ") ? message : `must be ${message}`;
}

/** The key to write, with its namespace at the top level. */
function keyOf(path: Path): string {
  const key = path.at(-1);
  if (key === undefined) return "config";
  return path.length === 1 ? `${NAMESPACE}${key}` : formatPath([key]);
}

function setTo(path: Path, text: string): string {
  return typeof path.at(-1) === "number" ? `- ${text}` : `${keyOf(path)}: ${text}`;
}

/** The value without the secrets in it. */
function redact(value: unknown, path: Path, placing: Placing): unknown {
  if ([...placing.secrets, SECRET_FIELD].some((secret) => startsWith(path, secret)))
    return value === undefined ? value : SECRET;
  if (typeof value !== "object" || value === null || !startsWith(SECRET_FIELD, path)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, redact(entry, [...path, key], placing)]),
  );
}
