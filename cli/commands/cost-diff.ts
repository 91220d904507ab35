import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type BillDocument, diffBills } from "../../cost/index.ts";
import { diffText, json, styleOf } from "../../report/index.ts";
import { dateOf } from "../date.ts";
import { CommandError, EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";
import { atRevision } from "../revision.ts";
import { billOfStack, type CostFlags } from "./cost.ts";

/**
 * `freehold cost diff OLD NEW`. A side is a bill (JSON file), a stack, or REV:STACK: the stack file of a git revision
 * with today's program and prices.
 */
export async function costDiff(oldName: string, newName: string, flags: CostFlags, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json"]);
  const date = dateOf(flags, io);
  const given = (["stack", "graph", "region"] as const).find((name) => flags[name] !== undefined);
  if (given !== undefined)
    throw usageError("flag-without-effect", `--${given} has no effect on cost diff`, {
      path: `--${given}`,
      fix: "freehold cost diff OLD NEW",
    });
  const old = billOfSide(oldName, flags, date, io);
  const [before, after] = await both(old, newName === oldName ? old : billOfSide(newName, flags, date, io));
  const diff = diffBills(before, after);
  emit(io, kind === "json" ? json(diff) : diffText(diff, styleOf(io.color && !flags.out)), flags.out);
  return EXIT.ok;
}

/**
 * Both sides, whose programs run at the same time.
 *
 * @throws CommandError with the findings of both sides, of those that count first
 */
async function both(
  ...sides: [Promise<BillDocument>, Promise<BillDocument>]
): Promise<[BillDocument, BillDocument]> {
  const settled = await Promise.allSettled(sides);
  const causes = [...new Set(settled.flatMap((side) => (side.status === "rejected" ? [side.reason] : [])))];
  const defect = causes.find((cause) => !(cause instanceof CommandError));
  if (defect !== undefined) throw defect;
  const refused = causes as CommandError[];
  for (const code of [EXIT.unexpected, EXIT.usage, EXIT.doesNotFit]) {
    const same = refused.filter((cause) => cause.exitCode === code);
    if (same.length === 0) continue;
    const errors = same.flatMap((cause) => cause.errors);
    const texts = same.flatMap((cause) => cause.text ?? []);
    throw new CommandError(code, errors, texts.length > 0 ? texts.join("") : undefined);
  }
  return Promise.all(sides);
}

async function billOfSide(name: string, flags: CostFlags, date: string, io: Io): Promise<BillDocument> {
  if (isFile(resolve(io.cwd, name))) return readBill(name, io);
  if (/\.json$/i.test(name))
    throw usageError("cannot-read", `there is no file ${name}`, {
      file: name,
      fix: "freehold cost -s STACK -o json --out bill.json",
    });
  const { stackDir, config } = flags;
  const options = { ...(stackDir !== undefined && { stackDir }), ...(config && { config }) };
  const colon = name.lastIndexOf(":");
  const stack = name.slice(colon + 1);
  if (colon < 0) {
    return billOfStack({ ...options, stack }, date, io).catch((cause: unknown) => {
      throw neither(name, cause);
    });
  }
  const folder = resolve(io.cwd, stackDir ?? ".");
  return billOfStack({ ...options, stack }, date, io, atRevision(name.slice(0, colon), folder));
}

/** What is no stack could have been meant as a file. */
function neither(name: string, cause: unknown): unknown {
  const [first] = cause instanceof CommandError ? cause.errors : [];
  if (first?.code !== "stack-not-found") return cause;
  const fix = first.fix?.startsWith("did you mean") ? first.fix : "freehold cost diff OLD.json NEW.json";
  return new CommandError(EXIT.usage, [
    { ...first, message: `there is neither a file nor a stack ${name}`, file: null, fix },
  ]);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readBill(file: string, io: Io): BillDocument {
  let document: { schema?: unknown; bill?: BillDocument | null } | null;
  try {
    document = JSON.parse(readFileSync(resolve(io.cwd, file), "utf8")) as typeof document;
  } catch (cause) {
    throw notABill(file, (cause as Error).message);
  }
  const bill = document?.schema === "freehold.preview/v1" ? document.bill : document;
  const schema = (bill as { schema?: unknown } | null | undefined)?.schema;
  if (schema !== "freehold.bill/v1")
    throw notABill(
      file,
      document?.schema === "freehold.preview/v1"
        ? "this preview has no bill"
        : `schema is ${JSON.stringify(schema) ?? "missing"}, not freehold.bill/v1`,
    );
  if (!isBill(bill)) throw notABill(file, "lines or totals are missing or not of their kind");
  return bill;
}

/** Whether a document has what a comparison reads. */
function isBill(document: unknown): document is BillDocument {
  const { lines, totals } = document as { lines?: unknown; totals?: { monthlyUsd?: unknown } };
  return (
    isRange(totals?.monthlyUsd) &&
    Array.isArray(lines) &&
    lines.every(
      (line: Record<string, unknown> | null) =>
        typeof line?.["resource"] === "string" &&
        typeof line["what"] === "string" &&
        (line["monthlyUsd"] === null || isRange(line["monthlyUsd"])),
    )
  );
}

function isRange(value: unknown): boolean {
  const range = value as Record<string, unknown> | null | undefined;
  return ["min", "expected", "max"].every((key) => /^-?\d+(\.\d+)?$/.test(String(range?.[key])));
}

function notABill(file: string, why: string) {
  return usageError("not-a-bill", `${file}: ${why}`, {
    file,
    fix: "freehold cost -s STACK -o json --out bill.json",
  });
}
