import { catalogAsOf, FREEHOLD_VERSION, nearest } from "../../catalog/index.ts";
import { frameworks } from "../../policies/frameworks/index.ts";
import { rules } from "../../policies/rules/index.ts";
import { json, wrap } from "../../report/index.ts";
import type { ExplainDocument } from "../../report/schema/facts.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";

/** `freehold explain CONTROL`: the pass condition, and what each framework says about it. */
export function explain(control: string, flags: { output?: string; out?: string }, io: Io): number {
  const kind = format(flags.output, ["text", "json"]);
  const rule = rules.find((entry) => entry.id.toLowerCase() === control.toLowerCase());
  if (!rule) {
    const ids = rules.map((entry) => entry.id);
    const close = nearest(control.toUpperCase(), ids, 3);
    throw usageError("unknown-control", `there is no control ${control}`, {
      value: control,
      allowed: close.length > 0 ? close : ids,
      fix: close[0] ? `did you mean ${close[0]}?` : `freehold explain ${ids[0]}`,
    });
  }
  const mappings = Object.values(frameworks).flatMap((framework) => {
    const row = framework.controls[rule.id];
    return row
      ? [{ framework: framework.name, title: framework.title, ...row, source: framework.source }]
      : [];
  });
  const document: ExplainDocument = {
    schema: "freehold.explain/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: catalogAsOf(),
    id: rule.id,
    title: rule.title,
    description: rule.description,
    mappings,
  };
  const text = [
    `${rule.id}  ${rule.title}`,
    wrap(rule.description, "  "),
    ...mappings.flatMap((row) => [
      "",
      `  ${row.title} (${row.level}; unknown is ${row.onUnknown === "error" ? "an error" : "a warning"})`,
      wrap(row.references.join(", "), "    "),
      wrap(row.why, "    "),
    ]),
  ].join("\n");
  emit(io, kind === "json" ? json(document) : text, flags.out);
  return EXIT.ok;
}
