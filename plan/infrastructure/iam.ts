import { arn } from "../names.ts";

type Statement = Record<string, unknown>;
export interface Where {
  partition: string;
  region: string;
  accountId: string;
}

export function policyDocument(statements: Statement[]): Record<string, unknown> {
  return { Version: "2012-10-17", Statement: statements };
}

function accountRoot(where: Where): Statement {
  return {
    Sid: "AccountAdministration",
    Effect: "Allow",
    Principal: { AWS: `arn:${where.partition}:iam::${where.accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

const USE_KEY = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/** Key policy of the bucket and volume key: Auto Scaling's own role attaches the encrypted node volumes. */
export function dataKeyPolicy(where: Where): Record<string, unknown> {
  const role = `arn:${where.partition}:iam::${where.accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  return policyDocument([
    accountRoot(where),
    { Sid: "NodeVolumes", Effect: "Allow", Principal: { AWS: role }, Action: USE_KEY, Resource: "*" },
    {
      Sid: "NodeVolumeGrants",
      Effect: "Allow",
      Principal: { AWS: role },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ]);
}

/** Key policy of the secrets key: the account's own IAM policies decide. */
export function secretsKeyPolicy(where: Where): Record<string, unknown> {
  return policyDocument([accountRoot(where)]);
}

/** Key policy of the log key: CloudWatch Logs of this region, for log groups of this account only. */
export function logsKeyPolicy(where: Where): Record<string, unknown> {
  return policyDocument([
    accountRoot(where),
    {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${where.region}.amazonaws.com` },
      Action: USE_KEY,
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": arn(
            where.partition,
            "logs",
            where.region,
            where.accountId,
            "*",
          ),
        },
      },
    },
  ]);
}

/** TLS only, for everyone. */
export function bucketPolicy(bucketArn: string): Record<string, unknown> {
  return policyDocument([
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

/**
 * Read one model's prefix of the weights bucket, and nothing else. The key is named by its alias, because its
 * id is not known before it exists and a policy built from an output would be unknown to every check.
 */
export function readWeightsPolicy(
  where: Where,
  bucketArn: string,
  prefix: string,
  keyAlias: string | null,
): Record<string, unknown> {
  const statements: Statement[] = [
    { Sid: "ReadWeights", Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${bucketArn}/${prefix}/*`] },
    {
      Sid: "ListWeights",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucketArn],
      Condition: { StringLike: { "s3:prefix": [`${prefix}/*`] } },
    },
  ];
  if (keyAlias) {
    statements.push({
      Sid: "DecryptWeights",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [arn(where.partition, "kms", where.region, where.accountId, "key/*")],
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": keyAlias } },
    });
  }
  return policyDocument(statements);
}

/** Flow logs into one log group. */
export function flowLogPolicy(where: Where, logGroup: string): Record<string, unknown> {
  const group = arn(where.partition, "logs", where.region, where.accountId, `log-group:${logGroup}`);
  return policyDocument([
    {
      Effect: "Allow",
      Action: [
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
      ],
      Resource: [group, `${group}:*`],
    },
  ]);
}

export function servicePrincipal(service: string): Record<string, unknown> {
  return policyDocument([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

/** Trust of EKS Pod Identity. */
export function podIdentityTrust(): Record<string, unknown> {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    },
  ]);
}
