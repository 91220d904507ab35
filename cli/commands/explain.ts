import { catalogAsOf, FREEHOLD_VERSION, nearest } from "../../catalog/index.ts";
import { controls } from "../../policies/controls.ts";
import { json, wrap } from "../../report/index.ts";
import type { ExplainDocument } from "../../report/schema/facts.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";

/** `freehold explain CONTROL`: the pass condition, its fix, and what each framework says about it. */
export function explain(control: string, flags: { output?: string; out?: string }, io: Io): number {
  const kind = format(flags.output, ["text", "json"]);
  const all = controls();
  const found = all.find((entry) => entry.id.toLowerCase() === control.toLowerCase());
  if (!found) {
    const ids = all.map((entry) => entry.id);
    const close = nearest(control.toUpperCase(), ids, 3);
    throw usageError("unknown-control", `there is no control ${control}`, {
      value: control,
      allowed: close.length > 0 ? close : ids,
      fix: close[0] ? `did you mean ${close[0]}?` : `freehold explain ${ids[0]}`,
    });
  }
  const { id, title, condition, fix, mappings } = found;
  const document: ExplainDocument = {
    schema: "freehold.explain/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: catalogAsOf(),
    id,
    title,
    description: condition,
    fix,
    mappings,
  };
  const text = [
    `${id}  ${title}`,
    wrap(`passes when: ${condition}`, "  ", undefined, "    "),
    wrap(`fix: ${fix}`, "  ", undefined, "    "),
    ...mappings.flatMap((row) => [
      "",
      `  ${row.title} (${row.level}; unknown is ${row.onUnknown === "error" ? "an error" : "a warning"})`,
      wrap(row.references.join(", "), "    "),
      wrap(row.why, "    "),
      wrap(`source: ${row.source}`, "    ", undefined, "      "),
    ]),
  ].join("\n");
  emit(io, kind === "json" ? json(document) : text, flags.out);
  return EXIT.ok;
}
