import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from "node-sarif-builder";
import type { FindingsDocument } from "../policies/types.ts";

/** Findings as SARIF 2.1.0: failed controls are results; waived ones carry a suppression with its reason. */
export function sarif(document: FindingsDocument): string {
  const run = new SarifRunBuilder().initSimple({
    toolDriverName: "freehold",
    toolDriverVersion: document.freeholdVersion,
    url: "https://github.com/freehold/freehold",
  });
  const ids = new Set<string>();
  for (const result of document.results) {
    if (!("controls" in result)) continue;
    for (const control of result.controls) {
      const entries = [
        ...control.violations.map((entry) => ({
          ...entry,
          level: control.level === "mandatory" ? ("error" as const) : ("warning" as const),
        })),
        ...control.unknowns.map((entry) => ({
          ...entry,
          message: `unknown: ${entry.why}`,
          fix: "",
          level: "note" as const,
        })),
      ];
      if (entries.length > 0 && !ids.has(control.id)) {
        ids.add(control.id);
        run.addRule(
          new SarifRuleBuilder().initSimple({ ruleId: control.id, shortDescriptionText: control.id }),
        );
      }
      for (const entry of entries) {
        const built = new SarifResultBuilder().initSimple({
          level: entry.level,
          messageText: entry.fix ? `${entry.message} (fix: ${entry.fix})` : entry.message,
          ruleId: control.id,
          fileUri: result.graph.replace(/^stack:(.*)$/, "stacks/Pulumi.$1.yaml"),
        });
        built.setLocationArtifactUri?.({
          uri: result.graph.replace(/^stack:(.*)$/, "stacks/Pulumi.$1.yaml"),
        });
        built.result.partialFingerprints = { "freehold/v1": `${control.id}:${entry.resource}:${entry.path}` };
        built.result.properties = { resource: entry.resource, path: entry.path } as never;
        run.addResult(built);
      }
    }
  }
  const builder = new SarifBuilder();
  builder.addRun(run);
  return `${builder.buildSarifJsonString({ indent: true })}\n`;
}
