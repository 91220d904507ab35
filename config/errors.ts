import { compact } from "./show.ts";

/**
 * One finding about an input, in the shape of `freehold.error/v1`: the problem, the value given, the values allowed
 * and the smallest change that helps. What is not known is null, never absent.
 */
export interface FreeholdError {
  /** Stable, machine-readable kind of the problem, e.g. `unknown-key`. */
  code: string;
  message: string;
  /** File as the user named it, or `--config` for an override; null where there is none. */
  file: string | null;
  /** 1-based line. */
  line: number | null;
  /** 1-based column, in UTF-16 units as editors count. */
  col: number | null;
  /** Property path inside the stack, e.g. `models[0].replicas.max`. */
  path: string | null;
  /** The value given; "[secret]" where it is one. */
  value: unknown;
  /** Values allowed, or one description of them. */
  allowed: string[] | null;
  /** The smallest change that helps. */
  fix: string | null;
}

/** A full record from the fields that are known. */
export function freeholdError(
  known: Pick<FreeholdError, "code" | "message"> & Partial<FreeholdError>,
): FreeholdError {
  return {
    code: known.code,
    message: known.message,
    file: known.file ?? null,
    line: known.line ?? null,
    col: known.col ?? null,
    path: known.path ?? null,
    value: compact(known.value),
    allowed: known.allowed ?? null,
    fix: known.fix ?? null,
  };
}

/** Order in which people read a file: by line, then column; findings without a position come last. */
export function byPosition(a: FreeholdError, b: FreeholdError): number {
  const line = (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER);
  return line || (a.col ?? 0) - (b.col ?? 0);
}

/** `file:line:col: message` with the fix on a second line: what a terminal and an editor's problem matcher read. */
export function formatError(error: FreeholdError): string {
  const where = [error.file, error.line, error.line === null ? null : error.col].filter(
    (part) => part !== null,
  );
  const head = where.length > 0 ? `${where.join(":")}: ${error.message}` : error.message;
  return error.fix ? `${head}\n  fix: ${error.fix}` : head;
}

/** Thrown where a list of findings cannot be returned, e.g. by the Pulumi program. */
export class ConfigErrors extends Error {
  readonly errors: FreeholdError[];

  constructor(errors: FreeholdError[]) {
    super(errors.map(formatError).join("\n"));
    this.name = "ConfigErrors";
    this.errors = errors;
  }
}
