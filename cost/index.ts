/** The bill: what a month of a resource graph costs, line by line, with sources, dates, and what is not known. */
export { type BillOptions, billOf } from "./bill.ts";
export type { ComparisonDocument, ComparisonOption } from "./compare/types.ts";
export type { PriceBook } from "./components/component.ts";
export { type BillDiffDocument, type BillDiffLine, type DiffSide, diffBills } from "./diff.ts";
export { annuity } from "./hardware.ts";
export {
  addRanges,
  amount,
  amounts,
  type Decimal,
  decimalText,
  divideHalfEven,
  formatMicro,
  formatRange,
  type MicroRange,
  parseDecimal,
  parseMicro,
  parseRange,
  perMillion,
  subtractRanges,
  toMicro,
  ZERO,
} from "./money.ts";
export type { Offer, OffersDocument } from "./offers/types.ts";
export type * from "./types.ts";
export { starts, weightsSource, weightsTraffic } from "./weights.ts";
