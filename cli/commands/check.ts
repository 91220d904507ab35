import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { catalogAsOf, nearest } from "../../catalog/index.ts";
import { GraphError, parseGraph } from "../../graph/index.ts";
import { evaluate, hasMandatoryFailure } from "../../policies/evaluate.ts";
import { frameworks } from "../../policies/frameworks/index.ts";
import { rules } from "../../policies/rules/index.ts";
import type { FindingsDocument, PolicyParams } from "../../policies/types.ts";
import { findingsMarkdown, findingsText, json, styleOf } from "../../report/index.ts";
import { dateOf } from "../date.ts";
import { CommandError, type ErrorRecord, EXIT, errorRecord, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";
import { loadAndPreview, mustFit, previewStack, type StackFlags, stackOrGraph } from "../pipeline.ts";
import { type ParamFlags, policyParams } from "../policy-config.ts";
import { judge } from "./judge.ts";

export interface CheckFlags extends Partial<StackFlags>, ParamFlags {
  graph?: string[];
  profile?: string;
  controls?: string;
  output?: string;
  out?: string;
}

interface Asked {
  profiles: string[] | undefined;
  controls: string[] | undefined;
  params: Partial<PolicyParams>;
}

/** `freehold check`: the policy rules over a stack or over graphs in files. */
export async function check(flags: CheckFlags, io: Io): Promise<number> {
  const kind = format(flags.output, ["text", "json", "sarif", "junit", "markdown"]);
  const asked = {
    profiles: names(flags.profile, "--profile", Object.keys(frameworks)),
    controls: names(
      flags.controls,
      "--controls",
      rules.map((rule) => rule.id),
    ),
    params: policyParams(flags, io),
  };
  stackOrGraph(flags, "freehold check -s eu-gdpr");
  const findings =
    flags.stack === undefined
      ? checkFiles(flags.graph!, asked, io)
      : await checkStack(flags as StackFlags, asked, io);
  const text = {
    text: () => findingsText(findings, styleOf(io.color && !flags.out)),
    json: () => json(findings),
    // Loaded when asked for, as only a build server wants them.
    sarif: async () => (await import("../../report/sarif.ts")).sarif(findings),
    junit: async () => (await import("../../report/junit.ts")).junit(findings),
    markdown: () => `${findingsMarkdown(findings)}\n`,
  }[kind]!;
  emit(io, await text(), flags.out);
  const unread = findings.results.flatMap((result) => ("error" in result ? [result] : []));
  for (const { graph, error } of unread) {
    const where = error.line === null ? graph : `${graph}:${error.line}:${error.col}`;
    io.err(`error: ${where}: ${error.message}\n`);
  }
  if (unread.length > 0) return EXIT.usage;
  return hasMandatoryFailure(findings) ? EXIT.policy : EXIT.ok;
}

/** A list of known names. A control that is not there would pass in silence, so that it is an error. */
function names(text: string | undefined, flag: string, known: readonly string[]): string[] | undefined {
  if (text === undefined) return undefined;
  const byCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  const wanted = text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const errors = (wanted.length > 0 ? wanted : [""]).flatMap((name): ErrorRecord[] => {
    if (byCase.has(name.toLowerCase())) return [];
    const close = nearest(name, known, 3);
    const message =
      name === "" ? `${flag} names nothing` : `there is no ${flag.slice(2).replace(/s$/, "")} ${name}`;
    return [
      errorRecord(`unknown-${flag === "--profile" ? "profile" : "control"}`, message, {
        path: flag,
        value: name,
        allowed: close.length > 0 ? close : [...known],
        fix: close[0] ? `did you mean ${close[0]}?` : `${flag} ${known[0]}`,
      }),
    ];
  });
  if (errors.length > 0) throw new CommandError(EXIT.usage, errors);
  return wanted.map((name) => byCase.get(name.toLowerCase())!);
}

async function checkStack(flags: StackFlags, asked: Asked, io: Io): Promise<FindingsDocument> {
  const loaded = await loadAndPreview(flags, io);
  mustFit(loaded.plan);
  const { graph } = await previewStack(loaded, flags.stack, io);
  const { findings, notes } = judge(graph, loaded.plan, dateOf(asked.params, io), asked);
  for (const note of notes) io.err(`warning: ${note}\n`);
  return findings;
}

function checkFiles(files: readonly string[], asked: Asked, io: Io): FindingsDocument {
  const params = { ...asked.params, date: dateOf(asked.params, io) };
  const inputs = files.map((file) => {
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
  const { controls } = asked;
  const profiles = asked.profiles ?? [];
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
