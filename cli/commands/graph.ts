import { json, planText, styleOf } from "../../report/index.ts";
import { EXIT, type Io } from "../io.ts";
import { emit } from "../output.ts";
import { loadAndPlan, previewStack, type StackFlags } from "../pipeline.ts";

/** `freehold graph`: the resources in the shape of `pulumi stack export`. */
export async function graph(flags: StackFlags & { out?: string }, io: Io): Promise<number> {
  const loaded = await loadAndPlan(flags, io);
  if (loaded.plan.verdict !== "ok") {
    io.err(`${planText(loaded.plan, styleOf(false))}\n`);
    return EXIT.doesNotFit;
  }
  const previewed = await previewStack(loaded, flags.stack, io);
  emit(io, json(previewed.export), flags.out);
  return EXIT.ok;
}
