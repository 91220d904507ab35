import type { Registration } from "./recorder.ts";
import { UNKNOWN_VALUE } from "./unknown.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The shape of `pulumi stack export`, so that stock tools read it. */
export interface StackExport {
  version: 3;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    resources: ExportedResource[];
  };
}

export interface ExportedResource {
  urn: string;
  custom: boolean;
  type: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  parent?: string;
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  protect?: boolean;
}

/** Takes the value out of every secret, at any depth: what leaves the child process holds none. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[SIGNATURE] === SECRET) return { [SIGNATURE]: SECRET, ciphertext: "[secret]" };
  return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, redact(entry)]));
}

/** Writes the recorded registrations in the order in which the program made them, parents first. */
export function stackExport(registrations: readonly Registration[], sdkVersion: string): StackExport {
  return {
    version: 3,
    deployment: {
      // No clock: the same program and configuration give the same bytes.
      manifest: { time: "1970-01-01T00:00:00Z", magic: "", version: sdkVersion },
      resources: registrations.map((entry) => ({
        urn: entry.urn,
        custom: entry.custom,
        type: entry.type,
        inputs: redact(entry.inputs) as Record<string, unknown>,
        outputs: redact(entry.outputs ?? (entry.custom ? entry.inputs : {})) as Record<string, unknown>,
        ...(entry.parent && { parent: entry.parent }),
        ...(entry.provider && { provider: entry.provider.replace(/::[^:]*$/, `::${UNKNOWN_VALUE}`) }),
        ...(entry.dependencies.length > 0 && { dependencies: [...entry.dependencies].sort() }),
        ...(Object.keys(entry.propertyDependencies).length > 0 && {
          propertyDependencies: entry.propertyDependencies,
        }),
        ...(entry.protect && { protect: true }),
      })),
    },
  };
}
