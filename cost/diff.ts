import { FREEHOLD_VERSION } from "../catalog/index.ts";
import { formatRange, parseRange, subtractRanges, ZERO } from "./money.ts";
import type { BillDocument, BillLine, Quantity3, Range3 } from "./types.ts";

/** One side of a compared line. */
export type DiffSide = Pick<
  BillLine,
  "quantity" | "unit" | "unitPriceUsd" | "monthlyUsd" | "kind" | "reason"
>;

export interface BillDiffLine {
  resource: string;
  type: string;
  what: string;
  change: "new" | "gone" | "price" | "quantity" | "price+quantity" | "same";
  old: DiffSide | null;
  new: DiffSide | null;
  /** null where a side has no price: the difference is not known. */
  deltaUsd: Range3 | null;
}

export interface BillDiffDocument {
  schema: "freehold.billdiff/v1";
  freeholdVersion: string;
  catalogAsOf: string;
  lines: BillDiffLine[];
  totals: { old: Range3; new: Range3; delta: Range3 };
}

/**
 * Compares two bills line by line. Lines are matched by resource and by what is charged, without the names of
 * project and stack, so that the bills of two stacks of one program can be compared.
 */
export function diffBills(oldBill: BillDocument, newBill: BillDocument): BillDiffDocument {
  const before = keyed(oldBill.lines);
  const after = keyed(newBill.lines);
  const lines = [
    ...[...after].map(([key, line]) => diffLine(before.get(key) ?? null, line)),
    ...[...before].filter(([key]) => !after.has(key)).map(([, line]) => diffLine(line, null)),
  ];
  const [old, now] = [oldBill.totals.monthlyUsd, newBill.totals.monthlyUsd];
  return {
    schema: "freehold.billdiff/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: newBill.catalogAsOf,
    lines,
    totals: { old, new: now, delta: formatRange(subtractRanges(parseRange(now), parseRange(old))) },
  };
}

/** Lines by what they stand for; a second one of the same kind gets a number. */
function keyed(lines: BillLine[]): Map<string, BillLine> {
  const found = new Map<string, BillLine>();
  for (const line of lines) {
    const key = `${line.resource.replace(/^urn:pulumi:[^:]*::[^:]*::/, "")}\n${line.what}`;
    let unique = key;
    for (let copy = 2; found.has(unique); copy++) unique = `${key}\n${copy}`;
    found.set(unique, line);
  }
  return found;
}

function diffLine(old: BillLine | null, now: BillLine | null): BillDiffLine {
  const { resource, type, what } = (now ?? old)!;
  return {
    resource,
    type,
    what,
    change: changeOf(old, now),
    old: side(old),
    new: side(now),
    deltaUsd: delta(old, now),
  };
}

function side(line: BillLine | null): DiffSide | null {
  if (!line) return null;
  const { quantity, unit, unitPriceUsd, monthlyUsd, kind, reason } = line;
  return { quantity, unit, unitPriceUsd, monthlyUsd, kind, reason };
}

function changeOf(old: BillLine | null, now: BillLine | null): BillDiffLine["change"] {
  if (!old) return "new";
  if (!now) return "gone";
  const price = old.unitPriceUsd !== now.unitPriceUsd;
  const quantity = !sameQuantity(old.quantity, now.quantity);
  if (price && quantity) return "price+quantity";
  return price ? "price" : quantity ? "quantity" : "same";
}

function sameQuantity(a: Quantity3 | null, b: Quantity3 | null): boolean {
  return a?.min === b?.min && a?.expected === b?.expected && a?.max === b?.max;
}

function delta(old: BillLine | null, now: BillLine | null): Range3 | null {
  if ((old && !old.monthlyUsd) || (now && !now.monthlyUsd)) return null;
  const amount = (line: BillLine | null) => (line?.monthlyUsd ? parseRange(line.monthlyUsd) : ZERO);
  return formatRange(subtractRanges(amount(now), amount(old)));
}
