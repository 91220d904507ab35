import type { Region } from "../../catalog/index.ts";
import type { Allowed, Boundary } from "./types.ts";

/** What profiles and named regions say about running in a region. */
export function regionVerdict(region: Region, boundary: Boundary): { allowed: Allowed; why: string } {
  const verdicts = [
    named(region, boundary),
    partition(region, boundary),
    ...boundary.profiles.map((profile) => PROFILES[profile](region, boundary)),
  ].filter((verdict) => verdict !== null);
  const worst =
    verdicts.find(({ allowed }) => allowed === false) ??
    verdicts.find(({ allowed }) => allowed === "unknown");
  if (worst) return worst;
  const why = verdicts.map((verdict) => verdict.why).join("; ");
  return { allowed: true, why: why || "no region rule was asked for" };
}

type Verdict = { allowed: Allowed; why: string } | null;

function named(region: Region, { regions }: Boundary): Verdict {
  if (regions === null) return null;
  return regions.includes(region.region)
    ? { allowed: true, why: "among the regions of --regions" }
    : { allowed: false, why: "outside the regions of --regions" };
}

/** Other partitions take an account of their own, which nothing here can see. */
function partition({ partition }: Region, { regions }: Boundary): Verdict {
  if (partition === "aws" || regions !== null) return null;
  return { allowed: "unknown", why: `the partition ${partition} takes an account of its own` };
}

const PROFILES: Record<Boundary["profiles"][number], (region: Region, boundary: Boundary) => Verdict> = {
  /** Chapter V: inside the EEA nothing is transferred; elsewhere a basis for the transfer has to be shown. */
  gdpr: (region, { regions }) => {
    if (region.eea) return { allowed: true, why: "in the EEA" };
    // Named regions are a decision that somebody took.
    if (regions?.includes(region.region)) return { allowed: true, why: "named outside the EEA" };
    return region.sets.includes("eu-adequate")
      ? { allowed: "unknown", why: "outside the EEA with an adequacy decision, to be named in --regions" }
      : { allowed: false, why: "outside the EEA" };
  },
  /** 45 CFR 164 names no region. Where data leave the United States, that belongs in the risk analysis. */
  hipaa: (region, { regions }) => {
    const eligible = "EC2 is HIPAA-eligible under a business associate addendum";
    if (regions !== null || region.country === "US") return { allowed: true, why: eligible };
    return { allowed: "unknown", why: "outside the United States, to be named in --regions" };
  },
};
