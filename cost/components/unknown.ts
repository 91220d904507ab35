import { type ComponentTable, unpriced } from "./component.ts";

const NO_SOURCE = "no price that a public source gives for both us-east-1 and eu-central-1 was found";

/** Types that cost money for which the catalogue has no price, and why: they are never counted as priced. */
const TYPES: readonly [reason: string, types: readonly string[]][] = [
  [
    NO_SOURCE,
    [
      "aws:amp/scraper:Scraper",
      "aws:amp/workspace:Workspace",
      "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
      "aws:backup/vault:Vault",
      "aws:cloudwatch/contributorInsightRule:ContributorInsightRule",
      "aws:cloudwatch/metricStream:MetricStream",
      "aws:cloudtrail/eventDataStore:EventDataStore",
      "aws:ec2/trafficMirrorSession:TrafficMirrorSession",
      "aws:ec2transitgateway/transitGateway:TransitGateway",
      "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
      "aws:elasticache/cluster:Cluster",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:elasticache/serverlessCache:ServerlessCache",
      "aws:elb/loadBalancer:LoadBalancer",
      "aws:fsx/backup:Backup",
      "aws:fsx/lustreFileSystem:LustreFileSystem",
      "aws:fsx/ontapFileSystem:OntapFileSystem",
      "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
      "aws:fsx/windowsFileSystem:WindowsFileSystem",
      "aws:inspector2/enabler:Enabler",
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
      "aws:macie2/account:Account",
      "aws:msk/cluster:Cluster",
      "aws:opensearch/domain:Domain",
      "aws:rds/clusterSnapshot:ClusterSnapshot",
      "aws:rds/proxy:Proxy",
      "aws:rds/snapshot:Snapshot",
      "aws:route53/resolverEndpoint:ResolverEndpoint",
      "aws:securityhub/account:Account",
      "aws:wafv2/ruleGroup:RuleGroup",
    ],
  ],
  [
    "GuardDuty is charged by events and GB that it looks at; no sourced price for both regions was found",
    ["aws:guardduty/detector:Detector", "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan"],
  ],
  [
    "which instances it starts is decided when it runs",
    ["aws:ec2/fleet:Fleet", "aws:ec2/spotFleetRequest:SpotFleetRequest"],
  ],
  ["only shared tenancy is in the price list", ["aws:ec2/dedicatedHost:DedicatedHost"]],
  [
    "capacity blocks have dated prices that change on a calendar",
    ["aws:ec2/capacityBlockReservation:CapacityBlockReservation"],
  ],
  [
    "how many pods it starts, and of which size, is decided in the cluster",
    ["aws:eks/fargateProfile:FargateProfile"],
  ],
  [
    "the snapshots behind an image are not in the graph",
    ["aws:ec2/ami:Ami", "aws:ec2/amiCopy:AmiCopy", "aws:ec2/amiFromInstance:AmiFromInstance"],
  ],
];

/** Types that are known to cost money, without a price. */
export const PRICE_UNKNOWN: ComponentTable = Object.fromEntries(
  TYPES.flatMap(([reason, types]) => types.map((type) => [type, [unpriced("resource", reason)]])),
);
