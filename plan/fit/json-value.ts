export type Json = Record<string, unknown>;

/** Whether a parsed JSON value is an object. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first of these fields that is a positive number; null = none is. */
export function number(config: Json, ...names: string[]): number | null {
  for (const name of names) {
    const value = config[name];
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  }
  return null;
}
