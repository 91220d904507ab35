/**
 * The CrossGuard pack: `pulumi preview --policy-pack policies`. A thin shell: the rules are the same as in
 * `freehold check`, one policy per control, at the level of the stack's own profiles (`freehold:profiles`).
 */
import { PolicyPack, type ReportViolation } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { frameworks } from "./frameworks/index.ts";
import { Collector, settingsFrom } from "./pack.ts";
import { rules } from "./rules/index.ts";
import type { FrameworkControl } from "./types.ts";

const config = new pulumi.Config("freehold");
const settings = settingsFrom(
  (key) => {
    const text = config.get(key);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  },
  new Date().toISOString().slice(0, 10),
);
const collector = new Collector(settings);

const rowsOf = (id: string): FrameworkControl[] =>
  settings.profiles.map((name) => frameworks[name]?.controls[id]).filter((row) => row !== undefined);
const selected = rules.filter((rule) => rowsOf(rule.id).length > 0);
const ids = selected.map((rule) => rule.id);

/** A finding below the policy's own level: the SDK takes an object although its declaration says text. */
function note(report: ReportViolation, message: string, urn: string): void {
  (report as unknown as (violation: object) => void)({ message, urn, enforcementLevel: "advisory" });
}

new PolicyPack("freehold", {
  policies: [
    {
      name: "freehold-inputs",
      description: "Collects the inputs of every resource for the controls of the stack.",
      enforcementLevel: "advisory",
      validateResource: (args) =>
        collector.add({
          type: args.type,
          name: args.name,
          urn: args.urn,
          props: args.props,
          parent: args.opts.parent,
          provider: args.provider,
        }),
    },
    ...selected.map((rule) => {
      const rows = rowsOf(rule.id);
      const mandatory = rows.some((row) => row.level === "mandatory");
      const strict = rows.some((row) => row.onUnknown === "error");
      return {
        name: rule.id,
        description: `${rule.title} (${[...new Set(rows.flatMap((row) => row.references))].join(", ")})`,
        enforcementLevel: mandatory ? ("mandatory" as const) : ("advisory" as const),
        validateStack: (args: { resources: never[] }, report: ReportViolation) => {
          const result = collector.result(rule.id, args.resources, ids);
          for (const violation of result?.violations ?? []) {
            report(`${violation.path}: ${violation.message}. Fix: ${violation.fix}`, violation.resource);
          }
          for (const unknown of result?.unknowns ?? []) {
            const message = `unknown: ${unknown.path} ${unknown.why}`;
            if (strict) report(message, unknown.resource);
            else note(report, message, unknown.resource);
          }
        },
      };
    }),
  ],
});
