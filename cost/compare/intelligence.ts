import type { HostedWeights, IntelligenceRow, LlmApiPrice } from "../../catalog/index.ts";
import { add, exact, multiply, quotient } from "../decimal.ts";
import type { Decimal } from "../money.ts";
import type { Intelligence } from "./types.ts";

/** Parts of input in the blended price: three to one of output, as Artificial Analysis weighs them. */
const INPUT_PARTS = 3;
/** Places of a price by the point: those of the published table and two more. */
const POINT_PLACES = 6;

/** US dollars of a million tokens, three of input to one of output; exact. */
export function blendedPrice({ inputUsdPerMtok, outputUsdPerMtok }: LlmApiPrice): Decimal | null {
  if (inputUsdPerMtok === null || outputUsdPerMtok === null) return null;
  const sum = add(multiply(exact(INPUT_PARTS), exact(inputUsdPerMtok)), exact(outputUsdPerMtok));
  // A quarter is 25 hundredths.
  return { units: sum.units * 25n, scale: sum.scale + 2 };
}

/** Price of a point: US dollars of a million tokens over the index. */
export function pricePerPoint(usdPerMtok: Decimal | string, index: number, places = POINT_PLACES): string {
  const price = typeof usdPerMtok === "string" ? exact(usdPerMtok) : usdPerMtok;
  return quotient(price, exact(index), places);
}

/** Rows of the table that are this model, by its name at a provider or by its weights. */
function rowsOf(
  table: readonly IntelligenceRow[],
  apiModel: string | null,
  weights: string | null,
): IntelligenceRow[] {
  return table.filter(
    (row) =>
      (apiModel !== null && row.apiModels.includes(apiModel)) || (weights !== null && row.repo === weights),
  );
}

/** The best row of a model that stands there with several efforts; null where it is not in the table. */
export function intelligenceOf(
  table: readonly IntelligenceRow[],
  apiModel: string | null,
  weights: string | null,
): Intelligence | null {
  const [best] = rowsOf(table, apiModel, weights).sort((a, b) => b.index - a.index);
  return best ? { model: best.model, index: best.index, asOf: best.asOf } : null;
}

/** Open weights that a model of a provider is; null where none are known. */
export function weightsOf(hosted: readonly HostedWeights[], apiModel: string): string | null {
  return hosted.find((row) => row.apiModel === apiModel)?.repo ?? null;
}

/** A published blended price beside that of a list price. */
export interface BlendCheck {
  model: string;
  provider: string;
  apiModel: string;
  publishedUsdPerMtok: string;
  /** Exact. */
  listedUsdPerMtok: string;
  /** Listed less published, both with two places. */
  differenceUsd: string;
  asOf: string;
}

/**
 * The blended prices of the table beside those that list prices give: a provider's own for a proprietary model, each
 * host's for open weights.
 */
export function blendChecks(
  table: readonly IntelligenceRow[],
  apis: readonly LlmApiPrice[],
  hosted: readonly HostedWeights[],
): BlendCheck[] {
  return apis.flatMap((api) => {
    const blended = blendedPrice(api);
    if (blended === null) return [];
    return rowsOf(table, api.model, weightsOf(hosted, api.model)).flatMap((row) => {
      if (row.blendedUsdPerMtok === null) return [];
      const cents = quotient(blended, exact(1), 2);
      const [listed, published] = [cents, row.blendedUsdPerMtok].map((text) => exact(text));
      const difference = add(listed!, multiply(exact(-1), published!));
      return [
        {
          model: row.model,
          provider: api.provider,
          apiModel: api.model,
          publishedUsdPerMtok: row.blendedUsdPerMtok,
          listedUsdPerMtok: quotient(blended, exact(1), 4),
          differenceUsd: quotient(difference, exact(1), 2),
          asOf: api.asOf,
        },
      ];
    });
  });
}
