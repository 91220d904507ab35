import { byPosition, type FreeholdError, freeholdError } from "./errors.ts";
import { describeIssues } from "./issues.ts";
import { formatPath, type Path, startsWith, valueAt } from "./path.ts";
import { type Placing, SECRET_FIELD } from "./placing.ts";
import { crossRules } from "./rules.ts";
import { type StackSpec, stackSchema } from "./schema.ts";
import { checkable } from "./sections.ts";
import { SECRET } from "./yaml-document.ts";

export type Validated = { ok: true; spec: StackSpec } | { ok: false; errors: FreeholdError[] };

/** Findings that are shown at most; a file with more is not a stack file. */
const MAX_FINDINGS = 100;

/** Plain data to a stack: all findings at once, in the order of the file. */
export function validate(data: Record<string, unknown>, placing: Placing): Validated {
  const result = stackSchema.safeParse(data);
  const secrets = misplacedSecrets(data, placing);
  const errors = secrets.map(({ error }) => error);
  if (!result.success) {
    const issues = result.error.issues.filter(
      (issue) => !secrets.some(({ path }) => startsWith(issue.path as Path, path)),
    );
    errors.push(...describeIssues(issues, data, placing));
  }
  const sections = result.success ? result.data : checkable(data, result.error.issues);
  errors.push(...crossRules(sections, placing));
  if (errors.length > 0) return { ok: false, errors };
  // Findings that were left out belong to values that the reader of the file has refused.
  return result.success ? { ok: true, spec: result.data } : { ok: false, errors: [] };
}

/** A result together with findings from before: sorted, and cut where there are very many. */
export function finish(result: Validated, earlier: readonly FreeholdError[]): Validated {
  const errors = [...earlier, ...(result.ok ? [] : result.errors)].sort(byPosition);
  if (errors.length === 0) return result;
  const rest = errors.length - MAX_FINDINGS;
  if (rest <= 0) return { ok: false, errors };
  const more = freeholdError({
    code: "too-many",
    message: `${rest} more findings are not shown`,
    file: errors[0]!.file,
    fix: "correct the first ones and run again",
  });
  return { ok: false, errors: [...errors.slice(0, MAX_FINDINGS), more] };
}

/**
 * Secrets outside the one field that may be one. What decides about resources must be known before they are built,
 * and what passes through names, tags and arguments does not stay secret.
 */
function misplacedSecrets(data: unknown, placing: Placing): { path: Path; error: FreeholdError }[] {
  const field = formatPath(SECRET_FIELD);
  return placing.secrets
    .filter((path) => {
      const value = valueAt(data, path);
      if (value === undefined || formatPath(path) === field) return false;
      return value === SECRET || !startsWith(SECRET_FIELD, path);
    })
    .map((path) => ({
      path,
      error: freeholdError({
        code: "secret-not-allowed",
        message: `${formatPath(path)} cannot be a secret; only ${field} can`,
        ...placing.locate(path, "value"),
        path: formatPath(path),
        value: SECRET,
        allowed: ["a plain value"],
        fix: "write the value without secure:",
      }),
    }));
}
