import { type ComponentChild, h, type JSX } from "preact";
import type { BillDocument } from "../../cost/index.ts";
import type { ModelPlan } from "../../plan/index.ts";
import type { ControlResult, FindingsDocument } from "../../policies/types.ts";
import {
  budgetSentence,
  coverage,
  lineGroups,
  modelFacts,
  passedOver,
  policyVerdict,
  quantityOf,
  shortName,
  unknownLines,
} from "../digest.ts";
import type { PlanDocument } from "../plan.ts";
import { usd } from "../text/style.ts";
import { definitions, folded, note, section, table } from "./elements.ts";

/** What was refused, or each model with where it runs and why, and the nodes. */
export function planSections(plan: PlanDocument): JSX.Element[] {
  if (plan.verdict === "does-not-fit") {
    const rows = plan.refusals.map((refusal) => [
      refusal.model ?? plan.stack,
      refusal.message,
      refusal.nearest ?? "none is known",
    ]);
    const columns = [{ name: "model" }, { name: "why" }, { name: "nearest that fits" }];
    return [section("Does not fit", [table("What cannot be built as written", columns, rows)])];
  }
  return [
    section("Models", plan.models.flatMap(modelParts)),
    section("Nodes", [
      table(
        "Node pools at their peak",
        [
          { name: "pool" },
          { name: "nodes", right: true },
          { name: "type" },
          { name: "capacity" },
          { name: "started by" },
        ],
        plan.nodePools.map((pool) => [
          pool.name,
          String(pool.peakNodes),
          pool.instance ?? "own node",
          pool.capacity,
          pool.provisioner,
        ]),
      ),
      ...plan.warnings.map((warning) => note("warn", `warning: ${warning}`)),
    ]),
  ];
}

function modelParts(model: ModelPlan): ComponentChild[] {
  const { cheaper, others } = passedOver(model);
  const rest = others > 0 ? [note("warn", `and ${others} others; freehold plan -o json has each`)] : [];
  return [
    h("h3", null, [
      `${model.name}: `,
      h("span", { class: model.verdict === "fits" ? "good" : "warn" }, model.verdict),
    ]),
    definitions([...modelFacts(model), ["why", model.decisions["instance"]!.why]]),
    ...(cheaper.length > 0
      ? [
          folded(`${cheaper.length} machines passed over`, [
            table(
              "Machines that were looked at first",
              [{ name: "machine" }, { name: "because" }],
              cheaper.map(({ value, because }) => [value, because]),
            ),
            ...rest,
          ]),
        ]
      : []),
  ];
}

/** Totals, the budget, every kind of line, and what has no price. */
export function billSection(bill: BillDocument): JSX.Element {
  return section("Cost of a month", [
    ...billTotals(bill),
    table(
      "Lines, dearest first",
      [
        { name: "what" },
        { name: "quantity", right: true },
        { name: "resource" },
        { name: "a month", right: true },
      ],
      lineGroups(bill.lines).map((group) => [group.what, quantityOf(group), group.resources, usd(group.usd)]),
    ),
    ...unknownLines(bill.lines).map(({ text, count }) =>
      note("warn", `unknown, not counted (${count} ×): ${text}`),
    ),
    ...billNotes(bill),
  ]);
}

/** The sums in the three cases, and how they stand to the budget. */
export function billTotals(bill: BillDocument): ComponentChild[] {
  const { totals, budget } = bill;
  const cases = [
    { name: "" },
    { name: "min", right: true },
    { name: "expected", right: true },
    { name: "max", right: true },
  ];
  const row = (name: string, range: { min: string; expected: string; max: string } | null) =>
    range
      ? [name, usd(range.min), usd(range.expected), usd(range.max)]
      : [name, "unknown", "unknown", "unknown"];
  const tone = ({ over: "bad", under: "good", none: "warn" } as const)[budget.status];
  return [
    table("730 hours, list prices before tax", cases, [
      row("fixed", totals.fixedUsd),
      row("usage", totals.usageUsd),
      row("total", totals.monthlyUsd),
      row("per million tokens", totals.perMillionTokensUsd),
    ]),
    totals.perMillionTokensReason && note("warn", `per million tokens: ${totals.perMillionTokensReason}`),
    note(tone, budgetSentence(bill)),
  ];
}

/** How much has a price, and what to beware of. */
export function billNotes(bill: BillDocument): JSX.Element[] {
  return [
    h("p", { class: "soft" }, coverage(bill)),
    ...bill.warnings.map((warning) => note("warn", `warning: ${warning}`)),
  ];
}

/** Counts, then each failed, unknown and waived control with place, value and fix. */
export function findingsSection(findings: FindingsDocument): JSX.Element {
  const answer = policyVerdict(findings);
  const tone = ({ ok: "good", failed: "bad", unknown: "warn", nothing: "warn" } as const)[answer.state];
  const { pass, fail, unknown, waived, notApplicable } = findings.summary;
  const profiles = findings.profiles.length > 0 ? ` (${findings.profiles.join(", ")})` : "";
  const controls = findings.results.flatMap((result) => ("controls" in result ? result.controls : []));
  const rows = controls.flatMap(controlRows);
  const columns = [{ name: "control" }, { name: "resource" }, { name: "finding" }, { name: "fix" }];
  return section(`Policy${profiles}`, [
    note(tone, answer.text),
    answer.state !== "nothing" &&
      h(
        "p",
        null,
        `${pass} pass, ${fail} fail, ${unknown} unknown, ${waived} waived, ${notApplicable} not applicable`,
      ),
    ...findings.results.flatMap((result) =>
      "error" in result ? [note("bad", `${result.graph}: ${result.error.message}`)] : [],
    ),
    rows.length > 0 && table("What did not pass", columns, rows),
  ]);
}

function controlRows(control: ControlResult): ComponentChild[][] {
  const head = (tone: string, word: string) =>
    h("span", { class: tone }, `${word} ${control.id} (${control.level})`);
  return [
    ...control.violations.map((entry) => [
      head(control.level === "mandatory" ? "bad" : "warn", "FAIL"),
      `${shortName(entry.resource)} ${entry.path}`,
      [entry.message, h("div", { class: "soft" }, entry.references.join(", "))],
      entry.fix,
    ]),
    ...control.unknowns.map((entry) => [
      head("warn", "UNKNOWN"),
      `${shortName(entry.resource)} ${entry.path}`,
      entry.why,
      "",
    ]),
    ...(control.verdict === "waived" ? control.waived : []).map((entry) => [
      head("warn", "WAIVED"),
      entry.resource,
      `${entry.reason} (${entry.owner}, ${entry.ticket})`,
      `until ${entry.expires}`,
    ]),
  ];
}
