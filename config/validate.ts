import { allowedKeys } from "./allowed-keys.ts";
import { byPosition, type FreeholdError } from "./errors.ts";
import { describeIssues, type Placing } from "./issues.ts";
import type { Path } from "./path.ts";
import { crossRules } from "./rules.ts";
import { type StackSpec, stackSchema } from "./schema.ts";

export type Validated = { ok: true; spec: StackSpec } | { ok: false; errors: FreeholdError[] };

/** Plain data to a stack: all findings at once, in the order of the file. */
export function validate(data: Record<string, unknown>, placing: Placing): Validated {
  const result = stackSchema.safeParse(data);
  if (!result.success) {
    const issues = result.error.issues.map((issue) =>
      issue.code === "unrecognized_keys"
        ? {
            ...issue,
            allowedKeys: Object.fromEntries(allowedKeys(issue.path as Path, data).map((key) => [key, true])),
          }
        : issue,
    );
    return { ok: false, errors: describeIssues(issues, data, placing).sort(byPosition) };
  }
  const errors = crossRules(result.data, placing);
  return errors.length > 0 ? { ok: false, errors: errors.sort(byPosition) } : { ok: true, spec: result.data };
}
