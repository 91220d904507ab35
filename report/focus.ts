import type { BillDocument, BillLine } from "../cost/index.ts";
import { shortName } from "./digest.ts";
import { focusService } from "./focus-services.ts";

type Cell = string | number | null;

/** What every row of a planned month shares. */
interface Month {
  start: string;
  end: string;
  /** Whether prices are below the list by a negotiated discount: what the list says is then not in the bill. */
  negotiated: boolean;
}

/**
 * Columns of the Cost and Usage dataset of FOCUS 1.4: each mandatory one, the conditional ones that a plan can
 * fill, then those of Freehold, whose names begin with `x_` as the specification asks.
 *
 * Nobody invoices a plan, and who does not invoice must write no other `BilledCost` than zero (FOCUS, Billed Cost,
 * so that data sets can be merged without counting twice): the planned amount is in the three other costs.
 */
const COLUMNS: Record<string, (line: BillLine, month: Month) => Cell> = {
  BilledCost: () => 0,
  BillingAccountId: () => null,
  BillingAccountName: () => null,
  BillingCurrency: () => "USD",
  BillingPeriodEnd: (_, { end }) => end,
  BillingPeriodStart: (_, { start }) => start,
  ChargeCategory: () => "Usage",
  ChargeClass: () => null,
  ChargeDescription: ({ what }) => what,
  ChargePeriodEnd: (_, { end }) => end,
  ChargePeriodStart: (_, { start }) => start,
  ContractedCost: cost("expected"),
  ContractedUnitPrice: ({ unitPriceUsd }) => unitPriceUsd,
  EffectiveCost: cost("expected"),
  HostProviderName: ({ type }) => focusService(type).provider,
  InvoiceIssuerName: () => null,
  ListCost: (line, { negotiated }) => (negotiated ? null : (line.monthlyUsd?.expected ?? null)),
  ListUnitPrice: ({ unitPriceUsd }, { negotiated }) => (negotiated ? null : unitPriceUsd),
  PricingQuantity: ({ quantity }) => quantity && plain(quantity.expected),
  PricingUnit: ({ unit }) => focusUnit(unit),
  ResourceId: ({ resource }) => resource,
  ResourceName: ({ resource }) => shortName(resource),
  ResourceType: ({ type }) => type,
  ServiceCategory: ({ type }) => focusService(type).category,
  ServiceName: ({ type }) => focusService(type).name,
  ServiceProviderName: ({ type }) => focusService(type).provider,
  x_FreeholdKind: ({ kind }) => kind,
  x_FreeholdMaxCost: cost("max"),
  x_FreeholdMaxQuantity: ({ quantity }) => quantity && plain(quantity.max),
  x_FreeholdMinCost: cost("min"),
  x_FreeholdMinQuantity: ({ quantity }) => quantity && plain(quantity.min),
  x_FreeholdPriceDate: ({ asOf }) => asOf,
  x_FreeholdPriceSource: ({ source }) => source,
  x_FreeholdReason: ({ reason }) => reason,
};

/**
 * The bill as CSV under the column names of FOCUS, a row for each line but the free ones, which are no charge.
 * Amounts are of the expected case; a line without a price has empty costs, never zero.
 *
 * @param date day of the bill; its calendar month is the period
 * @param negotiated whether the stack has a discount on list prices
 */
export function billCsv(bill: BillDocument, date: string, negotiated = false): string {
  const month = { ...calendarMonth(date), negotiated };
  const rows = bill.lines
    .filter(({ kind }) => kind !== "free")
    .map((line) => Object.values(COLUMNS).map((column) => csvCell(column(line, month))));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function cost(which: "min" | "expected" | "max"): (line: BillLine) => Cell {
  return ({ monthlyUsd }) => monthlyUsd?.[which] ?? null;
}

/** The month of a day: its first moment, and that of the next one, which is no longer part of it. */
function calendarMonth(date: string): Pick<Month, "start" | "end"> {
  const [year, month] = date.split("-").map(Number) as [number, number];
  const first = (index: number) => new Date(Date.UTC(year, index, 1)).toISOString().replace(".000", "");
  return { start: first(month - 1), end: first(month) };
}

/** A number without an exponent, which a spreadsheet might read as text. */
function plain(value: number): string {
  return value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 12 });
}

const SIZE = /^[KMGTPE]i?[bB]$/;

/** A unit of a price list (`GB-month`, `1000 requests`) as FOCUS writes units (`GB-Months`, `1000 Requests`). */
export function focusUnit(unit: string): string {
  const [, amount = "", rest] = /^(\d+ )?(.*)$/.exec(unit)!;
  const parts = rest!.split("-").map((part) => part.replace(/\/s$/, "/Second"));
  return (
    amount +
    parts
      .map((part, index) => {
        const noun = part.replace(/^[a-z]/, (letter) => letter.toUpperCase());
        return index < parts.length - 1 || SIZE.test(noun) || /s$|\/|[A-Z]{3}/.test(noun) ? noun : `${noun}s`;
      })
      .join("-")
  );
}

/**
 * A cell as RFC 4180 writes it. A text that a spreadsheet would run as a formula begins with an apostrophe: names
 * of resources come from programs of others.
 */
function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^\s*([=+@]|-(?!\d))/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
