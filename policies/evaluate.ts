import { FREEHOLD_VERSION } from "../catalog/index.ts";
import type { Resource, ResourceGraph } from "../graph/index.ts";
import { isSecret, isUnknown } from "../graph/index.ts";
import { frameworks } from "./frameworks/index.ts";
import { readParams } from "./params.ts";
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
  /** Of the run; they go before those that a file carries, but for its date. */
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
    let params: PolicyParams;
    try {
      params = paramsFor(graph, options.params);
    } catch (cause) {
      const message = `config: ${(cause as Error).message}`;
      return { graph: graph.name, error: { code: "bad-config", message, line: null, col: null } };
    }
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

function paramsFor(graph: ResourceGraph, run: PolicyParams): PolicyParams {
  const own = readParams(graph.config);
  return { ...own, ...run, date: own.date ?? run.date };
}

interface Mapping {
  level: Level;
  references: string[];
}

/** The controls of the profiles, at the stricter level where two name the same; or just those asked for. */
function select(profiles: string[], controls: string[] | undefined): { rule: Rule; mapping: Mapping }[] {
  return rules.flatMap((rule) => {
    if (controls && !controls.includes(rule.id)) return [];
    const rows = rowsOf(rule.id, profiles);
    if (rows.length === 0 && !controls) return [];
    // A control that is asked for by name is judged whatever the profiles: every framework's row counts.
    return [{ rule, mapping: strictest(rows.length > 0 ? rows : rowsOf(rule.id, Object.keys(frameworks))) }];
  });
}

function rowsOf(control: string, profiles: string[]): FrameworkControl[] {
  return profiles.flatMap((name) => {
    const row = Object.hasOwn(frameworks, name) ? frameworks[name]!.controls[control] : undefined;
    return row ? [row] : [];
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
      resource: label(violation.resource),
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
        resource: label(resource),
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
        resource: label(resource),
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
    const resource = graph.resources[0] ?? wholeGraph(graph);
    const why = `the rule failed: ${(cause as Error).message}`;
    return { applicable: true, violations: [], unknowns: [{ resource, path: "", why }] };
  }
}

/** Stands for a graph without resources, so that a rule that fails on it is unknown and not a pass. */
function wholeGraph({ name }: ResourceGraph): Resource {
  return {
    urn: name,
    type: "",
    name,
    custom: false,
    props: {},
    outputs: null,
    parent: null,
    provider: null,
    refs: {},
    dependencies: [],
    protect: false,
  };
}

/** What a report calls a resource: its URN, or its name where the file has no URNs. */
function label({ urn, type, name }: Resource): string {
  return urn === `${type}::${name}` ? name : urn;
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
  const strict = ({ id }: ControlResult) => {
    const rows = rowsOf(id, document.profiles);
    return (rows.length > 0 ? rows : rowsOf(id, Object.keys(frameworks))).some(
      (row) => row.onUnknown === "error",
    );
  };
  return document.results.some(
    (result) =>
      "controls" in result &&
      result.controls.some(
        (control) =>
          control.level === "mandatory" &&
          (control.verdict === "fail" || (control.verdict === "unknown" && strict(control))),
      ),
  );
}
