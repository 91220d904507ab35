/** Services: which of them are load balancers or node ports, who reaches those, and what they encrypt. */
import type { Rule } from "../../types.ts";
import { type Found, refersTo } from "../helpers.ts";
import { asText } from "../text.ts";
import { tlsPolicies } from "../tls-policies.ts";
import { annotation, isHidden, objectRule } from "./object-rule.ts";
import { at, type KubeObject, pathIn, whyUnknown } from "./objects.ts";

const SERVICE = { Service: [""] };
const AWS = "service.beta.kubernetes.io/aws-load-balancer";

/**
 * The type of a Service; null where it is not known (which is reported) or where a patch leaves it to the rest of
 * the object. Kubernetes' default is ClusterIP.
 */
function typeOf(object: KubeObject, out: Found): string | null {
  const type = at(object, "spec.type");
  if (isHidden(type)) {
    out.unknown(
      object.resource,
      pathIn(object, "spec.type"),
      whyUnknown(type.state, "the type of the service"),
    );
    return null;
  }
  if (type.state === "absent") return object.partial ? null : "ClusterIP";
  return asText(type.value);
}

export const noLoadBalancer: Rule = objectRule(
  {
    id: "K8S-31",
    title: "No Service makes a load balancer",
    description:
      "spec.type of every Service is not LoadBalancer: clients reach the engine inside the cluster.",
  },
  SERVICE,
  (object, out) => {
    out.concerns();
    if (typeOf(object, out) !== "LoadBalancer") return;
    const path = pathIn(object, "spec.type");
    out.fail(
      object.resource,
      path,
      "LoadBalancer",
      "the service makes a load balancer outside the cluster; allowed: ClusterIP, ExternalName, NodePort",
      `set ${path} to ClusterIP`,
    );
  },
);

/**
 * The AWS Load Balancer Controller takes the scheme before the older switch and defaults to internal; the in-tree
 * controller knows only the switch and defaults to internet-facing. Which of them acts is not in the graph, so only
 * an explicit word counts.
 */
export const internalLoadBalancer: Rule = objectRule(
  {
    id: "K8S-32",
    title: "Load balancers of Services are internal",
    description: `Every Service of type LoadBalancer has the annotation ${AWS}-scheme: internal, or ${AWS}-internal: "true" without a scheme that says otherwise.`,
  },
  SERVICE,
  (object, out) => {
    out.concerns();
    if (typeOf(object, out) !== "LoadBalancer") return;
    const scheme = annotation(object, `${AWS}-scheme`);
    const internal = annotation(object, `${AWS}-internal`);
    if (isHidden(scheme.found)) {
      out.unknown(object.resource, scheme.path, whyUnknown(scheme.found.state, "the scheme"));
      return;
    }
    if (scheme.found.state === "known") {
      if (scheme.found.value === "internal") return;
    } else {
      if (isHidden(internal.found)) {
        out.unknown(object.resource, internal.path, whyUnknown(internal.found.state, "the scheme"));
        return;
      }
      if (internal.found.state === "known" && asText(internal.found.value) === "true") return;
    }
    const value = scheme.found.state === "known" ? scheme.found.value : null;
    out.fail(
      object.resource,
      scheme.path,
      value,
      value === null
        ? "the load balancer states no scheme, and the in-tree controller's default is internet-facing; needed: internal"
        : `the load balancer's scheme is ${asText(value)}; allowed: internal`,
      `set ${scheme.path} to internal`,
    );
  },
);

export const encryptedLoadBalancer: Rule = objectRule(
  {
    id: "K8S-33",
    title: "Load balancers of Services encrypt",
    description: `Every Service of type LoadBalancer has the annotations ${AWS}-ssl-cert and ${AWS}-ssl-negotiation-policy, and the policy is one of tlsPolicies (without that parameter: one that offers TLS 1.2 at least).`,
  },
  SERVICE,
  (object, out, params, graph) => {
    const type = typeOf(object, out);
    if (type !== "LoadBalancer") return;
    out.concerns();
    const { resource } = object;
    const certificate = annotation(object, `${AWS}-ssl-cert`);
    const { state } = certificate.found;
    if (isHidden(certificate.found)) {
      const types = ["acm.Certificate", "acm.CertificateValidation", "iam.ServerCertificate"];
      // The ARN of a certificate of the graph is not known before it exists, but there is one.
      if (!refersTo(resource, certificate.path, graph, ...types))
        out.unknown(resource, certificate.path, whyUnknown(state, "the certificate"));
    } else if (certificate.found.state === "absent" || certificate.found.value === "")
      out.fail(
        resource,
        certificate.path,
        null,
        "the load balancer has no certificate, so traffic to it is not encrypted; needed: the ARN of one",
        `set ${certificate.path} to the ARN of a certificate`,
      );
    const policy = annotation(object, `${AWS}-ssl-negotiation-policy`);
    const allowed = tlsPolicies(params);
    if (isHidden(policy.found))
      out.unknown(resource, policy.path, whyUnknown(policy.found.state, "the TLS policy"));
    else if (policy.found.state === "absent" || !allowed.includes(asText(policy.found.value)))
      out.fail(
        resource,
        policy.path,
        policy.found.state === "known" ? policy.found.value : null,
        `${policy.found.state === "known" ? `the TLS policy is ${asText(policy.found.value)}` : "no TLS policy is named, and the default ELBSecurityPolicy-2016-08 offers TLS 1.0"}; allowed: ${allowed.join(", ")}`,
        `set ${policy.path} to ${allowed[0] ?? "a policy of tlsPolicies"}`,
      );
  },
);

export const noNodePort: Rule = objectRule(
  {
    id: "K8S-34",
    title: "No Service opens a port of the nodes",
    description: "spec.type of every Service is not NodePort.",
  },
  SERVICE,
  (object, out) => {
    out.concerns();
    if (typeOf(object, out) !== "NodePort") return;
    const path = pathIn(object, "spec.type");
    out.fail(
      object.resource,
      path,
      "NodePort",
      "the service opens a port on every node; allowed: ClusterIP, ExternalName, LoadBalancer",
      `set ${path} to ClusterIP`,
    );
  },
);
