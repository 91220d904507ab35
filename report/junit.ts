import { getJunitXml } from "junit-xml";
import type { FindingsDocument } from "../policies/types.ts";

/** What XML 1.0 cannot hold, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are meant
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Findings as JUnit XML: a suite per graph, a case per control. Unknown is an error, not applicable is skipped. */
export function junit(document: FindingsDocument): string {
  const xml = getJunitXml({
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
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml.replace(FORBIDDEN, "\ufffd")}\n`;
}
