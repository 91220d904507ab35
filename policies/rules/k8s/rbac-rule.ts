/** Roles that allow everything of some kind, and bindings to the built-in one that allows everything. */
import { isSecret, isUnknown } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { asText } from "../text.ts";
import { isHidden, objectRule } from "./object-rule.ts";
import { at, type KubeObject, pathIn, whyUnknown } from "./objects.ts";

const GROUP = ["rbac.authorization.k8s.io"];
const FIELDS = ["apiGroups", "resources", "verbs", "nonResourceURLs"];

/** "*", and a wildcard with a subresource ("*\/scale") or for every URL ("/*"). */
function isWildcard(value: unknown): boolean {
  return /^\/?\*/.test(asText(value));
}

export const noWildcards: Rule = objectRule(
  {
    id: "K8S-26",
    title: "Roles name what they allow",
    description:
      "No rule of a Role or ClusterRole has * in apiGroups, resources, verbs or nonResourceURLs, and no binding refers to cluster-admin, which is such a role.",
  },
  { Role: GROUP, ClusterRole: GROUP, RoleBinding: GROUP, ClusterRoleBinding: GROUP },
  (object, out) => {
    out.concerns();
    if (object.kind.endsWith("Binding")) judgeBinding(object, out);
    else judgeRole(object, out);
  },
);

function judgeBinding(object: KubeObject, out: Found): void {
  const path = pathIn(object, "roleRef.name");
  const name = at(object, "roleRef.name");
  if (isHidden(name)) out.unknown(object.resource, path, whyUnknown(name.state, "the role"));
  const kind = at(object, "roleRef.kind");
  // A Role may have that name, too, and allows what it says.
  if (
    name.state !== "known" ||
    name.value !== "cluster-admin" ||
    (kind.state === "known" && kind.value === "Role")
  )
    return;
  out.fail(
    object.resource,
    path,
    name.value,
    "the binding gives cluster-admin, which allows everything; allowed: a role that names what is needed",
    `bind a role of its own in ${path}`,
  );
}

function judgeRole(object: KubeObject, out: Found): void {
  const { resource } = object;
  const rules = at(object, "rules");
  if (isHidden(rules))
    out.unknown(resource, pathIn(object, "rules"), whyUnknown(rules.state, "the list of rules"));
  if (rules.state !== "known" || !Array.isArray(rules.value)) return;
  for (let index = 0; index < rules.value.length; index++) {
    const whole = at(object, `rules[${index}]`);
    if (isHidden(whole)) {
      out.unknown(resource, pathIn(object, `rules[${index}]`), whyUnknown(whole.state, "the rule"));
      continue;
    }
    for (const field of FIELDS) judgeField(object, `rules[${index}].${field}`, out);
  }
}

function judgeField(object: KubeObject, field: string, out: Found): void {
  const { resource } = object;
  const path = pathIn(object, field);
  const found = at(object, field);
  if (isHidden(found)) out.unknown(resource, path, whyUnknown(found.state, "the list"));
  if (found.state !== "known") return;
  const list = Array.isArray(found.value) ? found.value : [found.value];
  for (const [index, value] of list.entries()) {
    const place = Array.isArray(found.value) ? `${path}[${index}]` : path;
    if (isUnknown(value) || isSecret(value))
      out.unknown(resource, place, "an entry of the rule is not known");
    else if (isWildcard(value))
      out.fail(
        resource,
        place,
        value,
        `the rule allows ${asText(value)}, now and whatever is added later; allowed: names`,
        `list what is needed in ${path}`,
      );
  }
}
