import type { Log, Notification, ReportingDescriptor, Result } from "sarif";
import { rules } from "../policies/rules/index.ts";
import type { ControlResult, FindingsDocument } from "../policies/types.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** What the results of a control have in common. */
interface Place {
  ruleId: string;
  ruleIndex: number;
  uri: string;
}

/**
 * Findings as SARIF 2.1.0: failed controls are errors or warnings, unknown ones are notes, waived ones carry a
 * suppression with its reason, and a graph that could not be read is a notification of the tool.
 */
export function sarif(document: FindingsDocument): string {
  const found = new Map<string, ReportingDescriptor>();
  const results: Result[] = [];
  const notifications: Notification[] = [];
  for (const result of document.results) {
    const uri = uriOf(result.graph);
    if ("error" in result) {
      notifications.push(notification(result.error, uri));
      continue;
    }
    for (const control of result.controls) {
      if (!found.has(control.id)) found.set(control.id, descriptor(control));
      const ruleIndex = [...found.keys()].indexOf(control.id);
      results.push(...resultsOf(control, { ruleId: control.id, ruleIndex, uri }));
    }
  }
  const log: Log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "Freehold", version: document.freeholdVersion, rules: [...found.values()] },
        },
        invocations: [
          { executionSuccessful: notifications.length === 0, toolExecutionNotifications: notifications },
        ],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The stack's file, or the graph's: a relative reference without what a URI may not hold. */
function uriOf(graph: string): string {
  const path = graph.replace(/^stack:(.*)$/, "stacks/Pulumi.$1.yaml").replace(/\\/g, "/");
  return path.split("/").map(encodeURIComponent).join("/");
}

function descriptor(control: ControlResult): ReportingDescriptor {
  const rule = rules.find(({ id }) => id === control.id);
  return {
    id: control.id,
    shortDescription: { text: rule?.title ?? control.id },
    fullDescription: { text: rule?.description ?? control.id },
    defaultConfiguration: { level: control.level === "mandatory" ? "error" : "warning" },
  };
}

function resultsOf(control: ControlResult, place: Place): Result[] {
  return [
    ...control.violations.map((entry) => ({
      ...at(place, entry.resource, entry.path),
      level: control.level === "mandatory" ? ("error" as const) : ("warning" as const),
      message: { text: `${entry.message} (fix: ${entry.fix})` },
      properties: { path: entry.path, references: entry.references },
    })),
    ...control.unknowns.map((entry) => ({
      ...at(place, entry.resource, entry.path),
      level: "note" as const,
      message: { text: `unknown: ${entry.why}` },
      properties: { path: entry.path },
    })),
    ...control.waived.map((entry) => ({
      ...at(place, entry.resource, ""),
      level: "note" as const,
      message: { text: `waived until ${entry.expires} (${entry.owner}, ${entry.ticket})` },
      suppressions: [{ kind: "external" as const, status: "accepted" as const, justification: entry.reason }],
    })),
  ];
}

/** Where a result stands: in the file as a whole, and at a resource of it. */
function at({ ruleId, ruleIndex, uri }: Place, resource: string, path: string) {
  return {
    ruleId,
    ruleIndex,
    locations: [
      {
        physicalLocation: { artifactLocation: { uri } },
        logicalLocations: [{ fullyQualifiedName: resource, kind: "resource" }],
      },
    ],
    partialFingerprints: { "freehold/v1": `${ruleId}:${resource}:${path}` },
  };
}

function notification(
  error: { code: string; message: string; line: number | null; col: number | null },
  uri: string,
): Notification {
  const region =
    error.line === null ? {} : { region: { startLine: error.line, startColumn: error.col ?? 1 } };
  return {
    level: "error",
    message: { text: error.message },
    descriptor: { id: error.code },
    locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }],
  };
}
