import { nearest } from "./nearest.ts";

/**
 * What is wrong with a time zone; null where nothing is. Nodes and scalers read zones from files, whose names are
 * case-sensitive and hold no offsets, so that is stricter than what Intl accepts.
 */
export function timeZoneProblem(name: string): { fix: string } | null {
  let canonical: string;
  try {
    canonical = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    const close = nearest(name, Intl.supportedValuesOf("timeZone"), 1)[0];
    return { fix: close ? `did you mean ${close}?` : "timezone: UTC" };
  }
  if (/^[+-]/.test(name)) return { fix: "timezone: UTC" };
  const otherCase = canonical !== name && canonical.toLowerCase() === name.toLowerCase();
  return otherCase ? { fix: `timezone: ${canonical}` } : null;
}
