import type { Resource } from "../../graph/index.ts";
import { type ComponentTable, unpriced } from "./component.ts";
import { flag, number, text } from "./read.ts";
import { monthly, used } from "./rows.ts";

const isEndpointCheck = (resource: Resource) =>
  /^(HTTP|HTTPS|HTTP_STR_MATCH|HTTPS_STR_MATCH|TCP)$/.test(text(resource, "type") ?? "");

/** Features of a health check that are charged for: HTTPS, a string that is looked for, haste, latency. */
const options = (resource: Resource): number => {
  const type = text(resource, "type") ?? "";
  return [
    type.startsWith("HTTPS"),
    type.endsWith("_STR_MATCH"),
    number(resource, "requestInterval", 30) === 10,
    flag(resource, "measureLatency") === true,
  ].filter(Boolean).length;
};

/** Names and delivery, which have no region. */
export const EDGE: ComponentTable = {
  "aws:route53/zone:Zone": [
    monthly("hosted zone", "zone-month", "route53.zone-month"),
    used("queries", "1000000 queries", "route53.query.1m", "dns.query.1m"),
  ],
  "aws:route53/healthCheck:HealthCheck": [
    monthly("health check", "check-month", "route53.health-check-month", {
      when: isEndpointCheck,
      reason: "of an endpoint outside AWS; one inside costs less",
    }),
    monthly("features of the check", "option-month", "route53.health-option-month", {
      when: isEndpointCheck,
      count: options,
    }),
    unpriced(
      "health check",
      "the catalogue has the price of checks of endpoints only",
      (resource) => !isEndpointCheck(resource),
    ),
  ],
  "aws:cloudfront/distribution:Distribution": [
    used("data to viewers", "GB", "cloudfront.europe.gb", "cloudfront.gb"),
    used("requests", "10000 requests", "cloudfront.europe.request.10k", "cloudfront.request.10k"),
  ],
};
