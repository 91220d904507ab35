import { UNKNOWN } from "../../../graph/index.ts";
import { nodeGroup, resource, TEMPLATE } from "../fixtures.ts";

/** Programs of lines.csv by the name of their case: the resource of that name, and what it refers to. */
type Props = Parameters<typeof resource>[2];
const one = (name: string, type: string, props: Props = {}) => [resource(type, name, props)];
const gp3 = (volumeSize: number) => [{ deviceName: "/dev/xvda", ebs: { volumeType: "gp3", volumeSize } }];
const volume = (name: string, props: Props) => one(name, "aws:ebs/volume:Volume", props);

const template = resource(TEMPLATE, "gpus", { name: "gpus", blockDeviceMappings: gp3(100) });
const task = (family: string, props: Props) =>
  resource("aws:ecs/taskDefinition:TaskDefinition", family, { family, ...props });
const service = (name: string, desiredCount: number, props: Props = {}) =>
  resource("aws:ecs/service:Service", name, { launchType: "FARGATE", desiredCount, ...props });
const scalingOf = (resourceName: string) => ({ clusterIdentifier: resourceName });

export const CASES = Object.fromEntries(
  Object.entries({
    "node-group": nodeGroup("node-group", { min: 2, desired: 2, max: 2 }),
    instance: one("instance", "aws:ec2/instance:Instance", {
      instanceType: "m6i.large",
      associatePublicIpAddress: true,
      rootBlockDevice: { volumeType: "gp3", volumeSize: 50 },
    }),
    "spot-request": one("spot-request", "aws:ec2/spotInstanceRequest:SpotInstanceRequest", {
      instanceType: "g6e.xlarge",
      rootBlockDevice: { volumeType: "gp2", volumeSize: 100 },
    }),
    reservation: one("reservation", "aws:ec2/capacityReservation:CapacityReservation", {
      instanceType: "m6i.large",
      instanceCount: 3,
    }),
    // Four expected: two On-Demand first, then half of the other two.
    "scaling-group": [
      template,
      ...one("scaling-group", "aws:autoscaling/group:Group", {
        minSize: 2,
        desiredCapacity: 4,
        maxSize: 8,
        mixedInstancesPolicy: {
          launchTemplate: {
            launchTemplateSpecification: { launchTemplateName: "gpus" },
            overrides: [{ instanceType: "g6e.xlarge" }],
          },
          instancesDistribution: { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 50 },
        },
      }),
    ],
    "volume-gp3": volume("volume-gp3", { type: "gp3", size: 100, iops: 4000, throughput: 250 }),
    // The API's own default.
    "volume-gp2": volume("volume-gp2", { size: 8 }),
    "volume-io1": volume("volume-io1", { type: "io1", size: 200, iops: 3000 }),
    "volume-io2": volume("volume-io2", { type: "io2", size: 500, iops: 65_000 }),
    "volume-st1": volume("volume-st1", { type: "st1", size: 500 }),
    "volume-sc1": volume("volume-sc1", { type: "sc1", size: 500 }),
    "volume-standard": volume("volume-standard", { type: "standard", size: 20 }),
    snapshot: one("snapshot", "aws:ebs/snapshot:Snapshot", { volumeId: UNKNOWN }),
    "snapshot-copy": one("snapshot-copy", "aws:ebs/snapshotCopy:SnapshotCopy"),
    "snapshot-import": one("snapshot-import", "aws:ebs/snapshotImport:SnapshotImport", {
      storageTier: "archive",
    }),
    "fast-restore": one("fast-restore", "aws:ebs/fastSnapshotRestore:FastSnapshotRestore"),
    cluster: one("cluster", "aws:eks/cluster:Cluster", { version: "1.35" }),
    // Standard support of 1.33 ended on 2026-07-29.
    "cluster-extended": one("cluster-extended", "aws:eks/cluster:Cluster", { version: "1.33" }),
    "cluster-provisioned": one("cluster-provisioned", "aws:eks/cluster:Cluster", {
      version: "1.35",
      controlPlaneScalingConfig: { tier: "tier-xl" },
    }),
    repository: one("repository", "aws:ecr/repository:Repository"),
    // Two tasks of half a processor and one GB each.
    "service-x86": [
      task("web", { cpu: "512", memory: "1024" }),
      service("service-x86", 2, { taskDefinition: "web", networkConfiguration: { assignPublicIp: true } }),
    ],
    // Three tasks of one processor, two GB, and thirty GB of storage beyond the first twenty.
    "service-arm": [
      task("work", {
        cpu: "1024",
        memory: "2048",
        runtimePlatform: { cpuArchitecture: "ARM64" },
        ephemeralStorage: { sizeInGib: 50 },
      }),
      service("service-arm", 3, {
        taskDefinition: "arn:aws:ecs:us-east-1:111122223333:task-definition/work:7",
      }),
    ],
    address: one("address", "aws:ec2/eip:Eip", { domain: "vpc" }),
    nat: one("nat", "aws:ec2/natGateway:NatGateway"),
    endpoint: one("endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint", {
      vpcEndpointType: "Interface",
      subnetIds: ["a", "b", "c"],
    }),
    "endpoint-gwlb": one("endpoint-gwlb", "aws:ec2/vpcEndpoint:VpcEndpoint", {
      vpcEndpointType: "GatewayLoadBalancer",
      subnetIds: ["a"],
    }),
    vpn: one("vpn", "aws:ec2/vpnConnection:VpnConnection", { vpnGatewayId: "vgw-1" }),
    firewall: one("firewall", "aws:networkfirewall/firewall:Firewall", {
      subnetMappings: [{ subnetId: "a" }, { subnetId: "b" }],
    }),
    accelerator: one("accelerator", "aws:globalaccelerator/accelerator:Accelerator"),
    balancer: one("balancer", "aws:lb/loadBalancer:LoadBalancer", { subnets: ["a", "b"] }),
    "balancer-network": one("balancer-network", "aws:alb/loadBalancer:LoadBalancer", {
      loadBalancerType: "network",
      internal: true,
      subnets: ["a", "b"],
    }),
    bucket: one("bucket", "aws:s3/bucket:Bucket"),
    "bucket-v2": one("bucket-v2", "aws:s3/bucketV2:BucketV2"),
    files: one("files", "aws:efs/fileSystem:FileSystem"),
    "files-elastic": one("files-elastic", "aws:efs/fileSystem:FileSystem", { throughputMode: "elastic" }),
    key: one("key", "aws:kms/key:Key"),
    "key-asymmetric": one("key-asymmetric", "aws:kms/key:Key", { customerMasterKeySpec: "RSA_4096" }),
    "key-external": one("key-external", "aws:kms/externalKey:ExternalKey"),
    "key-replica": one("key-replica", "aws:kms/replicaKey:ReplicaKey"),
    "key-replica-external": one("key-replica-external", "aws:kms/replicaExternalKey:ReplicaExternalKey"),
    secret: one("secret", "aws:secretsmanager/secret:Secret"),
    parameter: one("parameter", "aws:ssm/parameter:Parameter", { tier: "Advanced" }),
    "log-group": one("log-group", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 365 }),
    "flow-log": one("flow-log", "aws:ec2/flowLog:FlowLog", {
      logDestination: "arn:aws:logs:us-east-1:111122223333:log-group:/elsewhere",
    }),
    alarm: one("alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", { period: 300 }),
    "alarm-fast": one("alarm-fast", "aws:cloudwatch/metricAlarm:MetricAlarm", { period: 10 }),
    "alarm-composite": one("alarm-composite", "aws:cloudwatch/compositeAlarm:CompositeAlarm"),
    dashboard: one("dashboard", "aws:cloudwatch/dashboard:Dashboard"),
    "metric-filter": one("metric-filter", "aws:cloudwatch/logMetricFilter:LogMetricFilter"),
    // 730 hours of twelve runs.
    canary: one("canary", "aws:synthetics/canary:Canary", {
      schedule: { expression: "rate(5 minutes)" },
    }),
    rum: one("rum", "aws:rum/appMonitor:AppMonitor"),
    grafana: one("grafana", "aws:grafana/workspace:Workspace"),
    trail: one("trail", "aws:cloudtrail/trail:Trail", { eventSelectors: [{ readWriteType: "All" }] }),
    "config-rule": one("config-rule", "aws:cfg/rule:Rule"),
    "config-managed": one("config-managed", "aws:cfg/organizationManagedRule:OrganizationManagedRule"),
    "config-custom": one("config-custom", "aws:cfg/organizationCustomRule:OrganizationCustomRule"),
    "config-policy": one(
      "config-policy",
      "aws:cfg/organizationCustomPolicyRule:OrganizationCustomPolicyRule",
    ),
    // Ten rules of a hundred evaluations.
    "config-pack": one("config-pack", "aws:cfg/conformancePack:ConformancePack"),
    "config-org-pack": one(
      "config-org-pack",
      "aws:cfg/organizationConformancePack:OrganizationConformancePack",
    ),
    acl: one("acl", "aws:wafv2/webAcl:WebAcl", { rules: [{ name: "a" }, { name: "b" }, { name: "c" }] }),
    "acl-rule": one("acl-rule", "aws:wafv2/webAclRule:WebAclRule"),
    queue: one("queue", "aws:sqs/queue:Queue"),
    "queue-fifo": one("queue-fifo", "aws:sqs/queue:Queue", { fifoQueue: true }),
    topic: one("topic", "aws:sns/topic:Topic"),
    bus: one("bus", "aws:cloudwatch/eventBus:EventBus"),
    "event-rule": one("event-rule", "aws:cloudwatch/eventRule:EventRule", { eventBusName: "own" }),
    // 73 days are 2.4 months.
    archive: one("archive", "aws:cloudwatch/eventArchive:EventArchive", { retentionDays: 73 }),
    "api-destination": one("api-destination", "aws:cloudwatch/eventApiDestination:EventApiDestination"),
    pipe: one("pipe", "aws:pipes/pipe:Pipe"),
    schedule: one("schedule", "aws:scheduler/schedule:Schedule"),
    workflow: one("workflow", "aws:sfn/stateMachine:StateMachine"),
    "workflow-express": one("workflow-express", "aws:sfn/stateMachine:StateMachine", { type: "EXPRESS" }),
    stream: one("stream", "aws:kinesis/stream:Stream", { shardCount: 2 }),
    // A million calls of 0.2 seconds with half a GB; on Arm with an eighth.
    function: one("function", "aws:lambda/function:Function", { memorySize: 512 }),
    "function-arm": one("function-arm", "aws:lambda/function:Function", { architectures: ["arm64"] }),
    "rest-api": one("rest-api", "aws:apigateway/restApi:RestApi"),
    "http-api": one("http-api", "aws:apigatewayv2/api:Api", { protocolType: "HTTP" }),
    users: one("users", "aws:cognito/userPool:UserPool"),
    "mail-domain": one("mail-domain", "aws:ses/domainIdentity:DomainIdentity"),
    "mail-identity": one("mail-identity", "aws:ses/emailIdentity:EmailIdentity"),
    "mail-identity-v2": one("mail-identity-v2", "aws:sesv2/emailIdentity:EmailIdentity"),
    table: one("table", "aws:dynamodb/table:Table", {
      billingMode: "PAY_PER_REQUEST",
      pointInTimeRecovery: { enabled: true },
    }),
    "table-rare": one("table-rare", "aws:dynamodb/table:Table", {
      billingMode: "PAY_PER_REQUEST",
      tableClass: "STANDARD_INFREQUENT_ACCESS",
    }),
    // Two zones: twice the hours and twice the storage.
    database: one("database", "aws:rds/instance:Instance", {
      engine: "postgres",
      instanceClass: "db.t4g.micro",
      storageType: "gp3",
      allocatedStorage: 20,
      multiAz: true,
    }),
    "database-t3-micro": one("database-t3-micro", "aws:rds/instance:Instance", {
      engine: "postgres",
      instanceClass: "db.t3.micro",
      storageType: "gp3",
      allocatedStorage: 20,
    }),
    "database-t4g-small": one("database-t4g-small", "aws:rds/instance:Instance", {
      engine: "postgres",
      instanceClass: "db.t4g.small",
      storageType: "gp3",
      allocatedStorage: 20,
    }),
    "database-mysql-t3": one("database-mysql-t3", "aws:rds/instance:Instance", {
      engine: "mysql",
      instanceClass: "db.t3.small",
      storageType: "gp3",
      allocatedStorage: 20,
    }),
    "database-mysql-t4g": one("database-mysql-t4g", "aws:rds/instance:Instance", {
      engine: "mysql",
      instanceClass: "db.t4g.small",
      storageType: "gp3",
      allocatedStorage: 20,
    }),
    aurora: one("aurora", "aws:rds/cluster:Cluster", { engine: "aurora-postgresql" }),
    "aurora-instance": [
      resource("aws:rds/cluster:Cluster", "its-cluster", {
        ...scalingOf("its-cluster"),
        engine: "aurora-postgresql",
        serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4 },
      }),
      ...one("aurora-instance", "aws:rds/clusterInstance:ClusterInstance", {
        ...scalingOf("its-cluster"),
        instanceClass: "db.serverless",
      }),
    ],
    zone: one("zone", "aws:route53/zone:Zone"),
    "health-check": one("health-check", "aws:route53/healthCheck:HealthCheck", { type: "HTTPS_STR_MATCH" }),
    distribution: one("distribution", "aws:cloudfront/distribution:Distribution"),
    claim: one("claim", "kubernetes:core/v1:PersistentVolumeClaim", {
      spec: { storageClassName: "gp3", resources: { requests: { storage: "100Gi" } } },
    }),
  }),
);
