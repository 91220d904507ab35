import { membersOf, NotJson } from "./json-members.ts";

/** Prices of one instance type in one region, as a price list of AWS states them: Linux, shared tenancy. */
export interface OwnPrice {
  instance: string;
  region: string;
  /** US dollars an hour, decimal string; null where the list has only commitments. */
  onDemandUsdPerHour: string | null;
  reserved: ReservedPrice[];
  source: string;
  /** Day on which the list was published. */
  asOf: string;
}

/** A reserved instance: an amount up front, and by the hour whether it runs or not. */
export interface ReservedPrice {
  years: 1 | 3;
  offeringClass: "standard" | "convertible";
  payment: "no-upfront" | "partial-upfront" | "all-upfront";
  upfrontUsd: string;
  usdPerHour: string;
}

export interface PriceListError {
  message: string;
  line: number | null;
  fix: string;
}

type Json = Record<string, unknown>;

const PAYMENTS: Record<string, ReservedPrice["payment"]> = {
  "No Upfront": "no-upfront",
  "Partial Upfront": "partial-upfront",
  "All Upfront": "all-upfront",
};
const AMOUNT = /^\d+(\.\d+)?$/;
const WHERE = "give the file of a region: offers/v1.0/aws/AmazonEC2/current/REGION/index.json";

/**
 * Reads an EC2 offer file of the AWS Price List as published (JSON, of one region or of all). Of its hundreds of
 * megabytes only the rows of instances are kept: Linux without further software, shared tenancy, `Used` capacity,
 * On-Demand and reserved. The file is gone through twice, since nothing says that products come before terms.
 *
 * @param open the text from its beginning, in pieces; called twice
 */
export function readPriceList(
  open: () => Iterable<string>,
): { prices: OwnPrice[] } | { error: PriceListError } {
  try {
    return { prices: pricesOf(open) };
  } catch (cause) {
    if (!(cause instanceof NotJson)) throw cause;
    const fix = cause.line === null ? WHERE : "download the file again; it may be cut short";
    return { error: { message: cause.message, line: cause.line, fix } };
  }
}

function pricesOf(open: () => Iterable<string>): OwnPrice[] {
  const head: Record<string, unknown> = {};
  const products = new Map<string, OwnPrice>();
  for (const { path, text } of membersOf(
    open(),
    (path) => path.length === 1 || isMember(path, "products", 2),
  )) {
    if (path.length === 1) {
      head[path[0]!] = text === undefined ? null : parsed(text);
      continue;
    }
    const product = parsed(text!) as Json;
    const row = productOf(product);
    if (row) products.set(String(product["sku"] ?? path[1]), row);
  }
  if ("regions" in head || "offers" in head)
    throw new NotJson("this is an index of price lists, not a price list", null);
  if (head["offerCode"] !== "AmazonEC2")
    throw new NotJson(
      `this is no price list of EC2: its offerCode is ${JSON.stringify(head["offerCode"] ?? null)}, not "AmazonEC2"`,
      null,
    );
  const day = /^\d{4}-\d{2}-\d{2}(?=T)/.exec(String(head["publicationDate"]))?.[0];
  if (day === undefined) throw new NotJson("the price list has no publicationDate", null);
  const source = `AWS Price List, AmazonEC2, version ${String(head["version"] ?? "not stated")}`;
  for (const row of products.values()) Object.assign(row, { source, asOf: day });
  const isTerm = (path: readonly string[]) => path[0] === "terms" && path.length === 3;
  for (const { path, text } of membersOf(open(), isTerm)) {
    const row = products.get(path[2]!);
    if (!row || text === undefined) continue;
    for (const term of Object.values(parsed(text) as Json)) addTerm(row, path[1]!, term as Json);
  }
  return [...products.values()]
    .filter(({ onDemandUsdPerHour, reserved }) => onDemandUsdPerHour !== null || reserved.length > 0)
    .sort((a, b) => order(`${a.region} ${a.instance}`, `${b.region} ${b.instance}`));
}

const isMember = (path: readonly string[], name: string, depth: number) =>
  path.length === depth && path[0] === name;
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NotJson(`a row of the price list is not JSON (${(cause as Error).message})`, null);
  }
}

function productOf(product: Json): OwnPrice | null {
  const has = (product["attributes"] ?? {}) as Record<string, string | undefined>;
  const isPlain =
    String(product["productFamily"]).startsWith("Compute Instance") &&
    has["operatingSystem"] === "Linux" &&
    has["tenancy"] === "Shared" &&
    has["preInstalledSw"] === "NA" &&
    has["capacitystatus"] === "Used" &&
    // Capacity Blocks have rows of their own, at 0.
    (has["marketoption"] ?? "OnDemand") === "OnDemand" &&
    (has["locationType"] ?? "AWS Region") === "AWS Region";
  const [instance, region] = [has["instanceType"], has["regionCode"]];
  if (!isPlain || !instance || !region) return null;
  return {
    instance,
    region,
    onDemandUsdPerHour: null,
    reserved: [],
    source: "",
    asOf: "",
  };
}

/** Adds what a term says. A price of 0, or in another currency, is none. */
function addTerm(row: OwnPrice, kind: string, term: Json): void {
  const dimensions = Object.values((term["priceDimensions"] ?? {}) as Record<string, Json>);
  const of = (unit: string) => {
    const found = dimensions.find((dimension) => dimension["unit"] === unit);
    const amount = ((found?.["pricePerUnit"] ?? {}) as Json)["USD"];
    return typeof amount === "string" && AMOUNT.test(amount) ? trimmed(amount) : null;
  };
  const hour = of("Hrs");
  if (kind === "OnDemand") {
    if (hour !== null && hour !== "0") row.onDemandUsdPerHour = hour;
    return;
  }
  const has = (term["termAttributes"] ?? {}) as Record<string, string | undefined>;
  const years = { "1yr": 1, "3yr": 3 }[has["LeaseContractLength"] ?? ""] as 1 | 3 | undefined;
  const payment = PAYMENTS[has["PurchaseOption"] ?? ""];
  const offeringClass = has["OfferingClass"];
  if (kind !== "Reserved" || years === undefined || payment === undefined) return;
  if (offeringClass !== "standard" && offeringClass !== "convertible") return;
  const upfront = of("Quantity") ?? "0";
  if ((hour ?? "0") === "0" && upfront === "0") return;
  row.reserved.push({ years, offeringClass, payment, upfrontUsd: upfront, usdPerHour: hour ?? "0" });
}

/** A decimal without the zeros at its end: 1.8610000000 is 1.861. */
const trimmed = (amount: string) => (amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount);
