import { type Io, usageError } from "./io.ts";

/**
 * The date of `--date`, or today.
 *
 * @throws CommandError for what is no day of the calendar (2026-02-30)
 */
export function dateOf(flags: { date?: string }, io: Io): string {
  const { date } = flags;
  if (date === undefined) return io.today;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  // The engine rolls 30 February over to March.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(date)) return date;
  throw usageError("invalid-date", `--date ${date} is not a date`, {
    path: "--date",
    value: date,
    allowed: ["YYYY-MM-DD"],
    fix: `--date ${io.today}`,
  });
}
