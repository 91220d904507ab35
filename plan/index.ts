import {
  catalogAsOf,
  engine as engineOf,
  expandRegionSet,
  FREEHOLD_VERSION,
  region as regionNamed,
} from "../catalog/index.ts";
import type { StackSpec } from "../config/index.ts";
import { type WrongChoice, wrongChoices } from "./choices.ts";
import { planInfrastructure } from "./infrastructure/index.ts";
import { planCharts, planKubernetes } from "./kubernetes/index.ts";
import { planModel } from "./models.ts";
import { bucketName, platformName } from "./names.ts";
import { planPools } from "./pools.ts";
import type { Decision, ModelPlan, Refusal, StackPlan } from "./types.ts";

export { type WrongChoice, wrongChoices } from "./choices.ts";
export { fromHere } from "./load/file.ts";
export type * from "./types.ts";
export type * from "./types-infrastructure.ts";
export type * from "./types-kubernetes.ts";

/**
 * Decides everything about a stack: where each model runs, with which arguments, on how many nodes, and every
 * AWS and Kubernetes object that follows. Pure: the same spec and catalogue give the same plan.
 *
 * What does not fit is a normal result: `verdict` is then "does-not-fit" and `refusals` hold the arithmetic.
 *
 * @param spec a validated stack
 * @param options.stack name of the stack, from which names are composed
 */
export function planStack(spec: StackSpec, options: { stack: string }): StackPlan {
  const refusals = wrongChoices(spec).map(refusalOf);
  const engine = engineOf(spec.engine.version);
  const name = platformName(options.stack);
  const region = spec.aws?.region ?? null;
  const bucket =
    spec.aws && spec.weights.from === "s3"
      ? bucketName(name, "weights", spec.aws.accountId, spec.aws.region)
      : null;
  const models: ModelPlan[] = [];
  if (engine && refusals.length === 0) {
    for (const model of spec.models) {
      const planned = planModel(model, spec, engine, bucket);
      if (Array.isArray(planned)) refusals.push(...planned);
      else models.push(planned.plan);
    }
    refusals.push(...checkOwnedGpus(spec, models));
  }
  const fits = refusals.length === 0;
  const pools = fits ? planPools(spec, models) : [];
  const partition = region ? (regionNamed(region)?.partition ?? "aws") : "aws";
  const infrastructure =
    fits && spec.cluster.kind === "eks" && spec.layers.includes("infrastructure")
      ? planInfrastructure(spec, options.stack, name, partition, models, pools)
      : null;
  const kubernetes =
    fits && spec.layers.includes("kubernetes") ? planKubernetes(spec, models, pools, infrastructure) : null;
  return {
    schema: "freehold.plan/v1",
    freeholdVersion: FREEHOLD_VERSION,
    catalogAsOf: catalogAsOf(),
    stack: options.stack,
    profiles: spec.profiles,
    region,
    accountId: spec.aws?.accountId ?? null,
    verdict: fits ? "ok" : "does-not-fit",
    refusals,
    warnings: warnings(spec, models),
    decisions: decisions(spec),
    models,
    nodePools: pools,
    charts: kubernetes ? planCharts(spec, infrastructure) : [],
    infrastructure,
    kubernetes,
    cluster:
      spec.cluster.kind === "existing"
        ? { kind: "existing", context: spec.cluster.context ?? null }
        : { kind: "eks", context: null },
    hardware: spec.hardware ? { ...spec.hardware, purchasedOn: spec.hardware.purchasedOn ?? null } : null,
    pricing: spec.pricing ?? null,
    budget: spec.budget
      ? {
          basis: spec.budget.basis,
          monthlyUsd: spec.budget.monthlyUsd ?? null,
          perMillionTokensUsd: spec.budget.perMillionTokensUsd ?? null,
        }
      : null,
    policy: {
      profiles: spec.profiles,
      providerRegion: region,
      partition: region ? partition : null,
      allowedRegions: expandRegionSet(spec.residency.allowedRegions).regions,
      allowGlobalServices: spec.residency.allowGlobalServices,
      allowedRegistries: spec.policy.allowedRegistries,
      allowedEgressHosts: spec.policy.allowedEgressHosts,
      allowedLlmHosts: spec.policy.allowedLlmHosts,
      minLogDays: spec.profiles.includes("hipaa") ? 365 : 1,
      waivers: spec.policy.waivers,
    },
  };
}

function refusalOf({ code, model, message, allowed }: WrongChoice): Refusal {
  const nearest = allowed.length > 0 ? allowed.join(", ") : null;
  return { code, model, message, need: null, have: null, unit: null, nearest };
}

/** Models that share owned nodes must not ask for more GPUs than there are. */
function checkOwnedGpus(spec: StackSpec, models: ModelPlan[]): Refusal[] {
  if (spec.cluster.kind !== "existing" || models.length < spec.models.length) return [];
  const { gpu, gpusPerNode, count } = spec.cluster.nodes;
  const have = gpusPerNode * count;
  const need = models.reduce((sum, model) => sum + model.replicas.max * model.tensorParallel, 0);
  if (need <= have) return [];
  return [
    {
      code: "not-enough-gpus",
      model: null,
      message: `at their upper bounds the models need ${need} GPUs (${models.map((m) => `${m.name}: ${m.replicas.max} × ${m.tensorParallel}`).join(", ")}); the cluster has ${have} × ${gpu}`,
      need,
      have,
      unit: "GPUs",
      nearest: "lower replicas.max, or add nodes",
    },
  ];
}

function warnings(spec: StackSpec, models: ModelPlan[]): string[] {
  const list: string[] = [];
  for (const model of models) {
    if (model.verdict === "tight")
      list.push(`${model.name}: tight; only the high case holds one full-length request`);
    if (model.revision === null) {
      list.push(
        `${model.name}: no revision of ${model.model} is known; set models[].revision to the commit whose weights you stage`,
      );
    }
    if (!model.image.includes("@sha256:")) list.push(`${model.name}: the image is not pinned by digest`);
    if (model.replicas.min >= 2 && model.nodes.min === 1 && spec.cluster.kind === "eks") {
      list.push(
        `${model.name}: the ${model.replicas.min} always-on replicas share one node; a failed node takes both until another has started`,
      );
    }
    if (model.load === null)
      list.push(`${model.name}: no load is given, so the expected case is the lower bound of replicas`);
  }
  if (spec.weights.from === "hub")
    list.push("weights.from: hub downloads the model at every pod start, through the internet");
  return list;
}

function decisions(spec: StackSpec): Record<string, Decision> {
  if (spec.cluster.kind === "existing") return {};
  const { egress } = spec.network;
  return {
    access: {
      value: spec.cluster.access.via,
      from: "user",
      why: "the API endpoint of the cluster is private",
      rejected: [
        {
          value: "public endpoint",
          because: "a control plane on the internet needs no exploit but a leaked token",
        },
      ],
    },
    egress: {
      value: egress,
      from: "user",
      why:
        egress === "endpoints"
          ? "no route to the internet: every image must come from your own registry"
          : "image registries are outside AWS; pods themselves are held to the VPC by network policy",
      rejected: [],
    },
  };
}
