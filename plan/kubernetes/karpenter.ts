import { CONSOLIDATE_AFTER_MINUTES } from "../load/rule.ts";
import type { ModelPlan, NodePool } from "../types.ts";
import type { InfrastructurePlan } from "../types-infrastructure.ts";
import type { KubernetesObject } from "../types-kubernetes.ts";
import { commonLabels } from "./namespace.ts";

/**
 * The Karpenter pair of one elastic pool. Karpenter's own defaults (consolidate at once, drift on every new
 * AMI) would move engines that take minutes to load; here only empty nodes go, one at a time.
 *
 * @param amiAlias pinned AMI release, e.g. "al2023@v20260714"; `@latest` would drift every GPU node.
 */
export function planNodePool(
  pool: NodePool,
  model: ModelPlan,
  infrastructure: InfrastructurePlan,
  amiAlias: string,
): { nodeClass: KubernetesObject; nodePool: KubernetesObject } {
  const { name: cluster, partition, region, accountId, karpenter, network } = infrastructure;
  const dataKey = infrastructure.keys.some((key) => key.role === "data")
    ? `arn:${partition}:kms:${region}:${accountId}:alias/${cluster}-data`
    : null;
  const metadata = { name: model.name, labels: commonLabels("nodes") };
  return {
    nodeClass: {
      apiVersion: "karpenter.k8s.aws/v1",
      kind: "EC2NodeClass",
      metadata,
      spec: {
        amiSelectorTerms: [{ alias: amiAlias }],
        instanceProfile: karpenter!.nodeRole,
        subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": cluster } }],
        // EKS tags the cluster's own security group.
        securityGroupSelectorTerms: [{ tags: { "aws:eks:cluster-name": cluster } }],
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeType: "gp3",
              volumeSize: `${pool.volumeGib}Gi`,
              iops: 6000,
              throughput: 600,
              encrypted: true,
              deleteOnTermination: true,
              ...(dataKey && { kmsKeyID: dataKey }),
            },
          },
        ],
        instanceStorePolicy: "RAID0",
        tags: infrastructure.tags,
      },
    },
    nodePool: {
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata,
      spec: {
        template: {
          metadata: { labels: { "freehold.dev/pool": model.name, "freehold.dev/gpu": "true" } },
          spec: {
            nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: model.name },
            requirements: [
              { key: "node.kubernetes.io/instance-type", operator: "In", values: [pool.instance] },
              { key: "karpenter.sh/capacity-type", operator: "In", values: [pool.capacity] },
              { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
              {
                key: "topology.kubernetes.io/zone",
                operator: "In",
                values: network.privateSubnets.map((subnet) => subnet.availabilityZone),
              },
            ],
            taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }],
            expireAfter: "720h",
            terminationGracePeriod: "30m",
          },
        },
        disruption: {
          consolidationPolicy: "WhenEmpty",
          consolidateAfter: `${CONSOLIDATE_AFTER_MINUTES}m`,
          budgets: [{ nodes: "1" }],
        },
        limits: { "nvidia.com/gpu": String(pool.peakNodes * model.gpusPerNode) },
      },
    },
  };
}
