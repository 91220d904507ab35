import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import type { Region } from "@pulumi/aws/types/enums/index.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan, StackPlan } from "../plan/index.ts";
import { Infrastructure } from "./infrastructure.ts";
import { Monitoring } from "./monitoring.ts";
import { Operators } from "./operators.ts";
import { Scaling } from "./scaling.ts";
import { ModelService, ServingNamespace } from "./serving.ts";

export interface PlatformArgs {
  /** A plan whose verdict is "ok". */
  readonly plan: StackPlan;
  /** Kubeconfig of a cluster that exists. @default the file that KUBECONFIG names */
  readonly kubeconfig?: pulumi.Input<string>;
}

/**
 * The whole platform of one stack: what `freehold preview` prices and checks is what this registers.
 *
 * Cost: `freehold cost -s <stack>`, or the stack output `monthlyCostUsd`.
 */
export class Platform extends pulumi.ComponentResource {
  /** In-cluster addresses of the OpenAI-compatible API by model name. */
  readonly endpoints: Record<string, string> = {};
  /** Path of the dashboard below the address of Grafana. */
  readonly dashboardPath: string | null = null;
  /** A secret; undefined for a cluster that exists. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  readonly weightsBucket: pulumi.Output<string> | undefined;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    if (plan.verdict !== "ok") {
      throw new pulumi.InputPropertyError({
        propertyPath: "plan",
        reason: plan.refusals.map((refusal) => refusal.message).join("; "),
      });
    }
    // The policy pack inside the engine sees inputs only; the policy of the stack reaches it this way.
    super("freehold:platform:Platform", name, { policy: plan.policy }, opts);
    const aws = plan.infrastructure ? this.awsProvider(name, plan.infrastructure) : undefined;
    const infrastructure = aws
      ? new Infrastructure(
          `${name}-infrastructure`,
          { plan: plan.infrastructure! },
          { parent: this, providers: [aws] },
        )
      : undefined;
    this.kubeconfig = infrastructure?.kubeconfig;
    this.weightsBucket = infrastructure?.weightsBucket;
    if (plan.kubernetes) {
      const provider = new KubernetesProvider(
        `${name}-kubernetes`,
        {
          enableServerSideApply: true,
          ...(infrastructure
            ? { kubeconfig: infrastructure.kubeconfig }
            : args.kubeconfig !== undefined && { kubeconfig: args.kubeconfig }),
          ...(plan.cluster.context !== null && { context: plan.cluster.context }),
        },
        { parent: this },
      );
      this.dashboardPath = this.kubernetes(name, plan, aws ? [provider, aws] : [provider], infrastructure);
    }
    this.registerOutputs({
      endpoints: this.endpoints,
      dashboardPath: this.dashboardPath,
      kubeconfig: this.kubeconfig,
      weightsBucket: this.weightsBucket,
    });
  }

  private awsProvider(name: string, layer: InfrastructurePlan): AwsProvider {
    return new AwsProvider(
      `${name}-aws`,
      {
        region: layer.region as Region,
        allowedAccountIds: [layer.accountId],
        defaultTags: { tags: layer.tags },
      },
      { parent: this },
    );
  }

  private kubernetes(
    name: string,
    plan: StackPlan,
    providers: pulumi.ProviderResource[],
    infrastructure: Infrastructure | undefined,
  ): string | null {
    const layer = plan.kubernetes!;
    const opts = { parent: this, providers, dependsOn: infrastructure?.ready ?? [] };
    const operators = new Operators(`${name}-operators`, { charts: plan.charts }, opts);
    const namespace = new ServingNamespace(`${name}-serving`, { plan: layer }, opts);
    const afterOperators = { ...opts, dependsOn: [operators, namespace] };
    for (const model of layer.models) {
      const role = plan.infrastructure?.podRoles.find((entry) => entry.serviceAccount === model.model);
      new ModelService(
        `${name}-${model.model}`,
        {
          plan: model,
          ...(role && { role, clusterName: infrastructure!.clusterName }),
          ...(infrastructure?.s3Url && { s3Url: infrastructure.s3Url }),
        },
        afterOperators,
      );
      this.endpoints[model.model] = model.endpoint;
    }
    new Scaling(`${name}-scaling`, { plan: layer }, afterOperators);
    return new Monitoring(`${name}-monitoring`, { plan: layer }, afterOperators).dashboardPath;
  }
}
