import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { catalogAsOf, nearest, region, regions } from "../../catalog/index.ts";
import { type BillDocument, billOf } from "../../cost/index.ts";
import type { UsageBook } from "../../cost/usage.ts";
import { readUsageFile } from "../../cost/usage-file.ts";
import { GraphError, parseGraph, type ResourceGraph } from "../../graph/index.ts";
import type { StackPlan } from "../../plan/index.ts";
import { billComment, billCsv, billText, json, styleOf } from "../../report/index.ts";
import { dateOf } from "../date.ts";
import { CommandError, EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";
import {
  type Elsewhere,
  loadAndPreview,
  mustFit,
  overBudget,
  previewStack,
  type StackFlags,
  stackOrGraph,
} from "../pipeline.ts";

export interface CostFlags extends Partial<StackFlags> {
  graph?: string;
  region?: string;
  /** File of what resources use in a month. */
  usage?: string;
  currency?: string;
  output?: string;
  out?: string;
}

export const COST_FORMATS = ["text", "json", "markdown", "html", "csv"];

/** `freehold cost`: the bill of a stack, or of any Pulumi graph in a file. */
export async function cost(flags: CostFlags, io: Io): Promise<number> {
  const kind = format(flags.output, COST_FORMATS);
  const date = dateOf(flags, io);
  stackOrGraph(flags, "freehold cost -s dev", { region: "--graph" });
  requireDollars(flags.currency);
  const { bill, plan } =
    flags.graph === undefined
      ? await planAndBill(flags as CostFlags & StackFlags, date, io)
      : { bill: billOfFile(flags, date, io), plan: null };
  const name = flags.stack ?? basename(flags.graph!);
  const loads = (plan?.models ?? []).flatMap((model) =>
    model.load === null ? [] : [{ name: model.name, load: model.load }],
  );
  const write: Record<string, () => string | Promise<string>> = {
    text: () => billText(bill, styleOf(io.color && !flags.out), 60),
    json: () => json(bill),
    markdown: () => billComment(bill, name),
    // Loaded only when asked for.
    html: async () => (await import("../../report/html/bill.ts")).billHtml(bill, { name, date, loads }),
    csv: () => billCsv(bill, date, (plan?.pricing?.discountPct ?? 0) > 0),
  };
  emit(io, await write[kind]!(), flags.out);
  return overBudget(bill) ? EXIT.overBudget : EXIT.ok;
}

/**
 * The bill of a stack of this folder, or of its file as it was `elsewhere`.
 *
 * @throws CommandError for an invalid stack, and for one that does not fit
 */
export async function billOfStack(
  flags: StackFlags & Pick<CostFlags, "usage">,
  date: string,
  io: Io,
  elsewhere?: Elsewhere,
): Promise<BillDocument> {
  return (await planAndBill(flags, date, io, elsewhere)).bill;
}

async function planAndBill(
  flags: StackFlags & Pick<CostFlags, "usage">,
  date: string,
  io: Io,
  elsewhere?: Elsewhere,
): Promise<{ bill: BillDocument; plan: StackPlan }> {
  const loaded = await loadAndPreview(flags, io, elsewhere);
  const { plan } = loaded;
  mustFit(plan);
  const { graph } = await previewStack(loaded, flags.stack, io);
  const usage = usageFlag(flags.usage, graph, io);
  return { plan, bill: billOf(graph, { plan, date, catalogAsOf: catalogAsOf(), ...usage }) };
}

/** Price lists are in US dollars, and a rate of exchange would be one more price with a day. */
function requireDollars(currency: string | undefined): void {
  if (currency === undefined || currency.toUpperCase() === "USD") return;
  throw usageError(
    "currency",
    `bills are in USD, as the price lists are; ${currency} would need a rate of a day`,
    {
      path: "--currency",
      value: currency,
      allowed: ["USD"],
      fix: "leave --currency out and convert the totals at your own rate",
    },
  );
}

/** The usage file of a flag, as an option of the bill. */
function usageFlag(file: string | undefined, graph: ResourceGraph, io: Io): { usage?: UsageBook } {
  if (file === undefined) return {};
  const read = readUsageFile(readFlagFile(file, io), file, graph);
  if (!read.ok) throw new CommandError(EXIT.usage, read.errors);
  return { usage: read.book };
}

function readFlagFile(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), "utf8");
  } catch (cause) {
    throw usageError("cannot-read", `cannot read ${file}: ${(cause as Error).message}`, {
      file,
      value: file,
    });
  }
}

function billOfFile(flags: CostFlags, date: string, io: Io): BillDocument {
  if (flags.region !== undefined && !region(flags.region)) {
    const close = nearest(
      flags.region,
      regions().map((row) => row.region),
      3,
    );
    throw usageError("unknown-region", `region ${flags.region} is not in the catalogue`, {
      path: "--region",
      value: flags.region,
      allowed: close,
      fix: close[0] ? `did you mean ${close[0]}?` : null,
    });
  }
  const graph = readGraph(flags.graph!, io);
  return billOf(graph, {
    plan: null,
    date,
    catalogAsOf: catalogAsOf(),
    ...(flags.region !== undefined && { region: flags.region }),
    ...usageFlag(flags.usage, graph, io),
  });
}

/** Reads a graph file; what is wrong with it is a located error. */
export function readGraph(file: string, io: Io) {
  const text = readFlagFile(file, io);
  try {
    return parseGraph(text, file);
  } catch (cause) {
    if (!(cause instanceof GraphError)) throw cause;
    throw new CommandError(EXIT.usage, [
      {
        code: cause.code,
        message: cause.message,
        file,
        line: cause.line,
        col: cause.col,
        path: null,
        value: null,
        allowed: null,
        fix: cause.fix,
      },
    ]);
  }
}
