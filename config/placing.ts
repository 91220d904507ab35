import { OVERRIDE_FILE, type Override } from "./overrides.ts";
import { filePath, type Path, stackPath, startsWith } from "./path.ts";
import type { YamlFile } from "./yaml-document.ts";

/** The one field that may be a secret. It is never shown, however it was given. */
export const SECRET_FIELD: Path = ["cluster", "kubeconfig"];

/** Where findings are placed: positions of a file, or nothing for configuration without one. */
export interface Placing {
  locate(path: Path, at: "key" | "value"): { file: string | null; line: number | null; col: number | null };
  /** A scalar as the user wrote it, where that is known. */
  source(path: Path): string | null;
  /** Paths of secrets, whose values are never shown. */
  secrets: Path[];
  /** Whether what the schema says about a path would mislead, because its value was refused already. */
  unsure(path: Path, missing: boolean): boolean;
}

/** Positions of a stack file; a value that an override gave has none. */
export function filePlacing(doc: YamlFile, file: string, overrides: readonly Override[]): Placing {
  const overridden = (path: Path) => overrides.find((override) => startsWith(path, override.path));
  return {
    locate: (path, at) =>
      overridden(path) || (!doc.has(filePath(path)) && overrides.some((o) => startsWith(o.path, path)))
        ? { file: OVERRIDE_FILE, line: null, col: null }
        : { file, ...doc.locate(filePath(path), at) },
    source: (path) => {
      const override = overridden(path);
      if (!override) return doc.source(filePath(path));
      return override.path.length === path.length ? override.source : null;
    },
    secrets: doc.secrets.map(stackPath),
    unsure: (path, missing) =>
      !overridden(path) &&
      (doc.refused.some((refused) => startsWith(filePath(path), refused)) ||
        (missing && doc.merged.some((merged) => startsWith(filePath(path), merged)))),
  };
}

/**
 * The engine's configuration: no file, and of secrets only the top-level keys that hold one are known.
 *
 * @param secretKeys top-level keys, without namespace
 */
export function enginePlacing(secretKeys: readonly string[]): Placing {
  return {
    locate: () => ({ file: null, line: null, col: null }),
    source: () => null,
    secrets: secretKeys.map((key) => [key]),
    unsure: () => false,
  };
}
