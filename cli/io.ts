import type { FreeholdError } from "../config/index.ts";

/** Where a command writes and what it knows of its surroundings. Tests pass their own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard output is a terminal that wants colour. */
  color: boolean;
  cwd: string;
  /** ISO date of today; the only clock of the program. */
  today: string;
}

/** Exit codes, in order of precedence. */
export const EXIT = { ok: 0, unexpected: 1, usage: 2, doesNotFit: 11, policy: 5, overBudget: 10 } as const;

/** A problem that ends the command with its own code; its errors are printed, never a stack trace. */
export class CommandError extends Error {
  readonly exitCode: number;
  readonly errors: readonly ErrorRecord[];
  /** What standard error shows instead of the list of errors. */
  readonly text: string | undefined;

  constructor(exitCode: number, errors: readonly ErrorRecord[], text?: string) {
    super(errors.map((error) => error.message).join("\n"));
    this.exitCode = exitCode;
    this.errors = errors;
    this.text = text;
  }
}

export type ErrorRecord = FreeholdError;

/** An error record with everything that is not known set to null. */
export function errorRecord(code: string, message: string, known: Partial<ErrorRecord> = {}): ErrorRecord {
  const nothing = { file: null, line: null, col: null, path: null, value: null, allowed: null, fix: null };
  return { code, message, ...nothing, ...known };
}

/** A usage error with everything that is not known set to null. */
export function usageError(code: string, message: string, known: Partial<ErrorRecord> = {}): CommandError {
  return new CommandError(EXIT.usage, [errorRecord(code, message, known)]);
}
