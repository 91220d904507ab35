/** Longest text of a value inside a message, characters. */
const IN_MESSAGE = 60;
/** Longest text of a value in the `value` field of a finding, characters. */
const IN_FIELD = 400;

/** A value as people read it inside a message: JSON, cut where it is long. */
export function show(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return clip(JSON.stringify(value) ?? "nothing", IN_MESSAGE);
}

/** A text cut to a length, without control characters, which a terminal would obey. */
export function clip(text: string, length = IN_MESSAGE): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  return plain.length > length ? `${plain.slice(0, length - 1)}…` : plain;
}

/** A value for the `value` field: as given, or its beginning where it is very long. */
export function compact(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  const text = JSON.stringify(value) ?? "";
  if (text.length <= IN_FIELD) return value;
  return clip(typeof value === "string" ? value : text, IN_FIELD);
}
