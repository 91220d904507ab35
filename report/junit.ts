import { getJunitXml } from "junit-xml";
import type { FindingsDocument } from "../policies/types.ts";

/** Findings as JUnit XML: a suite per graph, a case per control. Unknown is an error, not applicable is skipped. */
export function junit(document: FindingsDocument): string {
  return getJunitXml({
    name: "freehold check",
    suites: document.results.map((result) =>
      "controls" in result
        ? {
            name: result.graph,
            testCases: result.controls.map((control) => ({
              name: `${control.id} (${control.level})`,
              classname: result.graph,
              ...(control.verdict === "not-applicable" && { skipped: true }),
              failures: control.violations.map((entry) => ({
                message: `${entry.resource} ${entry.path}: ${entry.message}; fix: ${entry.fix}`,
              })),
              errors: control.unknowns.map((entry) => ({
                message: `${entry.resource} ${entry.path}: unknown: ${entry.why}`,
              })),
            })),
          }
        : {
            name: result.graph,
            testCases: [
              { name: "read", classname: result.graph, errors: [{ message: result.error.message }] },
            ],
          },
    ),
  });
}
