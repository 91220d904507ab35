import * as catalog from "../../../catalog/index.ts";

/** The catalogue without prices. */
export const facts = { ...catalog, cheapestPrice: () => null };
