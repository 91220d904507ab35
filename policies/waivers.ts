import type { Resource } from "../graph/index.ts";
import type { Waiver } from "./types.ts";

/** Whether a waiver still holds: its last day is inclusive, in UTC; a malformed date never holds. */
export function holds(waiver: Waiver, date: string): boolean {
  const isDate = (text: string) =>
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  return isDate(waiver.expires) && isDate(date) && date <= waiver.expires;
}

/** Whether a waiver names the resource, by name or URN; `*` stands for any text. */
export function waiverMatches(waiver: Waiver, resource: Resource): boolean {
  const escaped = waiver.resource.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  const pattern = new RegExp(`^${escaped}$`);
  return pattern.test(resource.name) || pattern.test(resource.urn);
}
