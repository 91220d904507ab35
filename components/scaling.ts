import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesPlan } from "../plan/index.ts";
import { Component, type ComponentArgs, demandUnique } from "./base.ts";
import { kubernetesObject } from "./kubernetes-object.ts";

export interface ScalingArgs extends ComponentArgs {
  /** The Kubernetes layer of the plan. */
  readonly plan: KubernetesPlan;
}

/**
 * KEDA ScaledObjects for the engines, Karpenter pools for their nodes.
 *
 * ### Cost
 * None of its own; the nodes that it may start are in the bill up to their limit.
 */
export class Scaling extends Component {
  static readonly __pulumiType = "freehold:scaling:Scaling";
  private readonly objects: pulumi.CustomResource[];

  constructor(name: string, args: ScalingArgs, opts?: pulumi.ComponentResourceOptions) {
    demandUnique(
      args.plan.models.map((model) => model.model),
      "plan.models",
    );
    super(Scaling.__pulumiType, name, args, opts);
    const nodes = args.plan.karpenter.flatMap(({ nodeClass, nodePool }) => {
      const first = kubernetesObject(`${name}-${nodeClass.metadata.name}-class`, nodeClass, { parent: this });
      const pool = kubernetesObject(`${name}-${nodePool.metadata.name}-pool`, nodePool, {
        parent: this,
        dependsOn: [first],
      });
      return [first, pool];
    });
    const scalers = args.plan.models.flatMap((model) =>
      model.scaledObject
        ? [kubernetesObject(`${name}-${model.model}-scaler`, model.scaledObject, { parent: this })]
        : [],
    );
    this.objects = [...nodes, ...scalers];
    this.registerOutputs({
      scaledModels: args.plan.models.filter((m) => m.scaledObject).map((m) => m.model),
    });
  }

  /** The raw children. */
  get nodes() {
    return { objects: this.objects };
  }
}
