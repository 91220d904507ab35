import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expandRegionSet, nearest } from "../catalog/index.ts";
import type { PolicyParams } from "../policies/types.ts";
import { dateOf } from "./date.ts";
import { CommandError, type ErrorRecord, EXIT, errorRecord, type Io, usageError } from "./io.ts";

type Kind = "regions" | "list" | "text" | "flag" | "days" | "date";

/** Every parameter of the rules and what it has to be. */
const KINDS: Record<keyof PolicyParams, Kind> = {
  allowedRegions: "regions",
  providerRegion: "text",
  partition: "text",
  allowedRegistries: "list",
  allowedUpstreamRegistries: "list",
  allowGlobalServices: "list",
  allowedLlmHosts: "list",
  allowedEgressHosts: "list",
  multimodal: "flag",
  maxRetentionDays: "days",
  maxPersonalLogDays: "days",
  minLogDays: "days",
  auditLogDays: "days",
  tlsPolicies: "list",
  date: "date",
};

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isList = (value: unknown) => Array.isArray(value) && value.every(isText);
const FITS: Record<Kind, { says: string; holds(value: unknown): boolean }> = {
  regions: { says: "a region set, or a list of sets and regions", holds: (v) => isText(v) || isList(v) },
  list: { says: "a list of texts", holds: isList },
  text: { says: "a text", holds: isText },
  flag: { says: "true or false", holds: (v) => typeof v === "boolean" },
  days: { says: "a whole number of days", holds: (v) => Number.isInteger(v) && (v as number) >= 0 },
  date: { says: "YYYY-MM-DD", holds: isText },
};

/** Flags that set parameters of the rules. */
export interface ParamFlags {
  policyConfig?: string;
  allowedRegions?: string;
  date?: string;
}

/**
 * The parameters of the rules from `--policy-config` and from flags; a flag wins.
 *
 * @throws CommandError with every finding of the file at once
 */
export function policyParams(flags: ParamFlags, io: Io): Partial<PolicyParams> {
  const params = flags.policyConfig === undefined ? {} : readFile(flags.policyConfig, io);
  if (flags.allowedRegions !== undefined)
    params.allowedRegions = regions(flags.allowedRegions.split(","), { path: "--allowed-regions" });
  if (flags.date !== undefined) params.date = dateOf(flags, io);
  return params;
}

function readFile(file: string, io: Io): Partial<PolicyParams> {
  const value = readObject(file, io);
  const errors = Object.entries(value).flatMap(([key, given]): ErrorRecord[] => {
    const at = { file, path: key };
    if (!Object.hasOwn(KINDS, key)) {
      const close = nearest(key, Object.keys(KINDS), 3);
      return [
        errorRecord("unknown-key", `there is no parameter ${key}`, {
          ...at,
          value: key,
          allowed: close.length > 0 ? close : Object.keys(KINDS),
          fix: close[0] ? `did you mean ${close[0]}?` : `leave ${key} out`,
        }),
      ];
    }
    const { says, holds } = FITS[KINDS[key as keyof PolicyParams]];
    if (holds(given)) return [];
    return [errorRecord("wrong-type", `${key} must be ${says}`, { ...at, value: given, allowed: [says] })];
  });
  if (errors.length > 0) throw new CommandError(EXIT.usage, errors);
  const params = { ...value } as Partial<PolicyParams>;
  if (value["allowedRegions"] !== undefined)
    params.allowedRegions = regions([value["allowedRegions"]].flat() as string[], {
      file,
      path: "allowedRegions",
    });
  if (params.date !== undefined) dateOf({ date: params.date }, io);
  return params;
}

function readObject(file: string, io: Io): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolve(io.cwd, file), "utf8"));
  } catch (cause) {
    throw usageError("policy-config", (cause as Error).message, {
      file,
      fix: "a JSON file with the parameters",
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw usageError("policy-config", "is not an object", { file, fix: '{ "allowedRegions": ["eea"] }' });
}

/** Region names of sets and regions. */
function regions(names: string[], where: Partial<ErrorRecord>): string[] {
  const wanted = names.map((name) => name.trim()).filter(Boolean);
  const expanded = expandRegionSet(wanted);
  if (wanted.length > 0 && expanded.unknown.length === 0) return expanded.regions;
  throw usageError(
    "unknown-region",
    wanted.length === 0
      ? "no region is named"
      : `${expanded.unknown.join(", ")} is neither a region nor a set`,
    { value: names.join(","), allowed: ["eea", "eu-adequate", "us", "eusc", "region names"], ...where },
  );
}
