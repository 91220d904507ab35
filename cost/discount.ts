import type { PriceBook } from "./components/component.ts";
import { complement, decimalString, exact, multiply } from "./decimal.ts";

/** Per cent as a share. */
const PERCENT = { units: 1n, scale: 2 };

/**
 * A price book in which an agreement takes a share off every list price, exactly. Spot prices are a market and stay.
 *
 * @param percent from 0 to below 100
 */
export function discounted(book: PriceBook, percent: number): PriceBook {
  if (percent === 0) return book;
  const left = complement(multiply(exact(percent), PERCENT));
  const less = (price: string) => trimmed(decimalString(multiply(exact(price), left)));
  const note = `list price less ${percent}% by agreement`;
  return {
    servicePrice: (key, region) => {
      const row = book.servicePrice(key, region);
      if (row === null) return null;
      return {
        ...row,
        unitPriceUsd: less(row.unitPriceUsd),
        note: row.note === null ? note : `${row.note}; ${note}`,
      };
    },
    instancePrice: (type, region) => {
      const row = book.instancePrice(type, region);
      if (row.onDemandUsdPerHour === null) return row;
      const source = row.source === null ? note : `${row.source}, ${note}`;
      return { ...row, onDemandUsdPerHour: less(row.onDemandUsdPerHour), source };
    },
  };
}

const trimmed = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
