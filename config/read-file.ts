import { readFileSync, statSync } from "node:fs";
import { type FreeholdError, freeholdError } from "./errors.ts";
import { MAX_BYTES, tooLarge } from "./yaml-text.ts";

/**
 * The bytes of a configuration file. A folder, a device, a file without permission or of absurd size is a finding;
 * so is a file that is not there, with the code `not-found`.
 *
 * @param shown name of the file in findings
 */
export function readConfigFile(
  path: string,
  shown: string,
): { bytes: Uint8Array } | { error: FreeholdError } {
  try {
    const stat = statSync(path);
    if (!stat.isFile())
      return {
        error: freeholdError({
          code: "not-a-file",
          message: stat.isDirectory()
            ? "this is a folder, not a file"
            : "this is a device or a pipe, not a file",
          file: shown,
          fix: "put a plain file in its place",
        }),
      };
    return stat.size > MAX_BYTES ? { error: tooLarge(shown, stat.size) } : { bytes: readFileSync(path) };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    const missing = code === "ENOENT" || code === "ENOTDIR";
    return {
      error: freeholdError({
        code: missing ? "not-found" : "unreadable-file",
        message: missing ? "there is no such file" : `the file cannot be read: ${REASONS[code] ?? code}`,
        file: shown,
        fix: missing ? null : "check the permissions and what the path leads to (ls -lL)",
      }),
    };
  }
}

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "a loop of symbolic links",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk or network reports an error",
};
