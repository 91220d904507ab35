import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { catalogAsOf } from "../../catalog/index.ts";
import { type BillDocument, billOf, diffBills } from "../../cost/index.ts";
import { GraphError, parseGraph } from "../../graph/index.ts";
import { billMarkdown, billText, diffText, json, planText, styleOf } from "../../report/index.ts";
import { CommandError, EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";
import { dateOf, loadAndPlan, overBudget, previewStack, type StackFlags } from "../pipeline.ts";

export interface CostFlags extends Partial<StackFlags> {
  graph?: string;
  region?: string;
  output?: string;
  out?: string;
}

/** `freehold cost`: the bill of a stack, or of any Pulumi graph in a file. */
export async function cost(flags: CostFlags, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json", "markdown"]);
  const date = dateOf(flags, io);
  if ((flags.stack === undefined) === (flags.graph === undefined)) {
    throw usageError("which-graph", "give either -s STACK or --graph FILE", { fix: "freehold cost -s dev" });
  }
  const bill =
    flags.graph === undefined
      ? await billOfStack(flags as StackFlags, date, io)
      : billOfFile(flags, date, io);
  if (bill === null) return EXIT.doesNotFit;
  emit(
    io,
    kind === "json"
      ? json(bill)
      : kind === "markdown"
        ? `${billMarkdown(bill)}\n`
        : billText(bill, styleOf(io.color && !flags.out), 60),
    flags.out,
  );
  return overBudget(bill) ? EXIT.overBudget : EXIT.ok;
}

async function billOfStack(flags: StackFlags, date: string, io: Io): Promise<BillDocument | null> {
  const loaded = await loadAndPlan(flags, io);
  if (loaded.plan.verdict !== "ok") {
    io.err(`${planText(loaded.plan, styleOf(false))}\n`);
    return null;
  }
  const { graph } = await previewStack(loaded, flags.stack, io);
  return billOf(graph, { plan: loaded.plan, date, catalogAsOf: catalogAsOf() });
}

function billOfFile(flags: CostFlags, date: string, io: Io): BillDocument {
  return billOf(readGraph(flags.graph!, io), {
    plan: null,
    date,
    catalogAsOf: catalogAsOf(),
    ...(flags.region !== undefined && { region: flags.region }),
  });
}

/** Reads a graph file; what is wrong with it is a located error. */
export function readGraph(file: string, io: Io) {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, file), "utf8");
  } catch (cause) {
    throw usageError("cannot-read", `cannot read ${file}: ${(cause as Error).message}`, {
      file,
      value: file,
    });
  }
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

/** `freehold cost diff OLD NEW`: two bills (JSON files) or two stacks. */
export async function costDiff(oldName: string, newName: string, flags: CostFlags, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json"]);
  const date = dateOf(flags, io);
  const side = async (name: string): Promise<BillDocument> => {
    if (existsSync(resolve(io.cwd, name))) return readBill(name, io);
    const bill = await billOfStack(
      { stack: name, ...(flags.stackDir && { stackDir: flags.stackDir }) },
      date,
      io,
    );
    if (bill === null)
      throw new CommandError(EXIT.doesNotFit, [
        {
          code: "does-not-fit",
          message: `${name} does not fit and has no bill`,
          file: null,
          line: null,
          col: null,
          path: null,
          value: name,
          allowed: null,
          fix: null,
        },
      ]);
    return bill;
  };
  const diff = diffBills(await side(oldName), await side(newName));
  emit(io, kind === "json" ? json(diff) : diffText(diff, styleOf(io.color && !flags.out)), flags.out);
  return EXIT.ok;
}

function readBill(file: string, io: Io): BillDocument {
  try {
    const document = JSON.parse(readFileSync(resolve(io.cwd, file), "utf8")) as {
      schema?: string;
      bill?: BillDocument;
    };
    if (document.schema === "freehold.preview/v1" && document.bill) return document.bill;
    if (document.schema === "freehold.bill/v1") return document as unknown as BillDocument;
    throw new Error(`schema is ${document.schema ?? "missing"}, not freehold.bill/v1`);
  } catch (cause) {
    throw usageError("not-a-bill", `${file}: ${(cause as Error).message}`, {
      file,
      fix: "freehold cost -s STACK -o json --out bill.json",
    });
  }
}
