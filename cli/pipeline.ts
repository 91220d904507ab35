import { resolve } from "node:path";
import { loadStack, type StackSpec } from "../config/index.ts";
import type { BillDocument } from "../cost/index.ts";
import type { ResourceGraph } from "../graph/index.ts";
import { planStack, type StackPlan } from "../plan/index.ts";
import type { StackExport } from "../preview/index.ts";
import { CommandError, EXIT, type Io } from "./io.ts";

export interface StackFlags {
  stack: string;
  stackDir?: string;
  config?: string[];
  date?: string;
}

export interface Loaded {
  spec: StackSpec;
  plan: StackPlan;
  dir: string;
  project: string;
  configMap: Record<string, string>;
  secretKeys: string[];
  warnings: string[];
}

/** Reads and plans a stack; an invalid file ends the command with every finding. */
export async function loadAndPlan(flags: StackFlags, io: Io): Promise<Loaded> {
  const dir = resolve(io.cwd, flags.stackDir ?? ".");
  const loaded = await loadStack({ dir, stack: flags.stack, overrides: flags.config ?? [] });
  if (!loaded.ok) throw new CommandError(EXIT.usage, loaded.errors);
  return {
    spec: loaded.spec,
    plan: planStack(loaded.spec, { stack: flags.stack }),
    dir,
    project: loaded.project,
    configMap: loaded.configMap,
    secretKeys: loaded.secretKeys,
    warnings: loaded.warnings,
  };
}

export interface Previewed {
  export: StackExport;
  graph: ResourceGraph;
}

/** Runs the embedded preview of a planned stack. The SDK is loaded in the child process only. */
export async function previewStack(loaded: Loaded, stack: string, io: Io): Promise<Previewed> {
  const { runPreview } = await import("../preview/index.ts");
  const { parseGraph } = await import("../graph/index.ts");
  const note = setTimeout(() => io.err(`previewing ${stack} …\n`), 1_000);
  const result = await runPreview({
    dir: loaded.dir,
    stack,
    project: loaded.project,
    configMap: loaded.configMap,
    secretKeys: loaded.secretKeys,
  }).finally(() => clearTimeout(note));
  if (!result.ok) throw new CommandError(EXIT.unexpected, [result.error]);
  return { export: result.export, graph: parseGraph(JSON.stringify(result.export), `stack:${stack}`) };
}

/** Whether the budget of a bill is broken. */
export function overBudget(bill: BillDocument): boolean {
  return bill.budget.status === "over";
}

/** The date of `--date`, or today. */
export function dateOf(flags: { date?: string }, io: Io): string {
  if (flags.date === undefined) return io.today;
  if (/^\d{4}-\d{2}-\d{2}$/.test(flags.date) && !Number.isNaN(Date.parse(flags.date))) return flags.date;
  throw new CommandError(EXIT.usage, [
    {
      code: "invalid-date",
      message: `--date ${flags.date} is not a date`,
      file: null,
      line: null,
      col: null,
      path: "--date",
      value: flags.date,
      allowed: ["YYYY-MM-DD"],
      fix: `--date ${io.today}`,
    },
  ]);
}
