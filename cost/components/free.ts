import { type ComponentTable, type CostComponent, free } from "./component.ts";
import { IN_CLUSTER } from "./kubernetes.ts";

const all = (reason: string, types: string[]): ComponentTable =>
  Object.fromEntries(types.map((type) => [type, [free(reason)]]));

const camel = (name: string) => name[0]!.toLowerCase() + name.slice(1);
const ec2 = (name: string) => `aws:ec2/${camel(name)}:${name}`;
/** S3 settings exist under two names since version 6 of the provider. */
const s3 = (name: string) => [`aws:s3/${camel(name)}:${name}`, `aws:s3/${camel(name)}V2:${name}V2`];
const vpc = (name: string) => `aws:vpc/${camel(name)}:${name}`;
/** Types of one module by their names. */
const of = (module: string, ...names: string[]) =>
  names.map((name) => `aws:${module}/${camel(name)}:${name}`);

/** Types that cost nothing. */
export const FREE: ComponentTable = {
  ...all(
    "VPCs and their routes have no charge",
    [
      "Vpc",
      "DefaultVpc",
      "VpcDhcpOptions",
      "Subnet",
      "DefaultSubnet",
      "RouteTable",
      "DefaultRouteTable",
      "MainRouteTableAssociation",
      "Route",
      "RouteTableAssociation",
      "InternetGateway",
      "EgressOnlyInternetGateway",
      "VpcEndpointRouteTableAssociation",
      "VpcEndpointSubnetAssociation",
      "VpcEndpointPolicy",
      "EipAssociation",
      "NetworkInterface",
      "NetworkInterfaceAttachment",
      "ManagedPrefixList",
      "ManagedPrefixListEntry",
      "PlacementGroup",
      "CustomerGateway",
      "VpnGateway",
      "VpnGatewayAttachment",
      "VpcPeeringConnection",
      "VpcPeeringConnectionAccepter",
      "VpcIpv4CidrBlockAssociation",
    ].map(ec2),
  ),
  ...all("an attachment; the volume is priced itself", [ec2("VolumeAttachment")]),
  ...all(
    "part of the scaling group; what it starts is priced there",
    of("autoscaling", "Attachment", "LifecycleHook", "Notification", "Policy", "Schedule", "Tag"),
  ),
  ...all(
    "part of the file system's price",
    of("efs", "AccessPoint", "BackupPolicy", "FileSystemPolicy", "MountTarget"),
  ),
  ...all(
    "ECS has no charge of its own; what runs is priced at its service",
    of("ecs", "CapacityProvider", "Cluster", "ClusterCapacityProviders", "TaskDefinition"),
  ),
  ...all("plans and selections have no charge; what they keep is charged at its vault", [
    ...of("backup", "Plan", "Selection", "VaultLockConfiguration", "VaultNotifications", "VaultPolicy"),
    "aws:dlm/lifecyclePolicy:LifecyclePolicy",
  ]),
  ...all(
    "part of AWS Config; records and evaluations are what is charged",
    of(
      "cfg",
      "AggregateAuthorization",
      "ConfigurationAggregator",
      "DeliveryChannel",
      "RecorderStatus",
      "RetentionConfiguration",
    ),
  ),
  ...all("settings and policies have no charge", [
    ...of(
      "cloudwatch",
      "EventBusPolicy",
      "EventPermission",
      "LogDataProtectionPolicy",
      "LogStream",
      "LogSubscriptionFilter",
      "QueryDefinition",
    ),
    ...of("sns", "TopicPolicy"),
    ...of("sqs", "RedriveAllowPolicy", "RedrivePolicy"),
    ...of("ecr", "RegistryPolicy", "PullThroughCacheRule", "RepositoryCreationTemplate"),
    ...of("guardduty", "Filter", "IPSet", "ThreatIntelSet"),
    ...of("amp", "AlertManagerDefinition", "ResourcePolicy", "RuleGroupNamespace", "WorkspaceConfiguration"),
    ...of(
      "grafana",
      "RoleAssociation",
      "WorkspaceSamlConfiguration",
      "WorkspaceServiceAccount",
      "WorkspaceServiceAccountToken",
    ),
    ...of("scheduler", "ScheduleGroup"),
    ...of("synthetics", "Group", "GroupAssociation"),
    ...of("ses", "DomainDkim", "DomainIdentityVerification", "IdentityPolicy", "MailFrom"),
  ]),
  ...all(
    "part of the web ACL's price; what it logs is priced where it arrives",
    of("wafv2", "IpSet", "RegexPatternSet", "WebAclAssociation", "WebAclLoggingConfiguration"),
  ),
  ...all(
    "part of the firewall's price",
    of("networkfirewall", "FirewallPolicy", "LoggingConfiguration", "ResourcePolicy", "RuleGroup"),
  ),
  ...all("part of the function; calls of it are what is charged", [
    ...of(
      "lambda",
      "Alias",
      "EventSourceMapping",
      "FunctionEventInvokeConfig",
      "FunctionUrl",
      "LayerVersion",
      "Permission",
    ),
  ]),
  ...all("part of the interface; requests to it are what is charged", [
    ...of(
      "apigateway",
      "Account",
      "Authorizer",
      "BasePathMapping",
      "Deployment",
      "DomainName",
      "Integration",
      "IntegrationResponse",
      "Method",
      "MethodResponse",
      "Model",
      "RequestValidator",
      "Resource",
      "Response",
      "RestApiPolicy",
      "UsagePlan",
      "VpcLink",
    ),
    ...of(
      "apigatewayv2",
      "ApiMapping",
      "Authorizer",
      "Deployment",
      "DomainName",
      "Integration",
      "Route",
      "Stage",
      "VpcLink",
    ),
  ]),
  ...all(
    "part of the user pool; users are what is charged",
    of(
      "cognito",
      "IdentityPool",
      "IdentityPoolRoleAttachment",
      "ResourceServer",
      "UserGroup",
      "UserPoolClient",
      "UserPoolDomain",
    ),
  ),
  ...all("groups and settings of databases have no charge", [
    ...of("rds", "ClusterParameterGroup", "OptionGroup", "ParameterGroup", "RoleAssociation", "SubnetGroup"),
    ...of("elasticache", "ParameterGroup", "SubnetGroup"),
  ]),
  ...all(
    "look-ups are priced at the zone",
    of("route53", "Record", "ZoneAssociation", "VpcAssociationAuthorization"),
  ),
  ...all("public certificates have no charge", of("acm", "CertificateValidation")),
  ...all(
    "part of the distribution's price",
    of(
      "cloudfront",
      "CachePolicy",
      "KeyGroup",
      "OriginAccessControl",
      "OriginAccessIdentity",
      "OriginRequestPolicy",
      "PublicKey",
      "ResponseHeadersPolicy",
    ),
  ),
  ...all("scaling rules have no charge", of("appautoscaling", "Policy", "ScheduledAction", "Target")),
  ...all("security groups and network ACLs have no charge", [
    ...["SecurityGroup", "DefaultSecurityGroup", "SecurityGroupRule", "NetworkAcl", "DefaultNetworkAcl"].map(
      ec2,
    ),
    vpc("SecurityGroupIngressRule"),
    vpc("SecurityGroupEgressRule"),
  ]),
  ...all("account settings and key pairs have no charge", [
    ec2("KeyPair"),
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ebs/defaultKmsKey:DefaultKmsKey",
  ]),
  ...all("part of the load balancer's price", [
    ...["aws:lb", "aws:alb"].flatMap((module) => [
      `${module}/listener:Listener`,
      `${module}/listenerRule:ListenerRule`,
      `${module}/targetGroup:TargetGroup`,
      `${module}/targetGroupAttachment:TargetGroupAttachment`,
    ]),
  ]),
  ...all("aliases, grants and policies have no charge", [
    "aws:kms/alias:Alias",
    "aws:kms/grant:Grant",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  ]),
  ...all(
    "settings of a bucket have no charge of their own",
    [
      "BucketPolicy",
      "BucketPublicAccessBlock",
      "BucketOwnershipControls",
      "BucketServerSideEncryptionConfiguration",
      "BucketVersioning",
      "BucketLifecycleConfiguration",
      "BucketLogging",
      "BucketAcl",
      "BucketCorsConfiguration",
      "BucketNotification",
      "BucketWebsiteConfiguration",
      "BucketObject",
    ].flatMap(s3),
  ),
};

/** Whole families that cost nothing, by the start of the type. */
export const FREE_PREFIXES: readonly [prefix: string, component: CostComponent][] = [
  ["aws:iam/", free("IAM is free")],
  ["kubernetes:", free(IN_CLUSTER)],
  ["pulumi:", free("part of Pulumi, not a cloud resource")],
  ["random:", free("a value in the state, not a cloud resource")],
  ["tls:", free("a value in the state, not a cloud resource")],
  ["time:", free("a value in the state, not a cloud resource")],
  ["command:", free("a command that runs beside the program, not a cloud resource")],
  ["local:", free("a command that runs beside the program, not a cloud resource")],
];
