/** The controls as a compliance officer reads them: condition, fix, and what each framework says. */
import { fixes } from "./fixes.ts";
import { frameworks } from "./frameworks/index.ts";
import { rules } from "./rules/index.ts";
import type { FrameworkControl } from "./types.ts";

export interface ControlText {
  id: string;
  title: string;
  /** The pass condition. */
  condition: string;
  /** The change that meets it. */
  fix: string;
  mappings: (FrameworkControl & { framework: string; title: string; source: string })[];
}

/** Every control in catalogue order. */
export function controls(): ControlText[] {
  return rules.map(({ id, title, description }) => ({
    id,
    title,
    condition: description,
    fix: fixes[id]!,
    mappings: Object.values(frameworks).flatMap((framework) => {
      const row = framework.controls[id];
      return row
        ? [{ framework: framework.name, title: framework.title, ...row, source: framework.source }]
        : [];
    }),
  }));
}

/** Advisory controls that our own components fail, each with the reason. */
const NOT_TAKEN: readonly [id: string, why: string][] = [
  ["K8S-04", "the NVIDIA container hook writes links to its libraries into the root file system at start"],
  ["K8S-15", "a CPU limit throttles the engine while the rest of its node is idle"],
  [
    "LLM-12",
    "the components hold no certificates and run no mesh; traffic to the engine stays inside the cluster",
  ],
];

/** docs/controls.md. */
export function controlsDocument(): string {
  const cell = (text: string) => text.replace(/\|/g, "\\|");
  const sections = controls().map(({ id, title, condition, fix, mappings }) => {
    const rows = mappings.map(
      (row) =>
        `| ${row.framework} | ${row.level} | ${row.onUnknown === "error" ? "fails the run" : "warns"} | ${cell(row.references.join(", "))} | ${cell(row.why)} |`,
    );
    return [
      `## ${id} ${title}`,
      "",
      `Passes when: ${condition}`,
      "",
      `Fix: ${fix}`,
      "",
      "| profile | level | not known yet | references | why |",
      "| --- | --- | --- | --- | --- |",
      ...rows,
      "",
    ].join("\n");
  });
  const sources = Object.values(frameworks).map(
    ({ name, title, source }) => `- \`${name}\` (${title}): ${source}`,
  );
  return [
    "# The controls",
    "",
    "What `freehold check` and the policy pack judge, generated from the rules and the framework tables (`npm run docs:build`). `freehold explain CONTROL` prints one of them.",
    "",
    "A mandatory control that fails stops the run; an advisory one is reported. With several profiles the stricter level counts. A value that is not known before the deployment is never a pass. The references say what a control supports, not that it alone satisfies the article; nothing here is legal advice.",
    "",
    ...sources,
    "",
    "Stacks that Freehold builds meet every mandatory control without a waiver. Advice that they do not take:",
    "",
    ...NOT_TAKEN.map(([id, why]) => `- ${id}: ${why}`),
    "",
    sections.join("\n"),
  ].join("\n");
}
