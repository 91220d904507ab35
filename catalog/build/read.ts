import { readFileSync } from "node:fs";
import { parseCsv } from "../csv.ts";

/** One row of a source table: typed access to its cells, with the place in every error. */
export interface SourceRow {
  text(column: string): string;
  optional(column: string): string | null;
  number(column: string): number;
  optionalNumber(column: string): number | null;
  /** `true`/`false` in any case; empty is null. */
  optionalFlag(column: string): boolean | null;
  list(column: string): string[];
  fail(message: string): never;
}

/** Reads `catalog/sources/<name>`; every error names the file and the line. */
export function readSource(name: string): SourceRow[] {
  const text = readFileSync(new URL(`../sources/${name}`, import.meta.url), "utf8");
  return parseCsv(text).map(({ line, cells }) => {
    const fail = (message: string): never => {
      throw new Error(`catalog/sources/${name}:${line}: ${message}`);
    };
    const optional = (column: string): string | null => {
      const cell = cells[column];
      if (cell === undefined) return fail(`no column ${column}`);
      return cell === "" ? null : cell;
    };
    const text = (column: string): string => optional(column) ?? fail(`${column} is empty`);
    const optionalNumber = (column: string): number | null => {
      const cell = optional(column);
      if (cell === null) return null;
      const value = Number(cell);
      return Number.isFinite(value) ? value : fail(`${column} is not a number: ${cell}`);
    };
    return {
      text,
      optional,
      optionalNumber,
      number: (column) => optionalNumber(column) ?? fail(`${column} is empty`),
      optionalFlag: (column) => {
        const cell = optional(column)?.toLowerCase();
        if (cell === undefined) return null;
        return cell === "true"
          ? true
          : cell === "false"
            ? false
            : fail(`${column} is neither true nor false`);
      },
      list: (column) => optional(column)?.split(/\s+/) ?? [],
      fail,
    };
  });
}

/** Where the fact comes from and when it was true; both are required in every table. */
export function sourced(row: SourceRow): { source: string; asOf: string } {
  return { source: row.text("source"), asOf: isoDate(row) };
}

/** A span of dates (`2026-02/2026-07`) counts as old as its beginning. */
export function isoDate(row: SourceRow): string {
  const first = row.text("as_of").split("/")[0]!;
  const date = /^\d{4}-\d{2}$/.test(first) ? `${first}-01` : first;
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : row.fail(`as_of is not a date: ${first}`);
}

/** A price as the source writes it, without trailing zeros that say nothing. */
export function price(row: SourceRow, column: string): string | null {
  const cell = row.optional(column);
  if (cell === null) return null;
  return /^\d+(\.\d+)?$/.test(cell) ? cell : row.fail(`${column} is not a decimal number: ${cell}`);
}
