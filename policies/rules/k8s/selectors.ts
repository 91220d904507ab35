/** Label selectors, in three values: a label or a selector may not be known yet. */
import { isSecret, isUnknown } from "../../../graph/index.ts";
import { asText } from "../text.ts";

export type Match = boolean | "unknown";

/** True unless some part is false; unknown where no part is false but some are not known. */
export function all(parts: readonly Match[]): Match {
  if (parts.includes(false)) return false;
  return parts.includes("unknown") ? "unknown" : true;
}

function hidden(value: unknown): boolean {
  return isUnknown(value) || isSecret(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a selector (matchLabels and matchExpressions) selects an object with these labels. */
export function selects(selector: unknown, labels: unknown): Match {
  if (hidden(selector)) return "unknown";
  // A missing podSelector is the empty one, which selects everything.
  if (!isRecord(selector)) return true;
  const parts: Match[] = [];
  const { matchLabels, matchExpressions } = selector;
  if (hidden(matchLabels)) parts.push("unknown");
  else if (isRecord(matchLabels)) {
    for (const [key, value] of Object.entries(matchLabels)) parts.push(matches(key, "In", [value], labels));
  }
  if (hidden(matchExpressions)) parts.push("unknown");
  else if (Array.isArray(matchExpressions)) {
    for (const entry of matchExpressions) {
      if (hidden(entry) || !isRecord(entry) || hidden(entry["key"]) || hidden(entry["operator"]))
        parts.push("unknown");
      else parts.push(matches(asText(entry["key"]), asText(entry["operator"]), entry["values"], labels));
    }
  }
  return all(parts);
}

/** Whether a selector is the empty one. */
export function isEmptySelector(selector: unknown): Match {
  if (hidden(selector)) return "unknown";
  if (!isRecord(selector)) return true;
  return all(
    [selector["matchLabels"], selector["matchExpressions"]].map((part): Match => {
      if (hidden(part)) return "unknown";
      return typeof part !== "object" || part === null || Object.keys(part).length === 0;
    }),
  );
}

function matches(key: string, operator: string, values: unknown, labels: unknown): Match {
  if (hidden(labels)) return "unknown";
  const label = isRecord(labels) && Object.hasOwn(labels, key) ? (labels[key] ?? undefined) : undefined;
  if (hidden(label)) return "unknown";
  switch (operator) {
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    case "In":
      return label === undefined ? false : oneOf(label, values);
    case "NotIn": {
      if (label === undefined) return true;
      const found = oneOf(label, values);
      return found === "unknown" ? "unknown" : !found;
    }
    default:
      return "unknown";
  }
}

function oneOf(label: unknown, values: unknown): Match {
  if (hidden(values)) return "unknown";
  const list = Array.isArray(values) ? values : [];
  if (list.some((value) => !hidden(value) && asText(value) === asText(label))) return true;
  return list.some(hidden) ? "unknown" : false;
}
