/** Objects outside the namespace `default`, which no policy, quota or role is made for. */
import type { Rule } from "../../types.ts";
import { Found } from "../helpers.ts";
import { namespaceOf } from "./namespaces.ts";
import { at, type KubeObject, objects, whyUnknown } from "./objects.ts";
import { WORKLOADS } from "./workloads.ts";

/** The kinds of the published check (checkov CKV_K8S_21). */
const NAMESPACED = {
  ...WORKLOADS,
  Service: [""],
  ConfigMap: [""],
  Secret: [""],
  ServiceAccount: [""],
  Role: ["rbac.authorization.k8s.io"],
  RoleBinding: ["rbac.authorization.k8s.io"],
  Ingress: ["networking.k8s.io", "extensions"],
};

/** Objects that Kubernetes itself keeps in every `default` namespace. */
function isBuiltIn(object: KubeObject): boolean {
  const name = at(object, "metadata.name");
  if (name.state !== "known") return false;
  return (
    (object.kind === "Service" && name.value === "kubernetes") ||
    (object.kind === "ServiceAccount" && name.value === "default") ||
    (object.kind === "ConfigMap" && name.value === "kube-root-ca.crt")
  );
}

export const namespaceSet: Rule = {
  id: "K8S-24",
  title: "Objects have a namespace of their own",
  description:
    "Workloads, Services, Ingresses, ConfigMaps, Secrets, ServiceAccounts, Roles and RoleBindings state a namespace (or their provider does), and it is not default.",
  check(graph) {
    const out = new Found();
    const { found, unread } = objects(graph, NAMESPACED);
    out.applicable = found.length + unread.length > 0;
    for (const { resource, path, state } of unread)
      out.unknown(resource, path, whyUnknown(state, "the object"));
    for (const object of found) {
      if (isBuiltIn(object)) continue;
      const namespace = namespaceOf(graph, object);
      if (namespace.state === "unknown") out.unknown(object.resource, namespace.path, namespace.why);
      else if (namespace.name === "default") {
        const how = namespace.stated
          ? "the namespace is default"
          : "no namespace is stated, which means default";
        const message = `${how}; allowed: any other namespace`;
        out.fail(
          object.resource,
          namespace.path,
          namespace.stated ? "default" : null,
          message,
          `set ${namespace.path} to a namespace made for it`,
        );
      }
    }
    return out;
  },
};
