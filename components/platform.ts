import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import type { Region } from "@pulumi/aws/types/enums/index.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { type StackInput, specFromConfig } from "../config/index.ts";
import { type InfrastructurePlan, planStack, type StackPlan } from "../plan/index.ts";
import { Component, type ComponentArgs, demand } from "./base.ts";
import { Infrastructure } from "./infrastructure.ts";
import { Monitoring } from "./monitoring.ts";
import { Operators } from "./operators.ts";
import { Scaling } from "./scaling.ts";
import { ModelService, ServingNamespace } from "./serving.ts";

export interface PlatformArgs extends ComponentArgs {
  /** What to build, in the words of a stack file; planned as a stack file is. Give this or `plan`. */
  readonly spec?: StackInput;
  /** A finished plan whose verdict is "ok". Give this or `spec`. */
  readonly plan?: StackPlan;
  /** Kubeconfig of a cluster that exists. @default - the file that KUBECONFIG names */
  readonly kubeconfig?: pulumi.Input<string>;
}

/**
 * The whole platform of one stack: what `freehold preview` prices and checks is what this registers.
 *
 * ### Cost
 * `freehold cost -s <stack>`, or the stack output `monthlyCostUsd`.
 *
 * @example
 * ```ts
 * import { Platform } from "freehold";
 *
 * const platform = new Platform("llm", {
 *   spec: {
 *     aws: { region: "eu-west-1", accountId: "111122223333" },
 *     cluster: { kind: "eks", version: "1.35", access: { via: "in-vpc" } },
 *     models: [{ name: "chat", model: "Qwen/Qwen2.5-7B-Instruct-AWQ", context: 16384 }],
 *   },
 *   transform: ({ type, inputs }) =>
 *     type === "aws:ec2/vpc:Vpc" ? { ...inputs, tags: { ...inputs.tags, team: "search" } } : inputs,
 * });
 * export const url = platform.endpoints.chat;
 * ```
 *
 * @throws pulumi.InputPropertyError for a plan that does not fit; pulumi.InputPropertiesError with every finding
 *   for a spec that is not valid. Both before anything is registered.
 */
export class Platform extends Component {
  static readonly __pulumiType = "freehold:platform:Platform";
  /** In-cluster addresses of the OpenAI-compatible API by model name. */
  readonly endpoints: Record<string, string> = {};
  /** Path of the dashboard below the address of Grafana. */
  readonly dashboardPath: string | null = null;
  /** A secret; undefined for a cluster that exists. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  readonly weightsBucket: pulumi.Output<string> | undefined;
  /** What was decided, and why. */
  readonly plan: StackPlan;
  private readonly parts: Record<string, pulumi.Resource> = {};

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planOf(args);
    // The policy pack inside the engine sees inputs only; the policy of the stack reaches it this way.
    super(Platform.__pulumiType, name, args, opts, { policy: plan.policy });
    this.plan = plan;
    const aws = plan.infrastructure ? this.awsProvider(name, plan.infrastructure) : undefined;
    const infrastructure = aws
      ? new Infrastructure(
          `${name}-infrastructure`,
          { plan: plan.infrastructure! },
          { parent: this, providers: [aws] },
        )
      : undefined;
    if (infrastructure) this.parts["infrastructure"] = infrastructure;
    this.kubeconfig = infrastructure?.kubeconfig;
    this.weightsBucket = infrastructure?.weightsBucket;
    if (plan.kubernetes) {
      const kubeconfig = infrastructure?.kubeconfig ?? given(args);
      const provider = new KubernetesProvider(
        `${name}-kubernetes`,
        {
          enableServerSideApply: true,
          ...(kubeconfig !== undefined && { kubeconfig }),
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
    Object.assign(this.parts, { operators, namespace });
    for (const model of layer.models) {
      const role = plan.infrastructure?.podRoles.find((entry) => entry.serviceAccount === model.model);
      this.parts[`model-${model.model}`] = new ModelService(
        `${name}-model-${model.model}`,
        {
          plan: model,
          ...(role && { role, clusterName: infrastructure!.clusterName }),
          ...(infrastructure?.s3Url && { s3Url: infrastructure.s3Url }),
        },
        afterOperators,
      );
      this.endpoints[model.model] = model.endpoint;
    }
    const scaling = new Scaling(`${name}-scaling`, { plan: layer }, afterOperators);
    const monitoring = new Monitoring(`${name}-monitoring`, { plan: layer }, afterOperators);
    Object.assign(this.parts, { scaling, monitoring });
    return monitoring.dashboardPath;
  }

  /** The components below, by role; those that the plan leaves out are absent. */
  get nodes() {
    return this.parts;
  }
}

/** A kubeconfig from outside, as a secret whatever it came as. */
function given({ kubeconfig, spec }: PlatformArgs): pulumi.Output<string> | undefined {
  const text = kubeconfig ?? (spec?.cluster.kind === "existing" ? spec.cluster.kubeconfig : undefined);
  return text === undefined ? undefined : pulumi.secret(text);
}

/** The plan given, or that of the spec; refuses what cannot be built. */
function planOf(args: PlatformArgs): StackPlan {
  demand(
    (args.spec === undefined) !== (args.plan === undefined),
    "spec",
    args.plan ? "is given beside plan; give one of them" : "is missing; give spec or plan",
  );
  const plan = args.plan ?? planSpec(args.spec!);
  demand(
    plan.verdict === "ok",
    args.plan ? "plan" : "spec",
    plan.refusals.map((refusal) => refusal.message).join("; "),
  );
  demand(
    args.kubeconfig === undefined || plan.infrastructure === null,
    "kubeconfig",
    "is given although this plan builds its own cluster; remove it, or plan for a cluster that exists",
  );
  return plan;
}

function planSpec(spec: StackInput): StackPlan {
  const config = Object.entries(spec).map(([key, value]) => [`freehold:${key}`, JSON.stringify(value)]);
  const hidden = (key: string) => key === "freehold:cluster" && "kubeconfig" in spec.cluster;
  const read = specFromConfig(Object.fromEntries(config), hidden);
  if (read.ok) return planStack(read.spec, { stack: pulumi.getStack() });
  throw new pulumi.InputPropertiesError({
    message: `the spec has ${read.errors.length === 1 ? "one finding" : `${read.errors.length} findings`}`,
    errors: read.errors.map(({ path, message, fix }) => ({
      propertyPath: path ? `spec.${path}` : "spec",
      reason: fix ? `${message}; ${fix}` : message,
    })),
  });
}
