/** Services without a region, and those whose records are kept in one fixed region. */
import { lookup } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { ofType, rule } from "../helpers.ts";
import { asText } from "../text.ts";
import { boundary, OUTSIDE } from "./boundary.ts";
import { effectiveRegion, moduleOf } from "./regions.ts";

export const edgeServices: Rule = rule(
  "RES-19",
  "No edge services",
  "No global data-path service, unless allowGlobalServices names it.",
  (found, graph, params) => {
    const accepted = new Set(params.allowGlobalServices ?? []);
    for (const resource of graph.resources) {
      if (!resource.type.startsWith("aws:")) continue;
      const module = moduleOf(resource.type);
      if (!["cloudfront", "globalaccelerator", "networkmanager", "shield"].includes(module)) continue;
      found.concerns();
      if (!accepted.has(module)) {
        found.violation(
          resource,
          "",
          `${module} handles data at edge sites, ${OUTSIDE}`,
          resource.type,
          `remove it, or accept it by allowGlobalServices: [${module}]`,
        );
      }
    }
  },
);

/** Where Route 53 writes its query logs, and where CloudFront takes its certificates and web ACLs from. */
const FIXED = "us-east-1";

export const fixedRegionServices: Rule = rule(
  "RES-22",
  "Services of one fixed region are acknowledged",
  `What works from ${FIXED} only (query logs of Route 53; certificates and web ACLs of CloudFront) is inside the boundary, or its service is named in allowGlobalServices.`,
  (found, graph, params) => {
    const accepted = new Set(params.allowGlobalServices ?? []);
    const regions = boundary(params);
    type At = Parameters<typeof found.violation>[0];
    const needs = (resource: At, path: string, service: string, what: string) => {
      found.concerns();
      if (accepted.has(service) || regions?.has(FIXED)) return;
      if (regions === null) {
        found.unknown(resource, path, "allowedRegions is not set, so there is no boundary to hold to");
        return;
      }
      found.violation(
        resource,
        path,
        `${what} ${FIXED}, ${OUTSIDE}`,
        null,
        `remove it, or accept it by allowGlobalServices: [${service}]`,
      );
    };
    for (const log of ofType(graph, "route53.QueryLog"))
      needs(log, "cloudwatchLogGroupArn", "route53", "query logs of Route 53 are kept in");
    for (const certificate of ofType(graph, "acm.Certificate")) {
      const home = effectiveRegion(certificate, graph, params);
      if (home !== null && "unknown" in home) found.unknown(certificate, "region", home.unknown);
      else if (home?.region === FIXED)
        needs(certificate, "region", "cloudfront", "the certificate is kept in");
      else found.concerns();
    }
    for (const acl of ofType(graph, "wafv2.WebAcl")) {
      const scope = lookup(acl.props, "scope");
      if (scope.state !== "known") found.unknown(acl, "scope", "the scope is not known yet");
      else if (asText(scope.value) === "CLOUDFRONT")
        needs(acl, "scope", "cloudfront", "a web ACL of CloudFront works from");
      else found.concerns();
    }
  },
);
