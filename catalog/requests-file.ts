import { readFileSync, statSync } from "node:fs";

/** Requests counted hour by hour, from a file of the user's own. */
export interface RequestsFile {
  /** Requests of each hour, in order, without a gap. */
  requests: number[];
  /** Hour of the week of the first one, Monday 00:00 = 0, on the clock that the file is written in. */
  hourOfWeek: number;
}

/** What is wrong with a file, and where. */
export interface RequestsError {
  line: number | null;
  col: number | null;
  message: string;
  value: string | null;
  allowed: string[];
  fix: string;
}

const HOURS_PER_WEEK = 168;
const HOUR_MS = 3_600_000;
/** A year and a day's slack. */
const MAX_HOURS = 8784;
const MAX_BYTES = 2 ** 20;
const MAX_ERRORS = 20;
const HEADER = "hour,requests";
const STAMP = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):00(?::00)?Z?$/;
const COUNT = /^\d{1,12}(\.\d{1,6})?$/;

/** Reads a file of requests per hour; see {@link parseRequests}. Never throws. */
export function requestsFile(path: string): RequestsFile | { errors: RequestsError[] } {
  const whole = (message: string, fix: string) => ({ errors: [finding(null, null, message, null, [], fix)] });
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return whole(`${path} is not a file`, "name a CSV file");
    if (stat.size > MAX_BYTES)
      return whole(`${path} has ${stat.size} bytes; at most ${MAX_BYTES} are read`, "keep a year at most");
    return parseRequests(readFileSync(path, "utf8"));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return whole(
      code === "ENOENT" ? `there is no file ${path}` : `${path} cannot be read (${code})`,
      "give a path from the folder of the project",
    );
  }
}

/**
 * A CSV with the header `hour,requests`: hours as 2026-03-02T00:00 on the clock of the load's time zone, one after
 * the other, a week at least and a year at most. An hour that is left out is a finding, not a zero: what was not
 * counted is not known. Lines that start with # are comments.
 */
export function parseRequests(text: string): RequestsFile | { errors: RequestsError[] } {
  const errors: RequestsError[] = [];
  const requests: number[] = [];
  let first: number | null = null;
  let next: number | null = null;
  let isHeaderSeen = false;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1;
    if (raw.trim() === "" || raw.startsWith("#")) continue;
    if (errors.length >= MAX_ERRORS) break;
    if (!isHeaderSeen) {
      isHeaderSeen = true;
      if (raw.trim() === HEADER) continue;
      errors.push(
        finding(line, 1, "the first line must name the columns", raw, [HEADER], `begin with ${HEADER}`),
      );
      if (!STAMP.test(raw.split(",")[0]!.trim())) continue;
    }
    const cells = raw.split(",");
    const [stamp, count] = cells.map((cell) => cell.trim()) as [string, string];
    const at = cells.length === 2 ? readHour(stamp) : null;
    if (at === null) {
      // The line stands for the hour after the one before it; that it is not readable is said once.
      if (next !== null) next += HOUR_MS;
      errors.push(unreadable(line, raw, cells.length, stamp));
      continue;
    }
    if (next !== null && at !== next) errors.push(outOfOrder(line, stamp, at, next));
    first ??= at;
    next = at + HOUR_MS;
    const col = cells[0]!.length + 2;
    if (!COUNT.test(count)) {
      const message =
        count === ""
          ? "the number of requests is missing"
          : `${JSON.stringify(clip(count))} is no number of requests`;
      errors.push(finding(line, col, message, count, ["0 or more"], "0 where there were none"));
      continue;
    }
    requests.push(Number(count));
  }
  if (errors.length > 0) return { errors };
  if (requests.length < HOURS_PER_WEEK || requests.length > MAX_HOURS) {
    const message = `${requests.length} hours; a week at least and a year at most are simulated`;
    const allowed = [`${HOURS_PER_WEEK} to ${MAX_HOURS} hours`];
    return {
      errors: [finding(null, null, message, String(requests.length), allowed, "add or remove hours")],
    };
  }
  if (!requests.some((count) => count > 0))
    return {
      errors: [finding(null, null, "no hour has a request", "0", ["more than 0"], "leave the load out")],
    };
  const start = new Date(first!);
  return { requests, hourOfWeek: ((start.getUTCDay() + 6) % 7) * 24 + start.getUTCHours() };
}

function unreadable(line: number, raw: string, cells: number, stamp: string): RequestsError {
  const example = "2026-03-02T00:00,1200";
  return cells === 2
    ? finding(line, 1, `${JSON.stringify(clip(stamp))} is no full hour`, stamp, [example], `write ${example}`)
    : finding(line, 1, `${cells} cells; a line has an hour and a number`, raw, [HEADER], `write ${example}`);
}

function outOfOrder(line: number, stamp: string, at: number, wanted: number): RequestsError {
  const missing = Math.round((at - wanted) / HOUR_MS);
  const hour = new Date(wanted).toISOString().slice(0, 16);
  return finding(
    line,
    1,
    missing > 0
      ? `${missing} ${missing === 1 ? "hour is" : "hours are"} missing before ${stamp}`
      : `${stamp} is not after the hour before it`,
    stamp,
    [hour],
    missing > 0
      ? `add the hours from ${hour} on, with 0 where there were no requests`
      : "put the hours in order, each once",
  );
}

/** Milliseconds of an hour on its own clock; null for what is no full hour of the calendar. */
function readHour(text: string): number | null {
  const [, day, hour] = STAMP.exec(text) ?? [];
  if (day === undefined || Number(hour) > 23) return null;
  const at = Date.parse(`${day}T${hour}:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? null : at;
}

function finding(
  line: number | null,
  col: number | null,
  message: string,
  value: string | null,
  allowed: string[],
  fix: string,
): RequestsError {
  return { line, col, message, value: value === null ? null : clip(value), allowed, fix };
}

const clip = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
