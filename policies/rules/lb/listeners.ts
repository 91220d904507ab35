/** LB-01, 02 and 07: what load balancers accept from clients. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { elements, type Found, ofType, rule, siblingsOf } from "../helpers.ts";
import { asText } from "../text.ts";
import { tlsPolicies } from "../tls-policies.ts";

const FIX =
  'protocol HTTPS with a certificate, or defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS" } }]';

/** The protocol of a listener; "" when not given, null when not known. */
function protocolOf(listener: Resource): string | null {
  const value = lookup(listener.props, "protocol");
  return value.state === "known" ? asText(value.value).toUpperCase() : value.state === "absent" ? "" : null;
}

/** Whether bytes of this protocol are passed on as they are: what they carry is not the listener's to say. */
const isTransport = (protocol: string) =>
  ["TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC", "GENEVE"].includes(protocol);

/** Whether no application load balancer has this listener: without a protocol it then has no HTTP either. */
function isOtherKind(graph: ResourceGraph, listener: Resource): boolean {
  return owners(graph, listener).some((owner) => {
    const kind = lookup(owner.props, "loadBalancerType");
    return kind.state === "known" && kind.value !== "application";
  });
}

function owners(graph: ResourceGraph, listener: Resource): Resource[] {
  return Object.entries(listener.refs).flatMap(([path, urns]) =>
    path.startsWith("loadBalancerArn") ? urns.flatMap((urn) => graph.byUrn.get(urn) ?? []) : [],
  );
}

/** Holds the actions at a path to a redirect to HTTPS. */
function requireRedirect(found: Found, resource: Resource, path: string): void {
  const actions = elements(resource, path);
  const say = (at: string, value: unknown, message: string) =>
    found.violation(resource, at, message, value, FIX);
  if (actions === null) found.unknown(resource, path, "the actions are not known yet");
  else if (actions.length === 0) say(path, null, "plain HTTP is answered");
  for (const action of actions ?? []) {
    const kind = lookup(resource.props, `${action.path}.type`);
    const target = lookup(resource.props, `${action.path}.redirect.protocol`);
    if (kind.state === "unknown" || kind.state === "secret")
      found.unknown(resource, `${action.path}.type`, "the action is not known yet");
    else if (kind.state === "absent" || kind.value !== "redirect")
      say(`${action.path}.type`, kind.state === "absent" ? null : kind.value, "plain HTTP is answered");
    else if (target.state === "unknown" || target.state === "secret")
      found.unknown(resource, `${action.path}.redirect.protocol`, "where it redirects to is not known yet");
    else if (target.state === "absent" || asText(target.value).toUpperCase() !== "HTTPS")
      // Without a protocol the redirect keeps that of the request.
      say(
        `${action.path}.redirect.protocol`,
        target.state === "absent" ? null : target.value,
        "plain HTTP is redirected to plain HTTP",
      );
  }
}

export const httpsRule = rule(
  "LB-01",
  "Listeners speak HTTPS",
  "A listener's protocol is HTTPS or TLS, or it is HTTP and its default actions redirect to HTTPS. TCP and UDP listeners pass bytes on and are not judged.",
  (found, graph) => {
    for (const listener of ofType(graph, "lb.Listener")) {
      const protocol = protocolOf(listener);
      if (protocol === null) found.unknown(listener, "protocol", "the protocol is not known yet");
      else if (protocol === "HTTPS" || protocol === "TLS") found.concerns();
      else if (isTransport(protocol) || (protocol === "" && isOtherKind(graph, listener))) continue;
      else {
        found.concerns();
        requireRedirect(found, listener, "defaultActions");
      }
    }
  },
);

export const tlsPolicyRule = rule(
  "LB-02",
  "Listeners ask for TLS 1.2 or newer",
  "sslPolicy of an HTTPS or TLS listener is a named policy with TLS 1.2 at least, or one of tlsPolicies. AWS's default still offers TLS 1.0.",
  (found, graph, params) => {
    const allowed = tlsPolicies(params);
    for (const listener of ofType(graph, "lb.Listener")) {
      const protocol = protocolOf(listener);
      if (protocol === null) found.unknown(listener, "protocol", "the protocol is not known yet");
      if (protocol !== "HTTPS" && protocol !== "TLS") continue;
      found.require(
        listener,
        "sslPolicy",
        (value) => allowed.includes(asText(value)),
        "the policy offers TLS older than 1.2, or weak ciphers",
        `sslPolicy: ${allowed[0]}`,
      );
    }
  },
);

export const redirectRule = rule(
  "LB-07",
  "Load balancers redirect plain HTTP",
  "Every HTTP listener of a load balancer redirects to HTTPS, and so does each of its rules.",
  (found, graph) => {
    for (const balancer of ofType(graph, "lb.LoadBalancer")) {
      for (const listener of siblingsOf(graph, balancer, "lb.Listener", "loadBalancerArn", "arn")) {
        found.concerns();
        const protocol = protocolOf(listener);
        if (protocol === null) found.unknown(listener, "protocol", "the protocol is not known yet");
        if (protocol !== "HTTP" && (protocol !== "" || isOtherKind(graph, listener))) continue;
        requireRedirect(found, listener, "defaultActions");
        for (const entry of siblingsOf(graph, listener, "lb.ListenerRule", "listenerArn", "arn"))
          requireRedirect(found, entry, "actions");
      }
    }
  },
);
