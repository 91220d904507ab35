import type { StackSpec } from "../../config/index.ts";
import type { NetworkPlan, SubnetPlan } from "../types-infrastructure.ts";
import { subnet } from "./cidr.ts";

/** Services that a private cluster calls; each is an interface endpoint without a route to the internet. */
const ALL_SERVICES = ["s3", "ecr.api", "ecr.dkr", "sts", "ec2", "eks", "eks-auth", "logs", "kms", "sqs"];
/** Services that carry weights, images, credentials and logs: kept off the NAT gateway under a profile. */
const DATA_SERVICES = ["s3", "ecr.api", "ecr.dkr", "sts", "eks-auth", "logs"];

/** Subnets of eighths of the VPC for nodes; the last eighth, cut small, holds the NAT gateways. */
export function planNetwork(spec: StackSpec, name: string, region: string): NetworkPlan {
  const { cidr, availabilityZones, egress } = spec.network;
  const bits = Number(cidr.split("/")[1]);
  const zones = "abcdef".slice(0, availabilityZones).split("");
  const privateSubnets: SubnetPlan[] = zones.map((zone, index) => ({
    name: `private-${zone}`,
    cidr: subnet(cidr, bits + 3, index),
    availabilityZone: `${region}${zone}`,
  }));
  const edge = subnet(cidr, bits + 3, 7);
  const natGateways = egress === "endpoints" ? 0 : egress === "nat" ? 1 : availabilityZones;
  const publicSubnets: SubnetPlan[] = zones.slice(0, natGateways).map((zone, index) => ({
    name: `public-${zone}`,
    cidr: subnet(edge, bits + 6, index),
    availabilityZone: `${region}${zone}`,
  }));
  const services = egress === "endpoints" ? ALL_SERVICES : spec.profiles.length > 0 ? DATA_SERVICES : ["s3"];
  return {
    cidr,
    privateSubnets,
    publicSubnets,
    natGateways,
    // Image layers live in S3: the gateway endpoint keeps them off the NAT gateway at no charge.
    gatewayEndpoints: ["s3"],
    interfaceEndpoints: services.filter((service) => service !== "s3" || spec.weights.from === "s3"),
    interfaceEndpointZones: egress === "nat" ? 1 : availabilityZones,
    flowLogs: { logGroup: `/freehold/${name}/flow`, retentionDays: spec.retention.auditLogDays },
  };
}
