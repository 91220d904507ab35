import type { Resource } from "../graph/index.ts";
import type { FindingsDocument, Waiver } from "./types.ts";

const FIELDS = ["control", "resource", "owner", "reason", "ticket", "expires", "approver"] as const;

/**
 * Whether a waiver still holds: its last day is inclusive, in UTC. One with a malformed date or without an owner,
 * reason, ticket or approver never holds.
 */
export function holds(waiver: Waiver, date: string): boolean {
  return missing(waiver).length === 0 && isDate(waiver.expires) && isDate(date) && date <= waiver.expires;
}

function missing(waiver: Waiver): string[] {
  return FIELDS.filter((field) => typeof waiver[field] !== "string" || waiver[field].trim() === "");
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // 30 February parses as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Whether a waiver names the resource, by name or URN; `*` stands for any text. */
export function waiverMatches(waiver: Waiver, resource: Resource): boolean {
  const escaped = waiver.resource.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*");
  const pattern = new RegExp(`^${escaped}$`, "s");
  return pattern.test(resource.name) || pattern.test(resource.urn);
}

/**
 * What is wrong with waivers, a line each: fields that are missing, a date that is past or none, and those that
 * cover no finding of this run.
 */
export function waiverNotes(waivers: readonly Waiver[], findings: FindingsDocument, date: string): string[] {
  return waivers.flatMap((waiver) => {
    const name = `waiver of ${waiver.control} for ${waiver.resource}`;
    const absent = missing(waiver);
    if (absent.length > 0) return [`${name} does not hold: it has no ${absent.join(", no ")}`];
    if (!isDate(waiver.expires))
      return [`${name} does not hold: expires is "${waiver.expires}"; allowed: YYYY-MM-DD`];
    if (!holds(waiver, date)) return [`${name} does not hold: ${waiver.expires} is past`];
    return isUsed(waiver, findings) ? [] : [`${name} covers no finding; remove it`];
  });
}

function isUsed(waiver: Waiver, findings: FindingsDocument): boolean {
  return findings.results.some(
    (result) =>
      "controls" in result &&
      result.controls.some(
        (control) =>
          control.id === waiver.control &&
          control.waived.some(
            (used) =>
              used.ticket === waiver.ticket &&
              used.expires === waiver.expires &&
              used.owner === waiver.owner &&
              used.reason === waiver.reason,
          ),
      ),
  );
}
