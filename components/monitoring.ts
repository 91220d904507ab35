import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesPlan } from "../plan/index.ts";
import { Component, type ComponentArgs, demandUnique } from "./base.ts";
import { kubernetesObject } from "./kubernetes-object.ts";

export interface MonitoringArgs extends ComponentArgs {
  /** The Kubernetes layer of the plan. */
  readonly plan: KubernetesPlan;
}

/**
 * Scrape targets, alert rules and the dashboard.
 *
 * ### Cost
 * None of its own.
 */
export class Monitoring extends Component {
  static readonly __pulumiType = "freehold:monitoring:Monitoring";
  /** Path of the dashboard below the address of Grafana; null when monitoring is off. */
  readonly dashboardPath: string | null;
  private readonly objects: pulumi.CustomResource[] = [];

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    demandUnique(
      plan.models.map((model) => model.model),
      "plan.models",
    );
    super(Monitoring.__pulumiType, name, args, opts);
    for (const model of plan.models) {
      if (model.podMonitor) this.add(`${name}-${model.model}-targets`, model.podMonitor);
    }
    if (plan.prometheusRule) this.add(`${name}-rules`, plan.prometheusRule);
    if (plan.dashboard) this.add(`${name}-dashboard`, plan.dashboard);
    this.dashboardPath = plan.dashboard ? "/d/freehold" : null;
    this.registerOutputs({ dashboardPath: this.dashboardPath });
  }

  private add(name: string, object: Parameters<typeof kubernetesObject>[1]): void {
    this.objects.push(kubernetesObject(name, object, { parent: this }));
  }

  /** The raw children. */
  get nodes() {
    return { objects: this.objects };
  }
}
