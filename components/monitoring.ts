import * as pulumi from "@pulumi/pulumi";
import type { KubernetesPlan } from "../plan/index.ts";
import { kubernetesObject } from "./kubernetes-object.ts";

export interface MonitoringArgs {
  readonly plan: KubernetesPlan;
}

/** Scrape targets, alert rules and the dashboard. Cost: none of its own. */
export class Monitoring extends pulumi.ComponentResource {
  /** Path of the dashboard below the address of Grafana; null when monitoring is off. */
  readonly dashboardPath: string | null;
  private readonly objects: pulumi.CustomResource[] = [];

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("freehold:monitoring:Monitoring", name, {}, opts);
    const { plan } = args;
    for (const model of plan.models) {
      if (model.podMonitor) this.add(`${name}-${model.model}`, model.podMonitor);
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
