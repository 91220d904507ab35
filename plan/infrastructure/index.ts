import type { StackSpec } from "../../config/index.ts";
import { GPU_AMI } from "../candidates.ts";
import { bucketName, SERVING_NAMESPACE } from "../names.ts";
import type { ModelPlan, NodePool } from "../types.ts";
import type { AddonPlan, InfrastructurePlan, NodeGroupPlan } from "../types-infrastructure.ts";
import {
  bucketPolicy,
  dataKeyPolicy,
  logsKeyPolicy,
  readWeightsPolicy,
  secretsKeyPolicy,
  type Where,
} from "./iam.ts";
import { planKarpenter } from "./karpenter.ts";
import { planNetwork } from "./network.ts";

/** All five control-plane log types. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const ADDONS: AddonPlan[] = [
  {
    name: "vpc-cni",
    // Without this switch NetworkPolicy objects are accepted and not enforced.
    configuration: { enableNetworkPolicy: "true" },
    version: null,
    why: "pod networking, with the network policy engine on",
  },
  { name: "kube-proxy", configuration: null, version: null, why: "service routing" },
  { name: "coredns", configuration: null, version: null, why: "cluster DNS" },
  {
    name: "eks-pod-identity-agent",
    configuration: null,
    version: null,
    why: "pods get IAM roles without keys and without an OIDC provider",
  },
];

/** The AWS layer of a stack that builds its own cluster. */
export function planInfrastructure(
  spec: StackSpec,
  stack: string,
  name: string,
  partition: string,
  models: ModelPlan[],
  pools: NodePool[],
): InfrastructurePlan {
  if (spec.cluster.kind !== "eks" || !spec.aws) throw new Error("planInfrastructure needs an EKS cluster");
  const { region, accountId } = spec.aws;
  const where: Where = { partition, region, accountId };
  const bucket = spec.weights.from === "s3" ? bucketName(name, "weights", accountId, region) : null;
  const bucketArn = bucket ? `arn:${partition}:s3:::${bucket}` : null;
  const keys = spec.encryption.customerKeys
    ? [
        {
          role: "data" as const,
          description: `${name}: weights bucket and node volumes`,
          policy: dataKeyPolicy(where),
        },
        {
          role: "secrets" as const,
          description: `${name}: Kubernetes secrets`,
          policy: secretsKeyPolicy(where),
        },
        { role: "logs" as const, description: `${name}: log groups`, policy: logsKeyPolicy(where) },
      ]
    : [];
  const elastic = pools.some((pool) => pool.provisioner === "karpenter");
  return {
    name,
    partition,
    region,
    accountId,
    tags: { ...spec.tags, "freehold:stack": stack },
    network: planNetwork(spec, name, region),
    cluster: {
      name,
      version: spec.cluster.version,
      logTypes: LOG_TYPES,
      logGroup: `/aws/eks/${name}/cluster`,
      retentionDays: spec.retention.auditLogDays,
      admins: spec.cluster.admins,
      addons: ADDONS,
      serviceCidr: "172.20.0.0/16",
    },
    nodeGroups: pools.filter((pool) => pool.provisioner === "managed").map(nodeGroup),
    karpenter: elastic ? planKarpenter(where, name) : null,
    storage:
      bucket && bucketArn
        ? { bucket, policy: bucketPolicy(bucketArn), noncurrentDays: 30, abortMultipartDays: 7 }
        : null,
    keys,
    podRoles:
      bucketArn === null
        ? []
        : models.map((model) => ({
            name: `${name}-${model.name}`,
            namespace: SERVING_NAMESPACE,
            serviceAccount: model.name,
            policy: readWeightsPolicy(
              where,
              bucketArn,
              model.model.replace(/^[./]+/, ""),
              spec.encryption.customerKeys ? `alias/${name}-data` : null,
            ),
            why: "reads its own weights and nothing else",
          })),
    access: { via: spec.cluster.access.via, why: ACCESS[spec.cluster.access.via] },
  };
}

const ACCESS = {
  "in-vpc": "the machine that runs `pulumi up` has a route to the private endpoint; nothing is built for it",
  ssm: "an instance without ingress forwards the port through AWS Systems Manager",
  staged: "`layers: [infrastructure]` first, then the kubernetes layer from a runner inside the VPC",
};

function nodeGroup(pool: NodePool): NodeGroupPlan {
  const gpu = pool.role === "gpu";
  return {
    name: pool.name,
    role: pool.role,
    instance: pool.instance!,
    amiType: gpu ? GPU_AMI : "AL2023_x86_64_STANDARD",
    capacityType: pool.capacity === "spot" ? "SPOT" : "ON_DEMAND",
    min: pool.peakNodes,
    max: pool.peakNodes,
    desired: pool.peakNodes,
    volumeGib: pool.volumeGib,
    // Pulling a 10 GB image is bound by the disk: 600 MiB/s is what parallel pulls need.
    volumeIops: gpu ? 6000 : 3000,
    volumeThroughputMibps: gpu ? 600 : 125,
    labels: gpu
      ? { "freehold.dev/pool": pool.name.replace(/-floor$/, ""), "freehold.dev/gpu": "true" }
      : { "freehold.dev/pool": "system" },
    taints: gpu ? [{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }] : [],
    why: pool.why,
  };
}
