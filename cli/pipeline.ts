import { resolve } from "node:path";
import { type LoadOptions, loadStack, type StackSpec } from "../config/index.ts";
import type { BillDocument } from "../cost/index.ts";
import type { ResourceGraph } from "../graph/index.ts";
import { planStack, type StackPlan } from "../plan/index.ts";
import type { StackExport } from "../preview/index.ts";
import { planText, styleOf } from "../report/index.ts";
import { CommandError, EXIT, errorRecord, type Io, usageError } from "./io.ts";

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

/** Where a stack file is read from when not from the project's folder. */
export type Elsewhere = NonNullable<LoadOptions["elsewhere"]>;

/** Reads and plans a stack; an invalid file ends the command with every finding. */
export async function loadAndPlan(flags: StackFlags, io: Io, elsewhere?: Elsewhere): Promise<Loaded> {
  const dir = resolve(io.cwd, flags.stackDir ?? ".");
  const loaded = await loadStack({
    dir,
    stack: flags.stack,
    overrides: flags.config ?? [],
    ...(elsewhere && { elsewhere }),
  });
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

/**
 * The end of a command that needs resources or a bill of a stack that does not fit: the plan with its arithmetic on
 * standard error, and each refusal in the error document.
 *
 * @throws CommandError unless the plan fits
 */
export function mustFit(plan: StackPlan): void {
  if (plan.verdict === "ok") return;
  const errors = plan.refusals.map(({ code, model, message, need, have, unit, nearest }) =>
    errorRecord(code, message, {
      path: model === null ? null : `models.${model}`,
      value: need === null ? null : { need, have, unit },
      fix: nearest,
    }),
  );
  throw new CommandError(EXIT.doesNotFit, errors, `${planText(plan, styleOf(false))}\n`);
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

/**
 * Holds a command to one source, a stack or graph files, and refuses the flags that belong to the other one.
 *
 * @param others flags of this command and the source that they go with
 * @throws CommandError
 */
export function stackOrGraph(
  flags: { stack?: string; graph?: unknown },
  example: string,
  others: Record<string, "--graph"> = {},
): void {
  if ((flags.stack === undefined) === (flags.graph === undefined))
    throw usageError("which-graph", "give either -s STACK or --graph FILE", { fix: example });
  const owner = flags.stack === undefined ? "--graph" : "-s";
  const sources = { stackDir: "-s", config: "-s", ...others };
  for (const [name, source] of Object.entries(sources)) {
    if ((flags as Record<string, unknown>)[name] === undefined || source === owner) continue;
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw usageError("flag-without-effect", `${flag} has no effect beside ${owner}`, {
      path: flag,
      fix: `leave ${flag} out, or use ${source}`,
    });
  }
}

/** Whether the budget of a bill is broken. */
export function overBudget(bill: BillDocument): boolean {
  return bill.budget.status === "over";
}
