import { isNotKnown, type NotKnown, type Priced } from "./components/component.ts";
import { amounts, formatRange, type MicroRange } from "./money.ts";
import type { BillLine, Quantity3 } from "./types.ts";

/** A bill line with its amount as integers, so that totals add what the line says. */
export interface DraftLine {
  line: BillLine;
  micro: MicroRange | null;
}

export interface LineParts {
  resource: string;
  type: string;
  what: string;
  unit: string;
  kind: Exclude<BillLine["kind"], "unknown">;
  price: Priced | NotKnown;
  quantity: Quantity3 | NotKnown;
  reason: string | null;
}

/** Puts a line together. Where price or quantity is not known, the line is `unknown` and has no amount. */
export function makeLine(parts: LineParts): DraftLine {
  const { price, quantity } = parts;
  const base = { resource: parts.resource, type: parts.type, what: parts.what };
  const missing = [price, quantity].filter(isNotKnown).map(({ unknown }) => unknown);
  const known = isNotKnown(price) ? null : price;
  const micro = known && !isNotKnown(quantity) ? amounts(quantity, known.unitPriceUsd) : null;
  const reasons = [...missing, parts.reason, known?.note].filter((text): text is string => Boolean(text));
  return {
    micro,
    line: {
      ...base,
      quantity: isNotKnown(quantity) ? null : quantity,
      unit: parts.unit,
      unitPriceUsd: known?.unitPriceUsd ?? null,
      monthlyUsd: micro && formatRange(micro),
      kind: micro ? parts.kind : "unknown",
      reason: reasons.length > 0 ? reasons.join("; ") : null,
      source: known?.source ?? null,
      asOf: known?.asOf ?? null,
    },
  };
}
