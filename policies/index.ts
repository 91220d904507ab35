/**
 * The CrossGuard pack: `pulumi preview --policy-pack policies`. A thin shell: the rules are the same as in
 * `freehold check`, one policy per control, at the level of the stack's own profiles. Those travel with the
 * platform component, because the engine hands stack configuration to some kinds of pack only.
 */
import { PolicyPack, type ReportViolation, type StackValidationArgs } from "@pulumi/policy";
import { frameworks } from "./frameworks/index.ts";
import { Collector, type PackSettings } from "./pack.ts";
import { rules } from "./rules/index.ts";
import type { Rule } from "./types.ts";

const collector = new Collector(new Date().toISOString().slice(0, 10));
/** Where `--policy-pack-config` puts profiles and parameters for programs without a platform component. */
const SETTINGS = "freehold-profiles";
let own: Record<string, unknown> = {};

/** A finding below the policy's own level: the SDK takes an object although its declaration says text. */
function note(report: ReportViolation, message: string, urn: string): void {
  (report as unknown as (violation: object) => void)({ message, urn, enforcementLevel: "advisory" });
}

function validate(rule: Rule, args: StackValidationArgs, report: ReportViolation): void {
  const { settings, controls } = collector.judge(args.resources, own);
  const result = controls.get(rule.id);
  if (!result) {
    args.notApplicable(`not a control of ${settings.profiles.join(", ") || "any profile"}`);
    return;
  }
  const mandatory = result.level === "mandatory";
  for (const { path, message, fix, resource } of result.violations) {
    const text = `${path ? `${path}: ` : ""}${message}. Fix: ${fix}`;
    if (mandatory) report(text, resource);
    else note(report, text, resource);
  }
  const strict = mandatory && countsUnknown(settings, rule.id);
  for (const { path, why, resource } of result.unknowns) {
    const text = `unknown: ${path ? `${path}: ` : ""}${why}`;
    if (strict) report(text, resource);
    else note(report, text, resource);
  }
}

function countsUnknown(settings: PackSettings, id: string): boolean {
  return settings.profiles.some((name) => frameworks[name]?.controls[id]?.onUnknown === "error");
}

const articles = (id: string) => [
  ...new Set(Object.values(frameworks).flatMap((framework) => framework.controls[id]?.references ?? [])),
];

new PolicyPack("freehold", {
  policies: [
    {
      name: SETTINGS,
      description: "Collects the inputs of every resource, and the profiles by which they are judged.",
      enforcementLevel: "mandatory",
      configSchema: {
        properties: {
          profiles: { type: "array", items: { type: "string", enum: Object.keys(frameworks) } },
          allowedRegions: { type: "array", items: { type: "string" } },
          allowedRegistries: { type: "array", items: { type: "string" } },
          allowedEgressHosts: { type: "array", items: { type: "string" } },
          allowedLlmHosts: { type: "array", items: { type: "string" } },
          allowGlobalServices: { type: "array", items: { type: "string" } },
          minLogDays: { type: "number" },
          auditLogDays: { type: "number" },
        },
      },
      validateResource: (args) => {
        own = args.getConfig<Record<string, unknown>>();
        collector.add({
          type: args.type,
          name: args.name,
          urn: args.urn,
          props: args.props,
          parent: args.opts.parent,
          provider: args.provider,
        });
      },
      validateStack: (args, report) => {
        if (collector.judge(args.resources, own).settings.profiles.length > 0) return;
        const message = `no profile: nothing is judged. Set freehold:profiles in the stack, or profiles of ${SETTINGS} in --policy-pack-config`;
        note(report, message, args.resources[0]?.urn ?? "");
      },
    },
    ...rules.map((rule) => ({
      name: rule.id,
      description: `${rule.title} (${articles(rule.id).join(", ")})`,
      enforcementLevel: "mandatory" as const,
      validateStack: (args: StackValidationArgs, report: ReportViolation) => validate(rule, args, report),
    })),
  ],
});
