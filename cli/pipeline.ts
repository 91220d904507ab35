import { relative, resolve } from "node:path";
import { type LoadOptions, loadStack, type StackSpec } from "../config/index.ts";
import type { BillDocument } from "../cost/index.ts";
import { parseGraph, type ResourceGraph } from "../graph/index.ts";
import { fromHere, planStack, type StackPlan, wrongChoices } from "../plan/index.ts";
import type { PreviewResult, StackExport, StartedPreview } from "../preview/index.ts";
import { planText, styleOf } from "../report/index.ts";
import { choiceErrors } from "./choice-errors.ts";
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
  /** Its resources, if they were asked for. */
  preview: Promise<PreviewResult> | null;
}

/** Where a stack file is read from when not from the project's folder. */
export type Elsewhere = NonNullable<LoadOptions["elsewhere"]>;

/** The embedded preview of a stack that is being read, started before its configuration is known. */
async function startAhead(flags: StackFlags, io: Io): Promise<StartedPreview> {
  const { startPreview } = await import("../preview/index.ts");
  return startPreview({ dir: resolve(io.cwd, flags.stackDir ?? ".") });
}

/** Reads and plans a stack; an invalid file ends the command with every finding. */
export async function loadAndPlan(
  flags: StackFlags,
  io: Io,
  more: { elsewhere?: Elsewhere | undefined; ahead?: StartedPreview } = {},
): Promise<Loaded> {
  const { elsewhere, ahead } = more;
  const dir = resolve(io.cwd, flags.stackDir ?? ".");
  const loaded = await loadStack({
    dir,
    stack: flags.stack,
    overrides: flags.config ?? [],
    ...(elsewhere && { elsewhere }),
  });
  if (!loaded.ok) throw new CommandError(EXIT.usage, loaded.errors);
  const { project, configMap, secretKeys, warnings } = loaded;
  const spec = fromHere(loaded.spec, relative("", dir));
  const wrong = choiceErrors(wrongChoices(spec), loaded.locate);
  if (wrong.length > 0) throw new CommandError(EXIT.usage, wrong);
  // The program runs on another core while this one plans.
  const preview = ahead?.run({ stack: flags.stack, project, configMap, secretKeys }) ?? null;
  const plan = planStack(spec, { stack: flags.stack });
  return { spec, plan, dir, project, configMap, secretKeys, warnings, preview };
}

/**
 * Reads and plans a stack while the child process of its embedded preview loads the SDK and runs the program: both
 * take half a second together on two cores, one after the other nearly twice that. A stack that cannot be read or
 * does not fit has no preview; its child process is stopped.
 */
export async function loadAndPreview(flags: StackFlags, io: Io, elsewhere?: Elsewhere): Promise<Loaded> {
  const ahead = await startAhead(flags, io);
  try {
    const loaded = await loadAndPlan(flags, io, { elsewhere, ahead });
    if (loaded.plan.verdict !== "ok") ahead.stop();
    return loaded;
  } catch (cause) {
    ahead.stop();
    throw cause;
  }
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

/** The resources of a stack that `loadAndPreview` has read. */
export async function previewStack(loaded: Loaded, stack: string, io: Io): Promise<Previewed> {
  const note = setTimeout(() => io.err(`previewing ${stack} …\n`), 1_000);
  const result = await loaded.preview!.finally(() => clearTimeout(note));
  if (!result.ok) {
    // A folder without a program is the wrong folder; a program that fails is what nobody expects.
    const code = result.error.code === "program-missing" ? EXIT.usage : EXIT.unexpected;
    throw new CommandError(code, [result.error]);
  }
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
