import { json } from "../../report/index.ts";
import { EXIT, type Io } from "../io.ts";
import { emit, format } from "../output.ts";
import { loadAndPreview, mustFit, previewStack, type StackFlags } from "../pipeline.ts";

/** `freehold graph`: the resources in the shape of `pulumi stack export`. */
export async function graph(flags: StackFlags & { output?: string; out?: string }, io: Io): Promise<number> {
  format(flags.output ?? "json", ["json"]);
  const loaded = await loadAndPreview(flags, io);
  mustFit(loaded.plan);
  const previewed = await previewStack(loaded, flags.stack, io);
  emit(io, json(previewed.export), flags.out);
  return EXIT.ok;
}
