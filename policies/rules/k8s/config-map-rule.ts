/** Secrets written into ConfigMaps, which everyone with a look at the namespace reads. */
import { isSecret, isUnknown, join } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { objectRule } from "./object-rule.ts";
import { at, type KubeObject, pathIn, whyUnknown } from "./objects.ts";

/** Names of what is kept secret, at the end of a key: hf-token, DB_PASSWORD, clientSecret. */
const NAME =
  "(?:pass(?:word|wd|phrase)|pwd|secret|secret[_-]?key|access[_-]?key(?:[_-]?id)?|api[_-]?key|private[_-]?key|token|credentials?)";
const KEY = new RegExp(`${NAME}(?:\\.txt)?$`, "i");
/** `password: x`, `TOKEN=x`, `"apiKey": "x"`; `$` of an expansion and the like are told apart afterwards. */
const ASSIGNED = new RegExp(`${NAME}["']?[ \\t]{0,8}[=:][ \\t]{0,8}["']?([^\\s"',;}&]+)`, "gi");
/** Forms that only secrets have: AWS key ids, tokens of Hugging Face, GitHub, Slack and OpenAI, private keys. */
const FORMS = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bhf_[A-Za-z0-9]{30,}/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
];

/** Words that stand for a secret without being one: expansions, templates, places of files, nothing at all. */
function isReference(value: string): boolean {
  const text = value.trim().replace(/^["']/, "");
  return (
    /^(?:\$|\{\{|<|%)/.test(text) ||
    /^\/(?:etc|var|run|mnt|opt|home|tmp|secrets?|vault)\//.test(text) ||
    /^(?:|null|none|true|false|~|\|)$/i.test(text)
  );
}

function holdsSecret(key: string, text: string): boolean {
  if (KEY.test(key) && !isReference(text)) return true;
  if (FORMS.some((form) => form.test(text))) return true;
  return [...text.matchAll(ASSIGNED)].some((match) => !isReference(match[1]!));
}

export const noSecretsInConfig: Rule = objectRule(
  {
    id: "K8S-23",
    title: "ConfigMaps hold no secrets",
    description:
      "No entry of a ConfigMap is named like a secret and has a literal value, assigns one in its text, holds a key or token of a known form, or is a secret of the program.",
  },
  { ConfigMap: [""] },
  (object, out) => {
    out.concerns();
    for (const map of ["data", "binaryData"]) judgeMap(object, map, out);
  },
);

function judgeMap(object: KubeObject, map: string, out: Found): void {
  const { resource } = object;
  const path = pathIn(object, map);
  const found = at(object, map);
  // What the program itself calls a secret is one.
  const fail = (where: string, message: string) =>
    out.fail(resource, where, "[secret]", message, `move ${where} to a Secret`);
  if (found.state === "secret")
    fail(path, "a secret of the program is written into a ConfigMap; allowed: a Secret");
  if (found.state === "unknown") out.unknown(resource, path, whyUnknown(found.state, "the content"));
  if (found.state !== "known" || typeof found.value !== "object" || Array.isArray(found.value)) return;
  for (const [key, value] of Object.entries(found.value as Record<string, unknown>)) {
    const entry = join(path, key);
    if (isSecret(value))
      fail(entry, "a secret of the program is written into a ConfigMap; allowed: a Secret");
    else if (isUnknown(value)) out.unknown(resource, entry, whyUnknown("unknown", "the entry"));
    else if (typeof value === "string" && holdsSecret(key, map === "data" ? value : decoded(value)))
      fail(entry, `the entry ${key} looks like a secret; allowed: a Secret, or a reference to one`);
  }
}

/** binaryData is base64; what is not cannot be created. */
function decoded(value: string): string {
  try {
    return atob(value);
  } catch {
    return "";
  }
}
