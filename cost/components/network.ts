import type { Resource } from "../../graph/index.ts";
import { weightsTraffic } from "../weights.ts";
import {
  type ComponentTable,
  type Context,
  type CostComponent,
  exactly,
  free,
  HOURS_PER_MONTH,
  type NotKnown,
  plus,
  service,
  times,
  unpriced,
} from "./component.ts";
import { count, items, text } from "./read.ts";
import { hourly, isGiven, reasonOf, used, usedOf } from "./rows.ts";

const SUBNET = "aws:ec2/subnet:Subnet";
const NAT = "aws:ec2/natGateway:NatGateway";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const endpointType = (resource: Resource) => text(resource, "vpcEndpointType") ?? "Gateway";
const isInterface = (resource: Resource) => endpointType(resource) === "Interface";
const isBalanced = (resource: Resource) => endpointType(resource) === "GatewayLoadBalancer";
const isS3Interface = (resource: Resource) =>
  isInterface(resource) && /\.s3$/.test(text(resource, "serviceName") ?? "");

/** What this resource carries of a stream that all resources like it share evenly. */
const share = (all: readonly Resource[] | undefined, like: (resource: Resource) => boolean) =>
  1 / Math.max(1, all?.filter(like).length ?? 1);

/** The stated or assumed traffic, and the weights that engines pull beside it where the plan knows them. */
function traffic(
  resource: Resource,
  context: Context,
  key: "nat.gb" | "endpoint.gb",
  source: "hub" | "s3",
  like: (resource: Resource) => boolean,
) {
  const { graph, plan } = context;
  const own = usedOf(resource, context, key);
  if (!plan || isGiven(resource, context, key)) return own;
  return plus(own, times(weightsTraffic(plan, source), share(graph.byType.get(resource.type), like)));
}

function zoneHours(resource: Resource, { graph }: Context) {
  const zones =
    count(resource, "subnetIds", SUBNET, graph) ?? count(resource, "subnetConfigurations", SUBNET, graph);
  if (zones === undefined) return { unknown: "the number of its subnets is not known before the deployment" };
  return exactly(zones * HOURS_PER_MONTH);
}

const isRegional = (resource: Resource) => text(resource, "availabilityMode") === "regional";

const endpoint = (what: string, key: string, like: (resource: Resource) => boolean): CostComponent => ({
  what,
  unit: "zone-hour",
  kind: "fixed",
  price: service(key),
  quantity: (resource, context) => (like(resource) ? zoneHours(resource, context) : null),
  reason: "one network interface in each subnet",
});

/** Endpoints of a firewall: one in each of its subnets. */
const firewallEndpoints = (resource: Resource): number | NotKnown => {
  const found = items(resource, "subnetMappings");
  return found === 0 ? { unknown: "subnetMappings are not given; one endpoint each" } : found;
};

/** Addresses, gateways, endpoints, tunnels and firewalls of a VPC. */
export const NETWORK: ComponentTable = {
  "aws:ec2/eip:Eip": [
    hourly("public IPv4 address", "address-hour", "ipv4.hour", { reason: "in use or idle" }),
  ],
  [NAT]: [
    hourly("NAT gateway", "hour", "nat.hour", { when: (resource) => !isRegional(resource) }),
    unpriced(
      "regional NAT gateway",
      "a regional NAT gateway is charged by the zones that it grows into",
      isRegional,
    ),
    {
      ...used("data through the NAT gateway", "GB", "nat.gb", "nat.gb"),
      quantity: (resource, context) => traffic(resource, context, "nat.gb", "hub", () => true),
      reason: (resource, context) =>
        context.plan && weightsTraffic(context.plan, "hub").max > 0
          ? `${reasonOf(resource, context, "nat.gb")}; and the weights of each start of an engine, from the hub`
          : reasonOf(resource, context, "nat.gb"),
    },
    used("data to the internet", "GB", "transfer.internet.gb", "nat.egress.gb"),
  ],
  [ENDPOINT]: [
    free("gateway endpoints have no charge", (resource) => endpointType(resource) === "Gateway"),
    endpoint("interface endpoint", "vpce.interface.hour", isInterface),
    {
      ...used("data through the endpoint", "GB", "vpce.interface.gb", "endpoint.gb"),
      quantity: (resource, context) =>
        isInterface(resource)
          ? isS3Interface(resource)
            ? traffic(resource, context, "endpoint.gb", "s3", isS3Interface)
            : usedOf(resource, context, "endpoint.gb")
          : null,
      reason: (resource, context) =>
        context.plan && isS3Interface(resource)
          ? `${reasonOf(resource, context, "endpoint.gb")}; and the weights of each start of an engine`
          : reasonOf(resource, context, "endpoint.gb"),
    },
    {
      ...endpoint("gateway load balancer endpoint", "vpce.gwlb.hour", isBalanced),
      gaps: ["eu-central-1"],
    },
    used("data through the endpoint", "GB", "vpce.gwlb.gb", "endpoint.gb", {
      when: isBalanced,
      gaps: ["eu-central-1"],
    }),
    unpriced(
      "endpoint",
      "no price of this kind of endpoint in the catalogue",
      (resource) => !["Gateway", "Interface", "GatewayLoadBalancer"].includes(endpointType(resource)),
    ),
  ],
  "aws:ec2/vpnConnection:VpnConnection": [
    hourly("site-to-site VPN", "hour", "vpn.connection.hour"),
    used("data to the internet", "GB", "transfer.internet.gb", "vpn.egress.gb"),
    unpriced(
      "transit gateway attachment",
      "the catalogue has no price of transit gateways",
      (resource) => text(resource, "transitGatewayId") !== undefined,
    ),
  ],
  "aws:networkfirewall/firewall:Firewall": [
    hourly("firewall endpoint", "endpoint-hour", "network-firewall.endpoint.hour", {
      count: firewallEndpoints,
      reason: "one in each subnet",
    }),
    used("data through the firewall", "GB", "network-firewall.gb", "firewall.gb"),
  ],
  "aws:globalaccelerator/accelerator:Accelerator": [
    hourly("accelerator", "accelerator-hour", "globalaccelerator.hour"),
    unpriced("premium data transfer", "charged by where callers are; the catalogue has no such prices"),
  ],
};
