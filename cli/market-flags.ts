import { resolve } from "node:path";
import * as catalog from "../catalog/index.ts";
import type { OffersRequest } from "../cost/offers/index.ts";
import { GPU_AMI } from "../plan/candidates.ts";
import { QUANTIZATIONS, quantizationNamed, shapeFromConfig } from "../plan/fit/index.ts";
import type { FlagReader } from "./flag-reader.ts";
import type { Io } from "./io.ts";

/** Flags of the commands that look for nodes to rent. */
export interface MarketFlags {
  regions?: string;
  profile?: string;
  quantization?: string;
}

export const MAX_REQUESTS = 1e12;
export const MAX_TOKENS = 1e7;

const SETS = ["eea", "eu-adequate", "us", "eusc"];
const PROFILES = ["gdpr", "hipaa"] as const;

/** Where and in what format a model may be rented; findings go to the reader. */
export function readMarket(
  flags: MarketFlags,
  read: FlagReader,
): Pick<OffersRequest, "boundary" | "engine" | "driver" | "quantization"> {
  return {
    boundary: { profiles: profilesOf(flags.profile, read), regions: regionsOf(flags.regions, read) },
    // The bundled table is not empty: a test of the catalogue says so.
    engine: catalog.engine()!,
    driver: catalog.ami(GPU_AMI)?.driver ?? null,
    quantization: quantizationOf(flags.quantization, read),
  };
}

function profilesOf(text: string | undefined, read: FlagReader): (typeof PROFILES)[number][] {
  if (text === undefined) return [];
  const names = [...new Set(text.split(",").map((name) => name.trim().toLowerCase()))];
  const known = PROFILES.filter((name) => names.includes(name));
  if (known.length < names.length) read.wrong("--profile", text, "gdpr, hipaa or both");
  return known;
}

function regionsOf(text: string | undefined, read: FlagReader): string[] | null {
  if (text === undefined) return null;
  const wanted = text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const { regions, unknown } = catalog.expandRegionSet(wanted);
  if (wanted.length === 0) read.wrong("--regions", text, `region names or sets (${SETS.join(", ")})`);
  for (const name of unknown) {
    const names = [...SETS, ...catalog.regions().map(({ region }) => region)];
    read.wrong("--regions", name, catalog.nearest(name, names, 3), "unknown-region");
  }
  return regions;
}

function quantizationOf(text: string | undefined, read: FlagReader): string | null {
  if (text === undefined || text === "auto") return null;
  if (quantizationNamed(text) === undefined)
    read.wrong("--quantization", text, `one of ${QUANTIZATIONS.join(", ")}`);
  return text;
}

/** A model of the catalogue, or a folder with a config.json; undefined with a finding where it is neither. */
export function readModel(
  flag: string,
  name: string,
  read: FlagReader,
  io: Io,
): OffersRequest["shape"] | undefined {
  const row = catalog.model(name);
  if (row) return row;
  const path = resolve(io.cwd, name);
  if (!catalog.namesFolder(name, path))
    return read.wrong(flag, name, catalog.similarModels(name, 3), "model-unknown");
  const folder = catalog.modelFolder(path);
  const shape =
    "error" in folder
      ? { unknown: folder.error }
      : shapeFromConfig(folder.config, { repo: name, totalBytes: folder.totalBytes });
  if (!("unknown" in shape)) return shape;
  read.add("model-folder", `${name}: cannot read ${shape.unknown}`, {
    path: flag,
    value: name,
    fix: "give a folder that holds config.json",
  });
  return undefined;
}
