/** A service as an invoice names it, and its category in the words that FOCUS allows. */
export interface FocusService {
  name: string;
  category: string;
  provider: string;
}

type Row = readonly [name: string, category: string];

/** By the module of the resource type, for those of AWS. */
const MODULES: Record<string, Row> = {
  alb: ["Elastic Load Balancing", "Networking"],
  amp: ["Amazon Managed Service for Prometheus", "Management and Governance"],
  apigateway: ["Amazon API Gateway", "Networking"],
  apigatewayv2: ["Amazon API Gateway", "Networking"],
  autoscaling: ["Amazon EC2", "Compute"],
  backup: ["AWS Backup", "Storage"],
  cfg: ["AWS Config", "Management and Governance"],
  cloudfront: ["Amazon CloudFront", "Networking"],
  cloudtrail: ["AWS CloudTrail", "Management and Governance"],
  cloudwatch: ["Amazon CloudWatch", "Management and Governance"],
  cognito: ["Amazon Cognito", "Identity"],
  dynamodb: ["Amazon DynamoDB", "Databases"],
  ebs: ["Amazon EBS", "Storage"],
  ec2: ["Amazon EC2", "Compute"],
  ec2transitgateway: ["AWS Transit Gateway", "Networking"],
  ecr: ["Amazon ECR", "Compute"],
  ecs: ["Amazon ECS", "Compute"],
  efs: ["Amazon EFS", "Storage"],
  eks: ["Amazon EKS", "Compute"],
  elasticache: ["Amazon ElastiCache", "Databases"],
  elb: ["Elastic Load Balancing", "Networking"],
  fsx: ["Amazon FSx", "Storage"],
  globalaccelerator: ["AWS Global Accelerator", "Networking"],
  grafana: ["Amazon Managed Grafana", "Management and Governance"],
  guardduty: ["Amazon GuardDuty", "Security"],
  inspector2: ["Amazon Inspector", "Security"],
  kinesis: ["Amazon Kinesis", "Analytics"],
  kms: ["AWS KMS", "Security"],
  lambda: ["AWS Lambda", "Compute"],
  lb: ["Elastic Load Balancing", "Networking"],
  macie2: ["Amazon Macie", "Security"],
  msk: ["Amazon MSK", "Integration"],
  networkfirewall: ["AWS Network Firewall", "Security"],
  opensearch: ["Amazon OpenSearch Service", "Analytics"],
  pipes: ["Amazon EventBridge", "Integration"],
  rds: ["Amazon RDS", "Databases"],
  route53: ["Amazon Route 53", "Networking"],
  rum: ["Amazon CloudWatch", "Management and Governance"],
  s3: ["Amazon S3", "Storage"],
  scheduler: ["Amazon EventBridge", "Integration"],
  secretsmanager: ["AWS Secrets Manager", "Security"],
  securityhub: ["AWS Security Hub", "Security"],
  ses: ["Amazon SES", "Business Applications"],
  sesv2: ["Amazon SES", "Business Applications"],
  sfn: ["AWS Step Functions", "Integration"],
  sns: ["Amazon SNS", "Integration"],
  sqs: ["Amazon SQS", "Integration"],
  ssm: ["AWS Systems Manager", "Management and Governance"],
  synthetics: ["Amazon CloudWatch", "Management and Governance"],
  wafv2: ["AWS WAF", "Security"],
};

const VPC: Row = ["Amazon VPC", "Networking"];
const EVENTS: Row = ["Amazon EventBridge", "Integration"];

/** Types that the module alone would put elsewhere. */
const TYPES: Record<string, Row> = {
  "aws:ec2/eip:Eip": VPC,
  "aws:ec2/flowLog:FlowLog": VPC,
  "aws:ec2/natGateway:NatGateway": VPC,
  "aws:ec2/trafficMirrorSession:TrafficMirrorSession": VPC,
  "aws:ec2/vpcEndpoint:VpcEndpoint": VPC,
  "aws:ec2/vpnConnection:VpnConnection": ["AWS Site-to-Site VPN", "Networking"],
  "aws:cloudwatch/eventBus:EventBus": EVENTS,
  "aws:cloudwatch/eventRule:EventRule": EVENTS,
  "aws:cloudwatch/eventArchive:EventArchive": EVENTS,
  "aws:cloudwatch/eventApiDestination:EventApiDestination": EVENTS,
  "aws:eks/fargateProfile:FargateProfile": ["AWS Fargate", "Compute"],
  // Its nodes; the control plane is of the cluster.
  "aws:eks/nodeGroup:NodeGroup": ["Amazon EC2", "Compute"],
  "freehold:plan:NodePool": ["Amazon EC2", "Compute"],
  "kubernetes:core/v1:PersistentVolumeClaim": ["Amazon EBS", "Storage"],
};

/**
 * The service that a resource type is charged as. What is not in the tables is of the category `Other` under the
 * name of its type; machines of one's own have no provider but oneself.
 */
export function focusService(type: string): FocusService {
  if (type === "freehold:plan:Hardware")
    return { name: "Own hardware", category: "Compute", provider: "own organisation" };
  const [, module] = /^aws:([a-z0-9]+)\//.exec(type) ?? [];
  const row = TYPES[type] ?? (module === undefined ? undefined : MODULES[module]);
  if (row) return { name: row[0], category: row[1], provider: "AWS" };
  return { name: type, category: "Other", provider: type.startsWith("aws:") ? "AWS" : "" };
}
