/** Ways out of a network: peerings and endpoints. */
import { lookup } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { ofType, rule } from "../helpers.ts";
import { asText } from "../text.ts";
import { judge, judgeHome, judgeName } from "./boundary.ts";
import { isRegionName } from "./regions.ts";

/** A VPC peering without peerRegion stays in its own region; between transit gateways it is required. */
export const peerings: Rule = rule(
  "RES-20",
  "Peerings stay in allowed regions",
  "The peer of every VPC peering and of every transit gateway peering is in an allowed region.",
  (found, graph, params) => {
    for (const peering of ofType(graph, "ec2.VpcPeeringConnection"))
      if (!judgeName(found, peering, "peerRegion", params, "the peer's region"))
        judgeHome(found, peering, graph, params, "the peer's region");
    for (const peering of ofType(graph, "ec2transitgateway.PeeringAttachment"))
      if (!judgeName(found, peering, "peerRegion", params, "the peer's region"))
        found.unknown(peering, "peerRegion", "the peer's region is not named");
  },
);

export const endpointServices: Rule = rule(
  "RES-21",
  "Endpoints reach allowed regions",
  "The service of each VPC endpoint is in an allowed region.",
  (found, graph, params) => {
    for (const endpoint of ofType(graph, "ec2.VpcEndpoint")) {
      found.concerns();
      judgeName(found, endpoint, "serviceRegion", params, "service region");
      const service = lookup(endpoint.props, "serviceName");
      if (service.state === "known") {
        const region = asText(service.value).split(".").find(isRegionName);
        if (region) judge(found, endpoint, "serviceName", region, params, "a service of region");
      } else if (service.state !== "absent")
        found.unknown(endpoint, "serviceName", "the service name is not known yet");
    }
  },
);
