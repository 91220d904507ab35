/** Schedules as AWS writes them: rate(…) and cron(…). */

const UNITS: Record<string, number> = { minute: 1 / 1440, hour: 1 / 24, day: 1 };
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const LONGEST_MONTH = 31;

/**
 * The longest time in days between two runs, never too short; null for a text that is no schedule or one that ends.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function daysBetweenRuns(schedule: string): number | null {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  if (rate) return Number(rate[1]) > 0 ? Number(rate[1]) * UNITS[rate[2]!]! : null;
  const cron = /^cron\((.*)\)$/.exec(schedule)?.[1]?.trim().split(/\s+/);
  if (cron?.length !== 6 || cron[5] !== "*") return null;
  const [, , dayOfMonth, month, dayOfWeek] = cron as [string, string, string, string, string];
  if (month === "*" && dayOfMonth === "*" && /^[?*]$/.test(dayOfWeek)) return 1;
  const gap = longestGap(month);
  // The day within the month may be later by up to a month, for a day that the shorter months lack.
  return gap === null ? null : gap * LONGEST_MONTH + (gap === 1 ? LONGEST_MONTH : 0);
}

/** The longest step between two months of a cron field; null for a field that is none. */
function longestGap(field: string): number | null {
  const months = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(\*|[A-Z]{3}|\d{1,2})(?:-([A-Z]{3}|\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(part.toUpperCase());
    if (!match) return null;
    const from = match[1] === "*" ? 1 : monthOf(match[1]!);
    const to = match[2] !== undefined ? monthOf(match[2]) : match[1] === "*" || match[3] ? 12 : from;
    const step = match[3] === undefined ? 1 : Number(match[3]);
    if (from === null || to === null || step === 0) return null;
    for (let month = from; month <= to; month += step) months.add(month);
  }
  const sorted = [...months].sort((a, b) => a - b);
  const gaps = sorted.map((month, index) => (sorted[index + 1] ?? sorted[0]! + 12) - month);
  return gaps.length === 0 ? null : Math.max(...gaps);
}

function monthOf(text: string): number | null {
  const number = /^\d+$/.test(text) ? Number(text) : MONTHS.indexOf(text) + 1;
  return number >= 1 && number <= 12 ? number : null;
}
