import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { catalogAsOf, expandRegionSet } from "../../catalog/index.ts";
import { GraphError, parseGraph } from "../../graph/index.ts";
import { evaluate, hasMandatoryFailure } from "../../policies/evaluate.ts";
import type { FindingsDocument, PolicyParams } from "../../policies/types.ts";
import { findingsMarkdown, findingsText, json, junit, planText, sarif, styleOf } from "../../report/index.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";
import { dateOf, loadAndPlan, previewStack, type StackFlags } from "../pipeline.ts";
import { judge } from "./judge.ts";

export interface CheckFlags extends Partial<StackFlags> {
  graph?: string[];
  profile?: string;
  controls?: string;
  allowedRegions?: string;
  policyConfig?: string;
  output?: string;
  out?: string;
}

const list = (text: string | undefined) =>
  text
    ?.split(",")
    .map((part) => part.trim())
    .filter(Boolean);
const PROFILES = ["gdpr", "hipaa"];

/** `freehold check`: the policy rules over a stack or over graphs in files. */
export async function check(flags: CheckFlags, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json", "sarif", "junit", "markdown"]);
  const date = dateOf(flags, io);
  const profiles = list(flags.profile);
  for (const profile of profiles ?? []) {
    if (!PROFILES.includes(profile)) {
      throw usageError("unknown-profile", `there is no profile ${profile}`, {
        path: "--profile",
        value: profile,
        allowed: PROFILES,
      });
    }
  }
  const controls = list(flags.controls);
  if ((flags.stack === undefined) === (flags.graph === undefined)) {
    throw usageError("which-graph", "give either -s STACK or --graph FILE", {
      fix: "freehold check -s eu-gdpr",
    });
  }
  const findings =
    flags.stack === undefined
      ? checkFiles(flags, profiles ?? [], controls, date, io)
      : await checkStack(flags as StackFlags, profiles, controls, date, io);
  if (findings === null) return EXIT.doesNotFit;
  const text = {
    text: () => findingsText(findings, styleOf(io.color && !flags.out)),
    json: () => json(findings),
    sarif: () => sarif(findings),
    junit: () => junit(findings),
    markdown: () => `${findingsMarkdown(findings)}\n`,
  }[kind]!();
  emit(io, text, flags.out);
  const unreadable = findings.results.some((result) => "error" in result);
  if (unreadable) return EXIT.usage;
  return hasMandatoryFailure(findings) ? EXIT.policy : EXIT.ok;
}

async function checkStack(
  flags: StackFlags,
  profiles: string[] | undefined,
  controls: string[] | undefined,
  date: string,
  io: Io,
): Promise<FindingsDocument | null> {
  const loaded = await loadAndPlan(flags, io);
  if (loaded.plan.verdict !== "ok") {
    io.err(`${planText(loaded.plan, styleOf(false))}\n`);
    return null;
  }
  const { graph } = await previewStack(loaded, flags.stack, io);
  return judge(graph, loaded.plan, date, { ...(profiles && { profiles }), ...(controls && { controls }) })
    .findings;
}

function checkFiles(
  flags: CheckFlags,
  profiles: string[],
  controls: string[] | undefined,
  date: string,
  io: Io,
): FindingsDocument {
  const params: PolicyParams = { ...policyConfig(flags.policyConfig, io), date };
  if (flags.allowedRegions !== undefined) {
    const sets = expandRegionSet(list(flags.allowedRegions)!);
    if (sets.unknown.length > 0) {
      throw usageError("unknown-region", `${sets.unknown.join(", ")} is neither a region nor a set`, {
        path: "--allowed-regions",
        value: flags.allowedRegions,
        allowed: ["eea", "eu-adequate", "us", "eusc", "region names"],
      });
    }
    params.allowedRegions = sets.regions;
  }
  const inputs = flags.graph!.map((file) => {
    try {
      return { graph: parseGraph(readFileSync(resolve(io.cwd, file), "utf8"), file) };
    } catch (cause) {
      const located =
        cause instanceof GraphError
          ? { code: cause.code, line: cause.line, col: cause.col }
          : { code: "cannot-read", line: null, col: null };
      return { graph: { name: file, error: { ...located, message: (cause as Error).message } } };
    }
  });
  const boundary =
    params.allowedRegions !== undefined ||
    inputs.some(({ graph }) => "config" in graph && graph.config["allowedRegions"] !== undefined);
  if (profiles.length > 0 && !controls && !boundary) {
    throw usageError(
      "allowed-regions-missing",
      `profile ${profiles.join(", ")} needs the regions in which data may live`,
      {
        path: "--allowed-regions",
        allowed: ["eea", "eu-adequate", "us", "eusc", "region names"],
        fix: "--allowed-regions eea",
      },
    );
  }
  return evaluate(inputs, { profiles, ...(controls && { controls }), params, catalogAsOf: catalogAsOf() });
}

function policyConfig(file: string | undefined, io: Io): Partial<PolicyParams> {
  if (file === undefined) return {};
  try {
    const value = JSON.parse(readFileSync(resolve(io.cwd, file), "utf8")) as Record<string, unknown>;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
    const regions = value["allowedRegions"];
    return {
      ...value,
      ...((typeof regions === "string" || Array.isArray(regions)) && {
        allowedRegions: expandRegionSet(regions as string | string[]).regions,
      }),
    };
  } catch (cause) {
    throw usageError("policy-config", `${file}: ${(cause as Error).message}`, { file });
  }
}
