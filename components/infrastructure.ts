import type * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { Access } from "./access.ts";
import { Autoscaler } from "./autoscaler.ts";
import { Component, type ComponentArgs } from "./base.ts";
import { Cluster } from "./cluster.ts";
import { Governance } from "./governance.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { Network } from "./network.ts";
import { WeightsBucket } from "./storage.ts";

export interface InfrastructureArgs extends ComponentArgs {
  /** The AWS layer of the plan. */
  readonly plan: InfrastructurePlan;
}

/**
 * The AWS layer: keys and logs, network, cluster and nodes, weights bucket, and the route to the private
 * endpoint.
 *
 * ### Cost
 * The sum of its parts; `freehold cost` lists them line by line.
 */
export class Infrastructure extends Component {
  static readonly __pulumiType = "freehold:platform:Infrastructure";
  /** A secret. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly weightsBucket: pulumi.Output<string> | undefined;
  readonly s3Url: pulumi.Output<string> | undefined;
  /** What must exist before a pod of this platform can run. */
  readonly ready: pulumi.Resource[];
  private readonly parts: Record<string, pulumi.ComponentResource>;

  constructor(name: string, args: InfrastructureArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Infrastructure.__pulumiType, name, args, opts);
    const { plan } = args;
    const parent = { parent: this };
    const governance = new Governance(`${name}-governance`, { plan }, parent);
    const network = new Network(
      `${name}-network`,
      { plan, flowLogGroupArn: governance.flowLogGroup.arn },
      parent,
    );
    const cluster = new Cluster(
      `${name}-cluster`,
      {
        plan,
        subnetIds: network.privateSubnetIds,
        ...(governance.keyArns.secrets && { secretsKeyArn: governance.keyArns.secrets }),
        ...(governance.keyArns.data && { dataKeyArn: governance.keyArns.data }),
      },
      // The control plane would otherwise make its own log group, without retention or key.
      { parent: this, dependsOn: [governance.clusterLogGroup, network] },
    );
    this.ready = [cluster];
    this.parts = { governance, network, cluster };
    if (plan.karpenter) {
      const autoscaler = new Autoscaler(
        `${name}-autoscaler`,
        { plan, clusterName: cluster.clusterName },
        parent,
      );
      this.ready.push(autoscaler);
      this.parts["autoscaler"] = autoscaler;
    }
    if (plan.storage) {
      const bucket = new WeightsBucket(
        `${name}-weights`,
        { plan: plan.storage, ...(governance.keyArns.data && { kmsKeyArn: governance.keyArns.data }) },
        parent,
      );
      this.weightsBucket = bucket.bucketName;
      this.parts["weights"] = bucket;
    }
    if (plan.access.via === "ssm") {
      this.parts["access"] = new Access(
        `${name}-access`,
        {
          plan,
          vpcId: network.vpcId,
          subnetId: network.privateSubnetIds[0]!,
          clusterSecurityGroupId: cluster.cluster.vpcConfig.clusterSecurityGroupId,
          ...(governance.keyArns.data && { kmsKeyArn: governance.keyArns.data }),
        },
        parent,
      );
    }
    this.clusterName = cluster.clusterName;
    this.s3Url = network.endpoints.s3Url;
    this.kubeconfig = kubeconfig(plan, cluster.endpoint, cluster.certificateAuthority);
    this.registerOutputs({ clusterName: this.clusterName, kubeconfig: this.kubeconfig });
  }

  /** The components below, by role; those that the plan leaves out are absent. */
  get nodes() {
    return this.parts;
  }
}
