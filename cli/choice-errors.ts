import { byPosition, type Parsed } from "../config/index.ts";
import { formatPath } from "../config/path.ts";
import type { WrongChoice } from "../plan/index.ts";
import { type ErrorRecord, errorRecord } from "./io.ts";

type Locate = Extract<Parsed, { ok: true }>["locate"];

/** Names that the catalogue does not know, as findings about the stack file: an input to correct, not a bad fit. */
export function choiceErrors(choices: readonly WrongChoice[], locate: Locate): ErrorRecord[] {
  const errors = choices.map(({ code, path, message, value, allowed, at }) =>
    errorRecord(code, message, {
      ...(at ?? locate(path, "value")),
      path: formatPath(path),
      value,
      allowed: allowed.length > 0 ? allowed : null,
      fix: at?.fix ?? fixOf(code, allowed),
    }),
  );
  return errors.sort(byPosition);
}

function fixOf(code: string, [first]: string[]): string | null {
  if (first === undefined) return null;
  if (code === "requests-file") return `correct the file: ${first}`;
  if (code === "instance-not-offered") return `name another instance, or aws.region: ${first}`;
  return code === "region-not-allowed"
    ? `region: ${first}, or widen allowedRegions`
    : `did you mean ${first}?`;
}
