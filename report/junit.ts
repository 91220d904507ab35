import xml from "xml";
import type { ControlResult, FindingsDocument } from "../policies/types.ts";

/** What XML 1.0 cannot hold, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are meant
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

interface Case {
  name: string;
  failures: string[];
  errors: string[];
  skipped: boolean;
  notes: string[];
}

/**
 * Findings as JUnit XML as build servers read it: a suite per graph, a case per control. A violation is a failure,
 * what is unknown or cannot be read is an error, what does not apply is skipped, and a waiver is a note.
 */
export function junit(document: FindingsDocument): string {
  const suites = document.results.map((result) => ({
    name: result.graph,
    cases: "controls" in result ? result.controls.map(caseOf) : [unread(result.error)],
  }));
  const all = suites.flatMap(({ cases }) => cases);
  const text = xml(
    [
      {
        testsuites: [
          { _attr: { name: "freehold check", ...counts(all) } },
          ...suites.map(({ name, cases }) => ({
            testsuite: [{ _attr: { name, ...counts(cases) } }, ...cases.map((one) => element(one, name))],
          })),
        ],
      },
    ],
    { declaration: { encoding: "UTF-8" }, indent: "  " },
  );
  return `${text.replace(FORBIDDEN, "\ufffd")}\n`;
}

function caseOf(control: ControlResult): Case {
  return {
    name: `${control.id} (${control.level})`,
    failures: control.violations.map(
      (entry) => `${entry.resource} ${entry.path}: ${entry.message}; fix: ${entry.fix}`,
    ),
    errors: control.unknowns.map((entry) => `${entry.resource} ${entry.path}: unknown: ${entry.why}`),
    skipped: control.verdict === "not-applicable",
    notes: control.waived.map(
      (entry) =>
        `${entry.resource}: waived until ${entry.expires}: ${entry.reason} (${entry.owner}, ${entry.ticket})`,
    ),
  };
}

function unread(error: { message: string }): Case {
  return { name: "read", failures: [], errors: [error.message], skipped: false, notes: [] };
}

/** Cases, not messages: that is what the format counts. */
function counts(cases: readonly Case[]) {
  const some = (test: (one: Case) => boolean) => cases.filter(test).length;
  return {
    tests: cases.length,
    failures: some(({ failures }) => failures.length > 0),
    errors: some(({ failures, errors }) => failures.length === 0 && errors.length > 0),
    skipped: some(({ skipped }) => skipped),
  };
}

function element({ name, failures, errors, skipped, notes }: Case, suite: string) {
  const told = (tag: string, type: string) => (message: string) => ({
    [tag]: [{ _attr: { message, type } }, message],
  });
  return {
    testcase: [
      { _attr: { name, classname: suite } },
      ...(skipped ? [{ skipped: [] }] : []),
      ...failures.map(told("failure", "violation")),
      ...errors.map(told("error", "unknown")),
      ...(notes.length > 0 ? [{ "system-out": notes.join("\n") }] : []),
    ],
  };
}
