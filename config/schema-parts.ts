/** Whether no entry of a list is there twice. */
export function distinct(list: readonly unknown[]): boolean {
  return new Set(list).size === list.length;
}

export const TWICE = "a list without an entry twice";

/** Whether a text is a day of the calendar, YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // 2026-02-30 is parsed as the second of March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export const DATE = 'a date in quotes, such as "2026-12-31"';
