import { json, planDocument, planText, styleOf } from "../../report/index.ts";
import { EXIT, type Io } from "../io.ts";
import { emit, format } from "../output.ts";
import { loadAndPlan, type StackFlags } from "../pipeline.ts";

/** `freehold plan`: every decision of a stack, with why and what was passed over. */
export async function plan(flags: StackFlags & { output?: string; out?: string }, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json"]);
  const loaded = await loadAndPlan(flags, io);
  emit(
    io,
    kind === "json"
      ? json(planDocument(loaded.plan))
      : planText(loaded.plan, styleOf(io.color && !flags.out)),
    flags.out,
  );
  return loaded.plan.verdict === "ok" ? EXIT.ok : EXIT.doesNotFit;
}
