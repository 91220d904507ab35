/** What a resource's own labels say of the data in it. */
import { lookup, type Resource } from "../../graph/index.ts";
import { asText } from "./text.ts";

const KEYS = ["data-classification", "freehold:data"];

/** "audit" for audit logs, "personal" for prompts and personal or health data, null for anything else or no label. */
export function dataLabel(resource: Resource): "audit" | "personal" | "unknown" | null {
  let hidden = false;
  for (const key of KEYS) {
    const found = lookup(resource.props, `tags["${key}"]`);
    if (found.state === "unknown" || found.state === "secret") hidden = true;
    if (found.state !== "known") continue;
    const text = asText(found.value).toLowerCase();
    if (/\baudit/.test(text)) return "audit";
    if (/\b(personal|prompts?|pii|e?phi|health)\b/.test(text)) return "personal";
  }
  return hidden ? "unknown" : null;
}
