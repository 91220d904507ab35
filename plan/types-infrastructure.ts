/** The AWS layer, decided. ARNs are composed from partition, region, account and name, so that rules see them. */
export interface InfrastructurePlan {
  name: string;
  partition: string;
  region: string;
  accountId: string;
  tags: Record<string, string>;
  network: NetworkPlan;
  cluster: ClusterPlan;
  nodeGroups: NodeGroupPlan[];
  karpenter: KarpenterPlan | null;
  storage: StoragePlan | null;
  keys: KeyPlan[];
  /** IAM roles that pods get through EKS Pod Identity. */
  podRoles: PodRolePlan[];
  access: { via: "in-vpc" | "ssm" | "staged"; why: string };
}

export interface SubnetPlan {
  name: string;
  cidr: string;
  availabilityZone: string;
}

export interface NetworkPlan {
  cidr: string;
  privateSubnets: SubnetPlan[];
  publicSubnets: SubnetPlan[];
  natGateways: number;
  gatewayEndpoints: string[];
  /** Service names without the com.amazonaws.<region> prefix. */
  interfaceEndpoints: string[];
  /** Number of zones that get a network interface of each endpoint. */
  interfaceEndpointZones: number;
  flowLogs: { logGroup: string; retentionDays: number };
}

export interface KeyPlan {
  /** "data" (buckets, volumes), "secrets" (EKS envelope), "logs". */
  role: "data" | "secrets" | "logs";
  description: string;
  policy: Record<string, unknown>;
}

export interface AddonPlan {
  name: string;
  configuration: Record<string, unknown> | null;
  /** null: the cluster version's default, because no sourced version is in the catalogue. */
  version: string | null;
  why: string;
}

export interface ClusterPlan {
  name: string;
  version: string;
  logTypes: string[];
  logGroup: string;
  retentionDays: number;
  admins: string[];
  addons: AddonPlan[];
  serviceCidr: string;
}

export interface NodeGroupPlan {
  name: string;
  role: "system" | "gpu";
  instance: string;
  amiType: string;
  capacityType: "ON_DEMAND" | "SPOT";
  min: number;
  max: number;
  desired: number;
  volumeGib: number;
  volumeIops: number;
  volumeThroughputMibps: number;
  labels: Record<string, string>;
  taints: { key: string; value: string; effect: string }[];
  why: string;
}

export interface KarpenterPlan {
  queueName: string;
  controllerPolicy: Record<string, unknown>;
  nodeRole: string;
}

export interface StoragePlan {
  bucket: string;
  policy: Record<string, unknown>;
  /** Days after which old versions and unfinished uploads go. */
  noncurrentDays: number;
  abortMultipartDays: number;
}

export interface PodRolePlan {
  name: string;
  namespace: string;
  serviceAccount: string;
  policy: Record<string, unknown>;
  why: string;
}
