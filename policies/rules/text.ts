/** Values of a graph as text and number. A file may hold {"toString": 1}, on which String() and Number() throw. */

export function asText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** NaN for anything that is not a number or a text of one. */
export function asNumber(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
}
