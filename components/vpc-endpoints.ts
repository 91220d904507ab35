import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as vpc from "@pulumi/aws/vpc/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { Component, type ComponentArgs, demand } from "./base.ts";

export interface VpcEndpointsArgs extends ComponentArgs {
  /** The AWS layer of the plan. */
  readonly plan: InfrastructurePlan;
  /** The VPC that gets the endpoints. */
  readonly vpcId: pulumi.Input<string>;
  /** One private subnet of each zone; interface endpoints take the first ones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Route tables of the private subnets, for the gateway endpoints. */
  readonly routeTableIds: pulumi.Input<string>[];
}

/**
 * Private ways to AWS services. Nodes reach S3 through the free gateway; pods, which network policy holds to
 * addresses of the VPC, through the interface endpoint of S3 by its own name.
 *
 * ### Cost
 * An interface endpoint by zone and hour, and by the GB; the gateway endpoint nothing.
 */
export class VpcEndpoints extends Component {
  static readonly __pulumiType = "freehold:network:VpcEndpoints";
  /** https address of S3 inside the VPC, for AWS_ENDPOINT_URL; undefined without an S3 interface endpoint. */
  readonly s3Url: pulumi.Output<string> | undefined;
  private readonly endpoints: ec2.VpcEndpoint[] = [];

  constructor(name: string, args: VpcEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, region } = args.plan;
    demand(
      network.interfaceEndpoints.length === 0 || args.subnetIds.length >= network.interfaceEndpointZones,
      "subnetIds",
      `${args.subnetIds.length} subnets; the plan puts each endpoint into ${network.interfaceEndpointZones} zones`,
    );
    super(VpcEndpoints.__pulumiType, name, args, opts);
    const parent = { parent: this };
    for (const service of network.gatewayEndpoints) {
      this.endpoints.push(
        new ec2.VpcEndpoint(
          `${name}-${service}-gateway`,
          {
            vpcId: args.vpcId,
            serviceName: `com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Gateway",
            routeTableIds: args.routeTableIds,
          },
          parent,
        ),
      );
    }
    if (network.interfaceEndpoints.length > 0) {
      const group = new ec2.SecurityGroup(
        `${name}-group`,
        { vpcId: args.vpcId, description: "HTTPS from inside the VPC to AWS service endpoints" },
        parent,
      );
      new vpc.SecurityGroupIngressRule(
        `${name}-https`,
        {
          securityGroupId: group.id,
          description: "HTTPS from the VPC",
          cidrIpv4: network.cidr,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
        },
        parent,
      );
      for (const service of network.interfaceEndpoints) {
        const endpoint = new ec2.VpcEndpoint(
          `${name}-${service}-interface`,
          {
            vpcId: args.vpcId,
            serviceName: `com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            // S3 keeps its public name for the gateway endpoint; every other service answers privately.
            privateDnsEnabled: service !== "s3",
            subnetIds: args.subnetIds.slice(0, network.interfaceEndpointZones),
            securityGroupIds: [group.id],
          },
          parent,
        );
        this.endpoints.push(endpoint);
        if (service === "s3") {
          this.s3Url = endpoint.dnsEntries.apply(
            (entries) => `https://bucket.${entries[0]!.dnsName.replace(/^\*\./, "")}`,
          );
        }
      }
    }
    this.registerOutputs({ s3Url: this.s3Url });
  }

  /** The raw children. */
  get nodes() {
    return { endpoints: this.endpoints };
  }
}
