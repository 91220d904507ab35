import type { BillDocument, BillLine } from "../cost/index.ts";
import type { ModelPlan } from "../plan/index.ts";
import type { FindingsDocument } from "../policies/types.ts";
import type { PreviewDocument } from "./preview.ts";

/** What the reports for people say alike, whatever they are written in. */

/** The answer in one line: the verdict, and what it rests on. */
export function answerOf(document: PreviewDocument): string {
  switch (document.verdict) {
    case "does-not-fit":
      return "NO: does not fit";
    case "policy":
      return "NO: a mandatory control failed";
    case "over-budget":
      return "NO: over budget";
    case "ok": {
      const { bill, findings } = document;
      const policy = {
        ok: "allowed",
        unknown: "policy not wholly known",
        nothing: "no policy profile",
        failed: "policy not judged",
      }[findings ? policyVerdict(findings).state : "nothing"];
      const budget = bill?.budget.status === "under" ? "within budget" : "no budget";
      return `OK: fits, ${policy}, ${budget}`;
    }
  }
}

/** The name of a resource without the rest of its URN. */
export function shortName(resource: string): string {
  return resource.split("::").at(-1)!;
}

/** Bill lines of the same kind, as one. */
export interface LineGroup {
  what: string;
  /** One resource by the end of its name, several by their number. */
  resources: string;
  /** Expected case. */
  quantity: number;
  unit: string;
  /** US dollars of a month, expected case. */
  usd: number;
}

/** Like lines under one heading, dearest first; the bill in JSON has each by itself. */
export function lineGroups(lines: readonly BillLine[]): LineGroup[] {
  const groups = new Map<string, LineGroup & { names: Set<string> }>();
  for (const line of lines) {
    if (line.monthlyUsd === null || line.kind === "free") continue;
    const key = `${line.type} ${line.what} ${line.unit} ${line.unitPriceUsd}`;
    const group = groups.get(key) ?? {
      what: line.what,
      resources: "",
      names: new Set<string>(),
      quantity: 0,
      unit: line.unit,
      usd: 0,
    };
    group.names.add(shortName(line.resource));
    group.quantity += line.quantity?.expected ?? 0;
    group.usd += Number(line.monthlyUsd.expected);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ names, ...group }) => ({ ...group, resources: named(names) }))
    .sort((a, b) => b.usd - a.usd || (a.what < b.what ? -1 : 1));
}

function named(names: ReadonlySet<string>): string {
  const [only] = names;
  return names.size > 1
    ? `${names.size} resources`
    : only!.replace(/^platform-(infrastructure-)?|^plan:(node-pool:)?/, "");
}

/** A quantity with its unit; a unit that is itself a number of things is multiplied. */
export function quantityOf({ quantity, unit }: LineGroup): string {
  const number = quantity.toLocaleString("en-US", { maximumFractionDigits: 2 });
  return /^\d/.test(unit) ? `${number} × ${unit}` : `${number} ${unit}`;
}

/** What has no price, each reason once with the number of lines that it stops. */
export function unknownLines(lines: readonly BillLine[]): { text: string; count: number }[] {
  const groups = new Map<string, number>();
  for (const line of lines) {
    if (line.kind !== "unknown") continue;
    // A resource without a price of its own kind has only its type as a name.
    const what = line.what === "resource" ? line.type : line.what;
    const text = `${what}: ${line.reason ?? "no reason given"}`;
    groups.set(text, (groups.get(text) ?? 0) + 1);
  }
  return [...groups].map(([text, count]) => ({ text, count }));
}

/** How much of a graph has a price, and how old the prices are. */
export function coverage(bill: BillDocument): string {
  const { resources } = bill.totals;
  // The bill also counts what only the plan knows, such as nodes that Karpenter starts.
  const planned = new Set(
    bill.lines.map(({ resource }) => resource).filter((name) => name.startsWith("plan:")),
  ).size;
  const beside = planned > 0 ? ` (${planned} of them of the plan, not of the graph)` : "";
  const { oldest, newest, reason } = bill.pricesAsOf;
  const dates = oldest === null ? `No price dates: ${reason}.` : `Prices from ${oldest} to ${newest}.`;
  return `${counted(resources.total, "resource")}${beside}: ${resources.priced} priced, ${resources.partial} in part, ${resources.free} free, ${resources.unknown} unknown. ${dates}`;
}

/** The budget in one sentence. */
export function budgetSentence(bill: BillDocument): string {
  const { status, reasons } = bill.budget;
  return status === "none" && reasons.length === 0
    ? "Budget: none is set."
    : `Budget: ${status}. ${reasons.join("; ")}.`;
}

