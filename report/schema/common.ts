import { z } from "zod";

/**
 * A schema that says exactly what a type of another room says: the compiler refuses a field that only one of the
 * two has, so that a document and its schema cannot part ways.
 */
export function exactly<T>() {
  return <S extends z.ZodType<T>>(
    schema: S,
    ..._same: T extends z.output<S> ? [] : ["the type has what the schema lacks"]
  ): S => schema;
}

type Properties = Record<string, object>;

/** A rule of JSON Schema (draft-07) over the properties of one object. */
export function when(condition: Properties, consequence: Properties, otherwise?: Properties) {
  return {
    if: { properties: condition },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: consequence },
    ...(otherwise && { else: { properties: otherwise } }),
  };
}

/**
 * Rules by which a field that is null has its reason beside it.
 *
 * @param reasons field that is null -> field that then is a text
 */
export function reasonWhenNull(reasons: Record<string, string>): { allOf: object[] } {
  return {
    allOf: Object.entries(reasons).map(([field, reason]) =>
      when({ [field]: { type: "null" } }, { [reason]: { type: "string", minLength: 1 } }),
    ),
  };
}

export const text = z.string();
export const count = z.int().min(0);
export const names = z.array(z.string());

/** An amount of money. */
export const usd = z
  .string()
  .regex(/^\d+\.\d{6}$/)
  .meta({ id: "usd", description: "US dollars, a decimal number with six places." });

/** A difference of two amounts. */
export const signedUsd = z
  .string()
  .regex(/^-?\d+\.\d{6}$/)
  .meta({ id: "signedUsd", description: "Difference of two amounts, US dollars with six places." });

/** A price of one unit. */
export const unitPrice = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .meta({ id: "unitPrice", description: "US dollars a unit, a decimal number as precise as its source." });

export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .meta({ id: "date", description: "Calendar day, ISO 8601." });

const cases = <T extends z.ZodType>(value: T) => z.strictObject({ min: value, expected: value, max: value });

export const usdRange = cases(usd).meta({ id: "usdRange", description: "An amount in the three cases." });
export const signedUsdRange = cases(signedUsd).meta({
  id: "signedUsdRange",
  description: "A difference in the three cases; max is not always the largest.",
});
export const quantityRange = cases(z.number().min(0)).meta({
  id: "quantityRange",
  description: "A quantity in the three cases.",
});

export const estimate = z
  .strictObject({ low: z.number(), expected: z.number(), high: z.number() })
  .meta({ id: "estimate", description: "A figure with the room around it: low ≤ expected ≤ high." });

/** What every document carries beside its own name. */
export const stamp = {
  freeholdVersion: z.string().describe("Version of Freehold that wrote the document."),
  catalogAsOf: date.describe("Day of the newest fact in the catalogue."),
};
