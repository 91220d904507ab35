import { catalogAsOf } from "../../catalog/index.ts";
import { json, previewDocument, previewMarkdown, previewText } from "../../report/index.ts";
import { dateOf } from "../date.ts";
import { EXIT, type Io } from "../io.ts";
import { emit, format } from "../output.ts";
import { loadAndPreview, overBudget, previewStack, type StackFlags } from "../pipeline.ts";

export interface PreviewFlags extends StackFlags {
  output?: string;
  out?: string;
}

/** The main job: fit, cost, policy and resources of one stack. */
export async function preview(flags: PreviewFlags, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json", "markdown", "html"]);
  const date = dateOf(flags, io);
  const loaded = await loadAndPreview(flags, io);
  for (const warning of loaded.warnings) io.err(`warning: ${warning}\n`);
  const { plan } = loaded;
  let parts = { bill: null, findings: null, policyFailed: false, graph: null } as Pick<
    Parameters<typeof previewDocument>[0],
    "bill" | "findings" | "policyFailed" | "graph"
  >;
  if (plan.verdict === "ok") {
    // The rooms load while the program runs.
    const { billOf } = await import("../../cost/index.ts");
    const { judge } = await import("./judge.ts");
    const { graph } = await previewStack(loaded, flags.stack, io);
    const { notes, ...judged } = judge(graph, plan, date);
    for (const note of notes) io.err(`warning: ${note}\n`);
    parts = { graph, bill: billOf(graph, { plan, date, catalogAsOf: catalogAsOf() }), ...judged };
  }
  const document = previewDocument({ stack: flags.stack, date, plan, ...parts });
  const text = {
    text: () => previewText(document, io.color && !flags.out),
    json: () => json(document),
    markdown: () => previewMarkdown(document),
    // Loaded when asked for: no other command renders pages.
    html: async () => (await import("../../report/html/preview.ts")).previewHtml(document),
  }[kind]!;
  emit(io, await text(), flags.out);
  if (plan.verdict === "does-not-fit") return EXIT.doesNotFit;
  if (parts.policyFailed) return EXIT.policy;
  return parts.bill && overBudget(parts.bill) ? EXIT.overBudget : EXIT.ok;
}
