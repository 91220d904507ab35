import { lookup, type Resource } from "../../graph/index.ts";
import {
  type ComponentTable,
  type Context,
  type CostComponent,
  exactly,
  HOURS_PER_MONTH,
  service,
  unpriced,
} from "./component.ts";
import { count, text } from "./read.ts";
import { hourly, used } from "./rows.ts";

const SUBNET = "aws:ec2/subnet:Subnet";

const kindOf = (resource: Resource) => text(resource, "loadBalancerType") ?? "application";
/** An internet-facing balancer holds one public address in each of its subnets. */
const isPublic = (resource: Resource) => {
  const internal = lookup(resource.props, "internal");
  return !(internal.state === "known" && internal.value === true);
};

const units = (kind: string, key: "alb" | "nlb", unit: string): CostComponent[] => [
  hourly(`${kind} load balancer`, "hour", `${key}.hour`, { when: (resource) => kindOf(resource) === kind }),
  used(`${kind} load balancer: capacity units`, unit, `${key}.lcu-hour`, "balancer.unit-hours", {
    when: (resource) => kindOf(resource) === kind,
  }),
];

const BALANCER: CostComponent[] = [
  ...units("application", "alb", "LCU-hour"),
  ...units("network", "nlb", "NLCU-hour"),
  unpriced(
    "load balancer",
    "no price of this kind of load balancer in the catalogue",
    (resource) => !["application", "network"].includes(kindOf(resource)),
  ),
  {
    what: "public IPv4 addresses",
    unit: "address-hour",
    kind: "fixed",
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
  used("data to the internet", "GB", "transfer.internet.gb", "balancer.egress.gb", { when: isPublic }),
];

/** Load balancers; those of the classic kind have no price in the catalogue. */
export const BALANCERS: ComponentTable = {
  "aws:lb/loadBalancer:LoadBalancer": BALANCER,
  "aws:alb/loadBalancer:LoadBalancer": BALANCER,
};
