import * as pulumi from "@pulumi/pulumi";
import type { KubernetesPlan } from "../plan/index.ts";
import { kubernetesObject } from "./kubernetes-object.ts";

export interface ScalingArgs {
  readonly plan: KubernetesPlan;
}

/**
 * KEDA ScaledObjects for the engines, Karpenter pools for their nodes.
 *
 * Cost: none of its own; the nodes it may start are in the bill up to their limit.
 */
export class Scaling extends pulumi.ComponentResource {
  private readonly objects: pulumi.CustomResource[];

  constructor(name: string, args: ScalingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("freehold:scaling:Scaling", name, {}, opts);
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
        ? [kubernetesObject(`${name}-${model.model}`, model.scaledObject, { parent: this })]
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
