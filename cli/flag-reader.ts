import { CommandError, type ErrorRecord, EXIT, errorRecord } from "./io.ts";

const DECIMAL = /^\d+(\.\d+)?$/;

/** Reads values of flags and keeps every finding, so that one run names them all. */
export class FlagReader {
  readonly #errors: ErrorRecord[] = [];

  /** @returns undefined where the flag is not given or wrong */
  whole(flag: string, text: string | undefined, min: number, max: number): number | undefined {
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    return this.wrong(flag, text, `a whole number from ${min} to ${max}`);
  }

  /** A number that is measured, not counted. */
  number(flag: string, text: string | undefined, min: number, max: number): number | undefined {
    if (text === undefined) return undefined;
    const value = DECIMAL.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    return this.wrong(flag, text, `a number from ${min} to ${max}`);
  }

  /** A decimal text as it was given, for what is reckoned exactly. */
  decimal(flag: string, text: string | undefined, min: number, max: number): string | undefined {
    return this.number(flag, text, min, max) === undefined ? undefined : text!.trim();
  }

  /** Keeps a finding about a value. */
  wrong(
    flag: string,
    value: string,
    allowed: string | readonly string[],
    code = "flag-value",
    fix: string | null = null,
  ): undefined {
    const list = typeof allowed === "string" ? [allowed] : [...allowed];
    this.#errors.push(
      errorRecord(code, `${flag} ${value} is not ${list.length === 1 ? list[0] : "known"}`, {
        path: flag,
        value,
        allowed: list.length > 0 ? list : null,
        fix:
          fix ?? (typeof allowed === "string" || list[0] === undefined ? null : `did you mean ${list[0]}?`),
      }),
    );
    return undefined;
  }

  /** Keeps a finding about flags that do not go together, or about one that is missing. */
  add(code: string, message: string, known: Partial<ErrorRecord>): void {
    this.#errors.push(errorRecord(code, message, known));
  }

  /** @throws CommandError with everything that was found */
  done(): void {
    if (this.#errors.length > 0) throw new CommandError(EXIT.usage, this.#errors);
  }
}
