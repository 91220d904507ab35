export { Access, type AccessArgs, FORWARDED_PORT } from "./access.ts";
export { Autoscaler, type AutoscalerArgs } from "./autoscaler.ts";
export { type Child, Component, type ComponentArgs, type Transform } from "./base.ts";
export { Cluster, type ClusterArgs } from "./cluster.ts";
export { Governance, type GovernanceArgs } from "./governance.ts";
export { Infrastructure, type InfrastructureArgs } from "./infrastructure.ts";
export { Monitoring, type MonitoringArgs } from "./monitoring.ts";
export { Network, type NetworkArgs } from "./network.ts";
export { NodeGroup, type NodeGroupArgs } from "./node-group.ts";
export { NodeRole, type NodeRoleArgs } from "./node-role.ts";
export { Operators, type OperatorsArgs } from "./operators.ts";
export { Platform, type PlatformArgs } from "./platform.ts";
export { Scaling, type ScalingArgs } from "./scaling.ts";
export {
  ModelService,
  type ModelServiceArgs,
  ServingNamespace,
  type ServingNamespaceArgs,
} from "./serving.ts";
export { WeightsBucket, type WeightsBucketArgs } from "./storage.ts";
export { VpcEndpoints, type VpcEndpointsArgs } from "./vpc-endpoints.ts";
