import { lookup, type Resource } from "../../graph/index.ts";
import { assumed, USAGE } from "../usage.ts";
import { weightsTraffic } from "../weights.ts";
import {
  allMonth,
  between,
  type ComponentTable,
  type Context,
  exactly,
  free,
  HOURS_PER_MONTH,
  plus,
  service,
  times,
  unpriced,
} from "./component.ts";
import { count, text, usage } from "./read.ts";

const SUBNET = "aws:ec2/subnet:Subnet";
const NAT = "aws:ec2/natGateway:NatGateway";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const endpointType = (resource: Resource) => text(resource, "vpcEndpointType") ?? "Gateway";
const isInterface = (resource: Resource) => endpointType(resource) === "Interface";
const isS3Interface = (resource: Resource) =>
  isInterface(resource) && /\.s3$/.test(text(resource, "serviceName") ?? "");

/** What this resource carries of a stream that all resources like it share evenly. */
const share = (all: readonly Resource[] | undefined, like: (resource: Resource) => boolean) =>
  1 / Math.max(1, all?.filter(like).length ?? 1);

function endpointTraffic(resource: Resource, { graph, plan }: Context) {
  const { min, expected, max } = USAGE["endpoint.gb"];
  const control = between(min, expected, max);
  if (!plan || !isS3Interface(resource)) return control;
  return plus(control, times(weightsTraffic(plan, "s3"), share(graph.byType.get(ENDPOINT), isS3Interface)));
}

function natTraffic(_: Resource, { graph, plan }: Context) {
  const { min, expected, max } = USAGE["nat.gb"];
  const pulls = between(min, expected, max);
  return plan
    ? plus(
        pulls,
        times(
          weightsTraffic(plan, "hub"),
          share(graph.byType.get(NAT), () => true),
        ),
      )
    : pulls;
}

const balancerKind = (resource: Resource) => text(resource, "loadBalancerType") ?? "application";
/** An internet-facing balancer holds one public address in each of its subnets. */
const isPublic = (resource: Resource) => {
  const internal = lookup(resource.props, "internal");
  return !(internal.state === "known" && internal.value === true);
};

const balancerUnits = (kind: string, key: "alb" | "nlb", unit: string) => [
  {
    what: `${kind} load balancer`,
    unit: "hour",
    kind: "fixed" as const,
    price: service(`${key}.hour`),
    quantity: (resource: Resource) => (balancerKind(resource) === kind ? allMonth() : null),
  },
  {
    ...usage(`${kind} load balancer: capacity units`, unit, `${key}.lcu-hour`, "balancer.unit-hours"),
    quantity: (resource: Resource) => {
      const { min, expected, max } = USAGE["balancer.unit-hours"];
      return balancerKind(resource) === kind ? between(min, expected, max) : null;
    },
  },
];

const BALANCER = [
  ...balancerUnits("application", "alb", "LCU-hour"),
  ...balancerUnits("network", "nlb", "NLCU-hour"),
  unpriced(
    "load balancer",
    "no price of this kind of load balancer in the catalogue",
    (resource) => !["application", "network"].includes(balancerKind(resource)),
  ),
  {
    what: "public IPv4 addresses",
    unit: "address-hour",
    kind: "fixed" as const,
    price: service("ipv4.hour"),
    quantity: (resource: Resource, { graph }: Context) => {
      if (!isPublic(resource)) return null;
      const zones =
        count(resource, "subnets", SUBNET, graph) ?? count(resource, "subnetMappings", SUBNET, graph);
      if (zones === undefined)
        return { unknown: "the number of its subnets is not known before the deployment" };
      return exactly(zones * HOURS_PER_MONTH);
    },
    reason: "one in each subnet",
  },
  {
    ...usage("data to the internet", "GB", "transfer.internet.gb", "balancer.egress.gb"),
    quantity: (resource: Resource) => {
      const { min, expected, max } = USAGE["balancer.egress.gb"];
      return isPublic(resource) ? between(min, expected, max) : null;
    },
  },
];

/** VPC, gateways, endpoints and load balancers. */
export const NETWORK: ComponentTable = {
  "aws:ec2/eip:Eip": [
    {
      what: "public IPv4 address",
      unit: "address-hour",
      kind: "fixed",
      price: service("ipv4.hour"),
      quantity: allMonth,
      reason: "in use or idle",
    },
  ],
  [NAT]: [
    {
      what: "NAT gateway",
      unit: "hour",
      kind: "fixed",
      price: service("nat.hour"),
      quantity: (resource) => (text(resource, "availabilityMode") === "regional" ? null : allMonth()),
    },
    unpriced(
      "regional NAT gateway",
      "a regional NAT gateway is charged by the zones that it grows into",
      (resource) => text(resource, "availabilityMode") === "regional",
    ),
    {
      ...usage("data through the NAT gateway", "GB", "nat.gb", "nat.gb"),
      quantity: natTraffic,
      reason: (_, { plan }) =>
        plan && weightsTraffic(plan, "hub").max > 0
          ? `${assumed("nat.gb")}; and the weights of each start of an engine, from the hub`
          : assumed("nat.gb"),
    },
    usage("data to the internet", "GB", "transfer.internet.gb", "nat.egress.gb"),
  ],
  [ENDPOINT]: [
    free("gateway endpoints have no charge", (resource) => endpointType(resource) === "Gateway"),
    {
      what: "interface endpoint",
      unit: "zone-hour",
      kind: "fixed",
      price: service("vpce.interface.hour"),
      quantity: (resource, { graph }) => {
        if (!isInterface(resource)) return null;
        const zones =
          count(resource, "subnetIds", SUBNET, graph) ??
          count(resource, "subnetConfigurations", SUBNET, graph);
        if (zones === undefined)
          return { unknown: "the number of its subnets is not known before the deployment" };
        return exactly(zones * HOURS_PER_MONTH);
      },
      reason: "one network interface in each subnet",
    },
    {
      ...usage("data through the endpoint", "GB", "vpce.interface.gb", "endpoint.gb"),
      quantity: (resource, context) => (isInterface(resource) ? endpointTraffic(resource, context) : null),
      reason: (resource, { plan }) =>
        plan && isS3Interface(resource)
          ? `${assumed("endpoint.gb")}; and the weights of each start of an engine`
          : assumed("endpoint.gb"),
    },
    unpriced(
      "endpoint",
      "no price of this kind of endpoint in the catalogue",
      (resource) => !["Gateway", "Interface"].includes(endpointType(resource)),
    ),
  ],
  "aws:lb/loadBalancer:LoadBalancer": BALANCER,
  "aws:alb/loadBalancer:LoadBalancer": BALANCER,
};
