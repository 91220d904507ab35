import { type ComponentTable, type CostComponent, free } from "./component.ts";
import { IN_CLUSTER } from "./kubernetes.ts";

const all = (reason: string, types: string[]): ComponentTable =>
  Object.fromEntries(types.map((type) => [type, [free(reason)]]));

const camel = (name: string) => name[0]!.toLowerCase() + name.slice(1);
const ec2 = (name: string) => `aws:ec2/${camel(name)}:${name}`;
/** S3 settings exist under two names since version 6 of the provider. */
const s3 = (name: string) => [`aws:s3/${camel(name)}:${name}`, `aws:s3/${camel(name)}V2:${name}V2`];
const vpc = (name: string) => `aws:vpc/${camel(name)}:${name}`;

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
      "EipAssociation",
    ].map(ec2),
  ),
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
];
