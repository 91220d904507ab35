/** Services that are another name for a host outside. */
import type { Rule } from "../../types.ts";
import { asText } from "../text.ts";
import { isAllowedHost } from "./hosts.ts";
import { isHidden, objectRule } from "./object-rule.ts";
import { at, pathIn, whyUnknown } from "./objects.ts";

/** A name of the cluster itself. */
const INSIDE = /\.svc(?:\.|$)|\.cluster\.local\.?$/i;

export const externalNames: Rule = objectRule(
  {
    id: "K8S-38",
    title: "Services of type ExternalName lead to allowed hosts",
    description:
      "spec.externalName of every Service of type ExternalName is a name of the cluster or a host of allowedEgressHosts.",
  },
  { Service: [""] },
  (object, out, params) => {
    const type = at(object, "spec.type");
    const name = at(object, "spec.externalName");
    const path = pathIn(object, "spec.externalName");
    if (isHidden(type)) {
      out.unknown(object.resource, pathIn(object, "spec.type"), whyUnknown(type.state, "the type"));
      return;
    }
    if (type.state !== "known" || type.value !== "ExternalName") return;
    out.concerns();
    if (isHidden(name)) out.unknown(object.resource, path, whyUnknown(name.state, "the host"));
    if (name.state === "absent" && object.partial) return;
    const host = name.state === "known" ? asText(name.value) : null;
    const allowed = params.allowedEgressHosts ?? [];
    if (isHidden(name) || (host !== null && (INSIDE.test(host) || isAllowedHost(host, allowed)))) return;
    out.fail(
      object.resource,
      path,
      host,
      `the service leads to ${host ?? "no host"}; allowed: names of the cluster${allowed.length > 0 ? `, ${allowed.join(", ")}` : ""}`,
      "remove the service, or add the host to allowedEgressHosts after review",
    );
  },
);