/** What the findings come to, in words. Unknown is neither a pass nor a failure. */
export function policyVerdict(findings: FindingsDocument): {
  state: "ok" | "failed" | "unknown" | "nothing";
  text: string;
} {
  const { results } = findings;
  const unread = results.filter((result) => "error" in result).length;
  if (unread > 0) return { state: "failed", text: `NO: ${counted(unread, "graph")} cannot be read` };
  const controls = results.flatMap((result) => ("controls" in result ? result.controls : []));
  if (controls.length === 0) return { state: "nothing", text: "nothing was judged, for no profile is named" };
  const mandatory = (verdict: string) =>
    controls.filter((control) => control.level === "mandatory" && control.verdict === verdict).length;
  const [failed, unknown] = [mandatory("fail"), mandatory("unknown")];
  if (failed > 0) return { state: "failed", text: `NO: ${counted(failed, "mandatory control")} failed` };
  if (unknown > 0) {
    return { state: "unknown", text: `UNKNOWN: ${counted(unknown, "mandatory control")} cannot be judged` };
  }
  return { state: "ok", text: "OK" };
}

/** Resource counts by provider and module. */
export function moduleCounts(byType: Record<string, number>): { name: string; count: number }[] {
  const groups = new Map<string, number>();
  for (const [type, count] of Object.entries(byType)) {
    const [provider, module] = type.split(":");
    const name =
      provider === "aws" || provider === "kubernetes" ? `${provider} ${module!.split("/")[0]}` : provider!;
    groups.set(name, (groups.get(name) ?? 0) + count);
  }
  return [...groups].map(([name, count]) => ({ name, count }));
}

/** Where a model runs. */
function placeOf(model: ModelPlan): string {
  return model.instance
    ? `${model.instance} (${model.gpusPerNode} × ${model.gpu})`
    : `${model.gpusPerNode} × ${model.gpu}`;
}

/** GPUs of a replica, and replicas of a node. */
function replicaOf(model: ModelPlan): string {
  const gpus = counted(model.tensorParallel, "GPU");
  return `${gpus}${model.tensorParallel > 1 ? " (tensor parallel)" : ""}, ${model.replicasPerNode} a node`;
}

/** The scaling bounds, in replicas and in nodes. */
function boundsOf({ replicas, nodes }: ModelPlan): string {
  const range = ({ min, max }: { min: number; max: number }, what: string) =>
    min === max ? counted(min, what) : `${min} to ${counted(max, what)}`;
  return `${range(replicas, "replica")} on ${range(nodes, "node")}`;
}

/** Machines that were looked at and passed over: those with a price as cause first, the rest by their number. */
export function passedOver(model: ModelPlan): {
  cheaper: { value: string; because: string }[];
  others: number;
} {
  const { rejected } = model.decisions["instance"]!;
  const cheaper = rejected
    .filter(({ because }) => because.startsWith("$"))
    .map(({ value, because }) => ({ value: String(value), because }));
  return { cheaper, others: rejected.length - cheaper.length };
}

/** What to do next, in order; empty for what does not fit. */
export function nextSteps(document: PreviewDocument): string[] {
  if (document.verdict === "does-not-fit") return [];
  const { stack, plan } = document;
  const bucket = plan.infrastructure?.storage?.bucket;
  return [
    route(stack, plan.infrastructure?.access.via ?? null),
    ...(bucket
      ? [`Stage the weights first: the engines read s3://${bucket}/<model id>/ and never the internet.`]
      : []),
  ];
}

function route(stack: string, via: "in-vpc" | "ssm" | "staged" | null): string {
  switch (via) {
    case null:
      return `The kubernetes layer needs a route to your cluster: \`freehold doctor -s ${stack}\` tests it.`;
    case "ssm":
      return `The API endpoint is private. \`pulumi up\` builds the forwarding instance with the first layer; \`freehold doctor -s ${stack}\` prints the port-forward command and tests it.`;
    case "staged":
      return "The API endpoint is private. First `pulumi up` with freehold:layers [infrastructure]; then the whole from a runner inside the VPC.";
    case "in-vpc":
      return `Run \`pulumi up -s ${stack}\` from a machine with a route into the VPC; \`freehold doctor -s ${stack}\` tests it.`;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** What a report says of a served model, by label: weights, engine, machine, bounds and speed. */
export function modelFacts(model: ModelPlan): [string, string][] {
  const rate = model.outputTokensPerSecond;
  return [
    ["weights", `${model.model} (${model.quantization}, ${model.weightsGib.toFixed(1)} GiB)`],
    ["revision", model.revision ?? `unknown: ${model.decisions["revision"]?.why}`],
    ["engine", `vLLM ${model.engineVersion}, context ${model.contextTokens} tokens`],
    ["node", `${placeOf(model)}, ${model.capacity}`],
    ["replica", replicaOf(model)],
    ["scaling", boundsOf(model)],
    [
      "output",
      rate
        ? `${rate.low.toFixed(0)} to ${rate.high.toFixed(0)} tokens/s a replica (estimate)`
        : "tokens/s unknown",
    ],
  ];
}
