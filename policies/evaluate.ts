import { FREEHOLD_VERSION } from "../catalog/index.ts";
import type { ResourceGraph } from "../graph/index.ts";
import { isSecret, isUnknown } from "../graph/index.ts";
import { frameworks } from "./frameworks/index.ts";
import { rules } from "./rules/index.ts";
import type {
  ControlResult,
  FindingsDocument,
  FrameworkControl,
  Level,
  PolicyParams,
  Rule,
  RuleResult,
  Verdict,
  Waiver,
} from "./types.ts";
import { holds, waiverMatches } from "./waivers.ts";

/** A graph to judge, or the reason for which there is none. */
export interface EvaluateInput {
  graph:
    | ResourceGraph
    | { name: string; error: { code: string; message: string; line: number | null; col: number | null } };
}

export interface EvaluateOptions {
  profiles: string[];
  /** Just these controls, whatever the profiles. */
  controls?: string[];
  params: PolicyParams;
  waivers?: Waiver[];
  catalogAsOf: string;
}

/**
 * Judges graphs by the selected controls. Every selected control appears once per graph, in catalogue order.
 * A rule that throws is unknown, never a pass.
 */
export function evaluate(inputs: EvaluateInput[], options: EvaluateOptions): FindingsDocument {
  const selected = select(options.profiles, options.controls);
  const summary = { fail: 0, unknown: 0, waived: 0, pass: 0, notApplicable: 0 };
  const results = inputs.map(({ graph }): FindingsDocument["results"][number] => {
    if ("error" in graph) return { graph: graph.name, error: graph.error };
    const params = { ...options.params, ...graph.config } as PolicyParams;
    const controls = selected.map(({ rule, mapping }) => {
      const result = judge(rule, mapping, graph, params, options.waivers ?? []);
      summary[result.verdict === "not-applicable" ? "notApplicable" : result.verdict] += 1;
      return result;
    });
    return { graph: graph.name, controls };
  });
  return {
    schema: "freehold.findings/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: options.catalogAsOf,
    profiles: options.profiles,
    results,
    summary,
  };
}

interface Mapping {
  level: Level;
  references: string[];
}

/** The controls of the profiles, at the stricter level where two name the same; or just those asked for. */
function select(profiles: string[], controls: string[] | undefined): { rule: Rule; mapping: Mapping }[] {
  const asked = profiles.length > 0 ? profiles : controls ? Object.keys(frameworks) : [];
  return rules.flatMap((rule) => {
    if (controls && !controls.includes(rule.id)) return [];
    const rows = asked.map((name) => frameworks[name]?.controls[rule.id]).filter((row) => row !== undefined);
    if (rows.length === 0 && !controls) return [];
    return [{ rule, mapping: strictest(rows) }];
  });
}

function strictest(rows: FrameworkControl[]): Mapping {
  return {
    level: rows.some((row) => row.level === "mandatory") ? "mandatory" : "advisory",
    references: [...new Set(rows.flatMap((row) => row.references))],
  };
}

function judge(
  rule: Rule,
  mapping: Mapping,
  graph: ResourceGraph,
  params: PolicyParams,
  waivers: Waiver[],
): ControlResult {
  const found = check(rule, graph, params);
  const waived: ControlResult["waived"] = [];
  const own = waivers.filter((waiver) => waiver.control === rule.id && holds(waiver, params.date));
  const violations = found.violations.filter((violation) => {
    const waiver = own.find((entry) => waiverMatches(entry, violation.resource));
    if (!waiver) return true;
    const { control: _, alternativeMeasure, ...rest } = waiver;
    waived.push({
      ...rest,
      resource: violation.resource.urn,
      alternativeMeasure: alternativeMeasure ?? null,
    });
    return false;
  });
  const verdict: Verdict =
    violations.length > 0
      ? "fail"
      : found.unknowns.length > 0
        ? "unknown"
        : waived.length > 0
          ? "waived"
          : found.applicable
            ? "pass"
            : "not-applicable";
  const order = <T extends { resource: string; path: string }>(list: T[]) =>
    list.sort((a, b) =>
      a.resource === b.resource ? compare(a.path, b.path) : compare(a.resource, b.resource),
    );
  return {
    id: rule.id,
    level: mapping.level,
    verdict,
    violations: order(
      violations.map(({ resource, path, message, value, fix }) => ({
        resource: resource.urn,
        type: resource.type,
        message,
        path,
        value: shown(value),
        fix,
        references: mapping.references,
      })),
    ),
    unknowns: order(
      found.unknowns.map(({ resource, path, why }) => ({
        resource: resource.urn,
        type: resource.type,
        path,
        why,
      })),
    ),
    waived,
  };
}

function check(rule: Rule, graph: ResourceGraph, params: PolicyParams): RuleResult {
  try {
    return rule.check(graph, params);
  } catch (cause) {
    const resource = graph.resources[0];
    const why = `the rule failed: ${(cause as Error).message}`;
    return { applicable: true, violations: [], unknowns: resource ? [{ resource, path: "", why }] : [] };
  }
}

function shown(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (isSecret(value)) return "[secret]";
  if (isUnknown(value)) return "[unknown]";
  return value;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Whether the run must fail: a mandatory control failed, or is unknown where a profile counts unknown as an
 * error (residency).
 */
export function hasMandatoryFailure(document: FindingsDocument): boolean {
  const profiles = document.profiles.length > 0 ? document.profiles : Object.keys(frameworks);
  return document.results.some(
    (result) =>
      "controls" in result &&
      result.controls.some((control) => {
        if (control.level !== "mandatory") return false;
        if (control.verdict === "fail") return true;
        return (
          control.verdict === "unknown" &&
          profiles.some((profile) => frameworks[profile]?.controls[control.id]?.onUnknown === "error")
        );
      }),
  );
}
