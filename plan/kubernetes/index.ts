import { ami, instance as instanceNamed } from "../../catalog/index.ts";
import type { StackSpec } from "../../config/index.ts";
import { GPU_AMI } from "../candidates.ts";
import { API_KEY_SECRET, ENGINE_PORT, MONITORING_NAMESPACE, SERVING_NAMESPACE } from "../names.ts";
import { startUp } from "../startup.ts";
import type { ModelPlan, NodePool } from "../types.ts";
import type { InfrastructurePlan } from "../types-infrastructure.ts";
import type { KubernetesPlan, ModelObjects } from "../types-kubernetes.ts";
import { planNodePool } from "./karpenter.ts";
import { planAlerts, planDashboard, planPodMonitor } from "./monitoring.ts";
import { planNamespace, planNamespacePolicies } from "./namespace.ts";
import { isScaled, planScaling } from "./scaling.ts";
import { planServing } from "./serving.ts";

export { planCharts } from "./charts.ts";

/** Prometheus of the chart that Freehold installs. */
const OWN_PROMETHEUS = `http://kube-prometheus-stack-prometheus.${MONITORING_NAMESPACE}.svc:9090`;

/** Karpenter's name of the catalogue's AL2023 NVIDIA release. */
function amiAlias(): string {
  const release = ami(GPU_AMI)?.release;
  if (!release) throw new Error("the catalogue has no release of the GPU image");
  return `al2023@${release}`;
}

/** CPU and memory of the node that a replica lands on. */
function nodeOf(model: ModelPlan, spec: StackSpec): { vcpu: number; allocatableMib: number } {
  if (spec.cluster.kind === "existing") {
    return { vcpu: spec.cluster.nodes.vcpu, allocatableMib: Math.floor(spec.cluster.nodes.memoryGib * 1024) };
  }
  const row = instanceNamed(model.instance!)!;
  // Where the table has no figure: EC2's memory less 8 %, the largest gap of the rows that have one.
  return { vcpu: row.vcpu, allocatableMib: row.allocatableMib ?? Math.floor(row.memoryGib * 1024 * 0.92) };
}

/** Every Kubernetes object of the stack. */
export function planKubernetes(
  spec: StackSpec,
  models: ModelPlan[],
  pools: NodePool[],
  infrastructure: InfrastructurePlan | null,
): KubernetesPlan {
  const prometheus = spec.monitoring.prometheusUrl ?? OWN_PROMETHEUS;
  const objects = models.map((model): ModelObjects => {
    const startup = startUp(model, spec.weights.from).seconds;
    return {
      model: model.name,
      serving: planServing(
        model,
        spec,
        nodeOf(model, spec),
        infrastructure?.network.cidr ?? null,
        isScaled(model, spec),
      ),
      scaledObject: planScaling(model, spec, prometheus, startup.high),
      podMonitor: spec.monitoring.enabled ? planPodMonitor(model, spec) : null,
      endpoint: `http://${model.name}.${SERVING_NAMESPACE}.svc:${ENGINE_PORT}/v1`,
      startupSeconds: startup,
    };
  });
  return {
    namespace: planNamespace(spec),
    namespacePolicies: planNamespacePolicies(),
    models: objects,
    prometheusRule: spec.monitoring.enabled ? planAlerts(models, spec) : null,
    dashboard: spec.monitoring.enabled ? planDashboard(models) : null,
    karpenter: infrastructure
      ? pools
          .filter((pool) => pool.provisioner === "karpenter")
          .map((pool) =>
            planNodePool(
              pool,
              models.find((m) => `${m.name}-elastic` === pool.name)!,
              infrastructure,
              amiAlias(),
            ),
          )
      : [],
    apiKeySecret: API_KEY_SECRET,
  };
}
