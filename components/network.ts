import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { flowLogPolicy, servicePrincipal } from "../plan/infrastructure/iam.ts";
import { Component, type ComponentArgs, demand } from "./base.ts";
import { VpcEndpoints } from "./vpc-endpoints.ts";

export interface NetworkArgs extends ComponentArgs {
  /** The AWS layer of the plan. */
  readonly plan: InfrastructurePlan;
  /** ARN of the log group that takes the flow logs. */
  readonly flowLogGroupArn: pulumi.Input<string>;
}

/**
 * The VPC: a private subnet in each zone, closed default security group, flow logs, endpoints, and NAT
 * gateways where the plan asks for them.
 *
 * ### Cost
 * Each NAT gateway and each network interface of an endpoint by the hour, and both by the GB.
 */
export class Network extends Component {
  static readonly __pulumiType = "freehold:network:Network";
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly endpoints: VpcEndpoints;
  private readonly vpc: ec2.Vpc;
  private readonly subnets: ec2.Subnet[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    const { network } = plan;
    demand(network.privateSubnets.length > 0, "plan.network.privateSubnets", "is empty; nodes need a subnet");
    demand(
      network.publicSubnets.length === network.natGateways,
      "plan.network.publicSubnets",
      `${network.publicSubnets.length} subnets for ${network.natGateways} NAT gateways; each gateway needs one`,
    );
    super(Network.__pulumiType, name, args, opts);
    const parent = { parent: this };
    const vpc = new ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: network.cidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: plan.name },
      },
      parent,
    );
    this.vpc = vpc;
    this.vpcId = vpc.id;
    // AWS gives every VPC an open default group; taking it over without rules closes it.
    new ec2.DefaultSecurityGroup(
      `${name}-default-group`,
      { vpcId: vpc.id, tags: { Name: `${plan.name}-closed` } },
      parent,
    );

    const gateways = this.natGateways(name, plan, vpc);
    const tables: ec2.RouteTable[] = [];
    this.subnets = network.privateSubnets.map((subnet, index) => {
      const resource = new ec2.Subnet(
        `${name}-${subnet.name}`,
        {
          vpcId: vpc.id,
          cidrBlock: subnet.cidr,
          availabilityZone: subnet.availabilityZone,
          mapPublicIpOnLaunch: false,
          tags: {
            Name: `${plan.name}-${subnet.name}`,
            "kubernetes.io/role/internal-elb": "1",
            "karpenter.sh/discovery": plan.name,
          },
        },
        parent,
      );
      const table = new ec2.RouteTable(`${name}-${subnet.name}-routes`, { vpcId: vpc.id }, parent);
      tables.push(table);
      new ec2.RouteTableAssociation(
        `${name}-${subnet.name}-association`,
        { subnetId: resource.id, routeTableId: table.id },
        parent,
      );
      const gateway = gateways[Math.min(index, gateways.length - 1)];
      if (gateway) {
        new ec2.Route(
          `${name}-${subnet.name}-default-route`,
          { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
          parent,
        );
      }
      return resource;
    });
    this.privateSubnetIds = this.subnets.map((subnet) => subnet.id);
    this.flowLogs(name, plan, vpc, args.flowLogGroupArn);
    this.endpoints = new VpcEndpoints(
      `${name}-endpoints`,
      {
        plan,
        vpcId: vpc.id,
        subnetIds: this.privateSubnetIds,
        routeTableIds: tables.map((table) => table.id),
      },
      parent,
    );
    this.registerOutputs({ vpcId: this.vpcId, privateSubnetIds: this.privateSubnetIds });
  }

  private natGateways(name: string, plan: InfrastructurePlan, vpc: ec2.Vpc): ec2.NatGateway[] {
    const { publicSubnets } = plan.network;
    const parent = { parent: this };
    if (publicSubnets.length === 0) return [];
    const internet = new ec2.InternetGateway(`${name}-internet`, { vpcId: vpc.id }, parent);
    const table = new ec2.RouteTable(`${name}-public-routes`, { vpcId: vpc.id }, parent);
    new ec2.Route(
      `${name}-public-default-route`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: internet.id },
      parent,
    );
    return publicSubnets.map((subnet) => {
      const resource = new ec2.Subnet(
        `${name}-${subnet.name}`,
        {
          vpcId: vpc.id,
          cidrBlock: subnet.cidr,
          availabilityZone: subnet.availabilityZone,
          mapPublicIpOnLaunch: false,
          tags: { Name: `${plan.name}-${subnet.name}` },
        },
        parent,
      );
      new ec2.RouteTableAssociation(
        `${name}-${subnet.name}-association`,
        { subnetId: resource.id, routeTableId: table.id },
        parent,
      );
      const address = new ec2.Eip(`${name}-${subnet.name}-address`, { domain: "vpc" }, parent);
      return new ec2.NatGateway(
        `${name}-${subnet.name}-gateway`,
        { subnetId: resource.id, allocationId: address.id, tags: { Name: `${plan.name}-${subnet.name}` } },
        { parent: this, dependsOn: [internet] },
      );
    });
  }

  private flowLogs(
    name: string,
    plan: InfrastructurePlan,
    vpc: ec2.Vpc,
    groupArn: pulumi.Input<string>,
  ): void {
    const role = new iam.Role(
      `${name}-flow-logs-role`,
      {
        name: `${plan.name}-flow-logs`,
        assumeRolePolicy: JSON.stringify(servicePrincipal("vpc-flow-logs.amazonaws.com")),
      },
      { parent: this },
    );
    const policy = new iam.RolePolicy(
      `${name}-flow-logs-policy`,
      { role: role.name, policy: JSON.stringify(flowLogPolicy(plan, plan.network.flowLogs.logGroup)) },
      { parent: this },
    );
    new ec2.FlowLog(
      `${name}-flow-logs`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: groupArn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
      },
      { parent: this, dependsOn: [policy] },
    );
  }

  /** The raw children. */
  get nodes() {
    return { vpc: this.vpc, privateSubnets: this.subnets, endpoints: this.endpoints };
  }
}
