/** LB-03 to 06, 08 and 09: load balancers and their web ACLs. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { elements, type Found, isTrue, ofType, rule, siblingsOf, stray } from "../helpers.ts";

/** The kind of a load balancer; the provider's default is application. Null when not known. */
function kindOf(balancer: Resource): unknown {
  const value = lookup(balancer.props, "loadBalancerType");
  return value.state === "absent" ? "application" : value.state === "known" ? value.value : null;
}

/** Load balancers of the given kinds; one of a kind that is not known is unknown. */
function balancers(found: Found, graph: ResourceGraph, kinds: string[]): Resource[] {
  return ofType(graph, "lb.LoadBalancer").filter((balancer) => {
    const kind = kindOf(balancer);
    if (kind === null) found.unknown(balancer, "loadBalancerType", "the kind is not known yet");
    return kinds.includes(kind as string);
  });
}

export const accessLogRule = rule(
  "LB-03",
  "Load balancers log requests",
  "accessLogs.enabled is true. Gateway load balancers have no such log.",
  (found, graph) => {
    for (const balancer of balancers(found, graph, ["application", "network"]))
      found.require(
        balancer,
        "accessLogs.enabled",
        isTrue,
        "requests are not logged",
        "accessLogs: { bucket, enabled: true }",
      );
  },
);

export const headerRule = rule(
  "LB-04",
  "Invalid headers are dropped",
  "dropInvalidHeaderFields of an application load balancer is true.",
  (found, graph) => {
    for (const balancer of balancers(found, graph, ["application"]))
      found.require(
        balancer,
        "dropInvalidHeaderFields",
        isTrue,
        "invalid headers reach the service",
        "dropInvalidHeaderFields: true",
      );
  },
);

export const deletionRule = rule(
  "LB-05",
  "Load balancers are protected from deletion",
  "enableDeletionProtection is true.",
  (found, graph) => {
    for (const balancer of ofType(graph, "lb.LoadBalancer"))
      found.require(
        balancer,
        "enableDeletionProtection",
        isTrue,
        "one call deletes the load balancer",
        "enableDeletionProtection: true",
      );
  },
);

const ASSOCIATIONS = ["wafv2.WebAclAssociation", "wafregional.WebAclAssociation"];

export const webAclRule = rule(
  "LB-06",
  "Public load balancers have a web ACL",
  "A WebAclAssociation names each application load balancer that is not internal.",
  (found, graph) => {
    for (const balancer of balancers(found, graph, ["application"])) {
      const internal = lookup(balancer.props, "internal");
      if (internal.state === "known" && isTrue(internal.value)) continue;
      found.concerns();
      if (ASSOCIATIONS.some((type) => siblingsOf(graph, balancer, type, "resourceArn", "arn").length > 0))
        continue;
      if (internal.state === "unknown" || internal.state === "secret")
        found.unknown(balancer, "internal", "whether it is on the internet is not known yet");
      else if (ASSOCIATIONS.some((type) => stray(graph, type, "resourceArn")))
        found.unknown(balancer, "", "a web ACL is for a load balancer that is not known yet");
      else
        found.violation(
          balancer,
          "",
          "no web ACL filters what the internet sends",
          null,
          "add a wafv2.WebAclAssociation with resourceArn, or internal: true",
        );
    }
  },
);

export const internalRule = rule(
  "LB-08",
  "Load balancers are internal",
  "internal is true; the provider's default is false.",
  (found, graph) => {
    for (const balancer of balancers(found, graph, ["application", "network"]))
      found.require(balancer, "internal", isTrue, "the load balancer is on the internet", "internal: true");
  },
);

export const webAclLogRule = rule(
  "LB-09",
  "Web ACLs log without credentials",
  "A WebAclLoggingConfiguration names each web ACL and redacts the header authorization.",
  (found, graph) => {
    for (const acl of ofType(graph, "wafv2.WebAcl")) {
      found.concerns();
      const logs = siblingsOf(graph, acl, "wafv2.WebAclLoggingConfiguration", "resourceArn", "arn");
      if (logs.length === 0) {
        if (stray(graph, "wafv2.WebAclLoggingConfiguration", "resourceArn"))
          found.unknown(acl, "", "a logging configuration is for a web ACL that is not known yet");
        else
          found.violation(
            acl,
            "",
            "the web ACL logs nothing",
            null,
            "add a wafv2.WebAclLoggingConfiguration with resourceArn",
          );
      }
      for (const log of logs) {
        const fields = elements(log, "redactedFields");
        const names = (fields ?? []).map(({ path }) => lookup(log.props, `${path}.singleHeader.name`));
        if (
          names.some(
            ({ state, ...rest }) => state === "known" && "value" in rest && isAuthorization(rest.value),
          )
        )
          continue;
        if (fields === null || names.some(({ state }) => state === "unknown" || state === "secret"))
          found.unknown(log, "redactedFields", "what is redacted is not known yet");
        else
          found.violation(
            log,
            "redactedFields",
            "the logs hold the clients' API keys",
            null,
            'redactedFields: [{ singleHeader: { name: "authorization" } }]',
          );
      }
    }
  },
);

const isAuthorization = (value: unknown) => typeof value === "string" && /^authorization$/i.test(value);
