import type { ModelPlan, StackPlan } from "../../plan/index.ts";
import { modelFacts, passedOver } from "../digest.ts";
import type { PlanDocument } from "../plan.ts";
import { clip, columns, facts, type Style, wrap } from "./style.ts";

const SHOWN_REJECTIONS = 4;

/** The plan for people: what was refused, or each model with where it runs and why. */
export function planText(plan: StackPlan | PlanDocument, style: Style): string {
  const lines: string[] = [];
  if (plan.verdict === "does-not-fit") {
    lines.push(style.bad(style.bold("Does not fit")));
    for (const refusal of plan.refusals) {
      lines.push(wrap(`${refusal.model ? `${refusal.model}: ` : ""}${refusal.message}`, "  "));
      if (refusal.nearest) lines.push(wrap(`nearest: ${refusal.nearest}`, "    "));
    }
    return lines.join("\n");
  }
  for (const model of plan.models) lines.push(...modelLines(model, style));
  lines.push("", style.bold("Nodes"));
  lines.push(
    ...columns(
      plan.nodePools.map((pool) => [
        `  ${clip(pool.name, 40)}`,
        `${pool.peakNodes} × ${pool.instance ?? "own node"}`,
        pool.capacity,
        pool.provisioner,
      ]),
    ),
  );
  for (const warning of plan.warnings)
    lines.push(style.warn(wrap(`warning: ${warning}`, "  ", undefined, "    ")));
  return lines.join("\n");
}

/** What the simulation of the load says, in a line or two. */
function loadFacts(load: ModelPlan["load"]): [string, string][] {
  if (load === null) return [];
  const { utilisation, idleShare, hoursAboveCapacityShare, hoursAboveCapacityPerMonth, nodes } =
    load.simulation;
  const count = load.requestsPerMonth.toLocaleString("en-US");
  const asked = `${count} requests a month, ${nodes.toFixed(2)} nodes on average`;
  if (hoursAboveCapacityShare === null) return [["load", `${asked}; ${load.simulation.reason}`]];
  const percent = (value: number | null) => (value === null ? "unknown" : `${(value * 100).toFixed(1)}%`);
  return [
    ["load", asked],
    [
      "use",
      `utilisation ${percent(utilisation)}, idle ${percent(idleShare)} of what is paid, above capacity in ${percent(hoursAboveCapacityShare)} of hours (${hoursAboveCapacityPerMonth!.toFixed(0)} h a month)`,
    ],
  ];
}

function modelLines(model: ModelPlan, style: Style): string[] {
  const decision = model.decisions["instance"]!;
  const { cheaper, others } = passedOver(model);
  const paint = model.verdict === "fits" ? style.good : style.warn;
  const lines = [
    `${style.bold(`Model ${model.name}:`)} ${paint(style.bold(model.verdict))}`,
    ...facts([...modelFacts(model), ...loadFacts(model.load)]),
    wrap(`why ${model.instance ?? model.gpu}: ${decision.why}`, "  ", undefined, "    "),
  ];
  for (const entry of cheaper.slice(0, SHOWN_REJECTIONS)) {
    lines.push(style.dim(wrap(`passed over ${entry.value}: ${entry.because}`, "    ", undefined, "      ")));
  }
  const more = cheaper.length - SHOWN_REJECTIONS;
  const rest = [...(more > 0 ? [`${more} more`] : []), ...(others > 0 ? [`${others} others`] : [])];
  if (rest.length > 0)
    lines.push(style.dim(wrap(`passed over ${rest.join(" and ")} (freehold plan -o json)`, "    ")));
  return lines;
}
