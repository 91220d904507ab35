import { type Case, type Doc, edit, unknownAt } from "../graphs.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";

/** A bucket with all that the S3 controls ask for, each part a resource of its own. */
const bucket: Doc = {
  resources: [
    { type: "aws:s3/bucket:Bucket", name: "data", props: { bucket: "data" } },
    {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      name: "block",
      props: {
        bucket: "data",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    },
    {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      name: "sse",
      props: {
        bucket: "data",
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }],
      },
    },
    {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      name: "policy",
      props: { bucket: "data", policy: tlsOnly() },
    },
  ],
};

function statement(parts: Record<string, unknown>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [parts] });
}

function tlsOnly(parts: Record<string, unknown> = {}): string {
  return statement({
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
    ...parts,
  });
}

function everyone(condition?: Record<string, unknown>): string {
  return statement({
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::data/*",
    ...(condition && { Condition: condition }),
  });
}

function only(doc: Doc, ...names: string[]): Doc {
  return { ...doc, resources: doc.resources.filter(({ name }) => names.includes(name)) };
}

const SSE = "rules[0].applyServerSideEncryptionByDefault";

const volume: Doc = {
  resources: [{ type: "aws:ebs/volume:Volume", name: "disk", props: { encrypted: true } }],
};
const devices: Doc = {
  resources: [
    {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      name: "template",
      props: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] },
    },
    {
      type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
      name: "class",
      props: { spec: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: true } }] } },
    },
  ],
};

const key: Doc = {
  resources: [{ type: "aws:kms/key:Key", name: "key", props: { enableKeyRotation: true } }],
};
const keyPolicy = (principal: unknown, condition?: Record<string, unknown>) =>
  statement({
    Effect: "Allow",
    Principal: principal,
    Action: "kms:*",
    Resource: "*",
    ...(condition && { Condition: condition }),
  });
const root = { AWS: "arn:aws:iam::111122223333:root" };

const logs: Doc = {
  resources: [
    {
      type: "aws:cloudwatch/logGroup:LogGroup",
      name: "logs",
      props: { retentionInDays: 365, kmsKeyId: KEY },
    },
  ],
};
/** The key is computed from a key of the graph: its text is not known, but whose it is, is. */
const logsOfOwnKey: Doc = {
  resources: [
    { type: "aws:kms/key:Key", name: "key", props: {} },
    {
      type: "aws:cloudwatch/logGroup:LogGroup",
      name: "logs",
      props: { kmsKeyId: { $unknown: true } },
      refs: { kmsKeyId: "key" },
    },
  ],
};

export const awsCases: Case[] = [
  {
    id: "S3-01",
    pass: [bucket],
    fail: [
      [only(bucket, "data"), "data", ""],
      [edit(bucket, "block", "bucket", "other"), "data", ""],
      [edit(bucket, "block", "blockPublicAcls", false), "block", "blockPublicAcls"],
      [edit(bucket, "block", "blockPublicPolicy"), "block", "blockPublicPolicy"],
      [edit(bucket, "block", "ignorePublicAcls", "false"), "block", "ignorePublicAcls"],
      [edit(bucket, "block", "restrictPublicBuckets"), "block", "restrictPublicBuckets"],
    ],
    unknown: [unknownAt(bucket, "block", "blockPublicPolicy"), unknownAt(bucket, "block", "bucket")],
  },
  {
    id: "S3-02",
    pass: [
      bucket,
      edit(only(bucket, "data"), "data", "policy", tlsOnly({ Action: ["s3:*"], Principal: { AWS: ["*"] } })),
      edit(bucket, "policy", "policy", tlsOnly({ Resource: "*" })),
      edit(bucket, "policy", "policy", tlsOnly({ Resource: ["arn:aws:s3:::data*"] })),
    ],
    fail: [
      [only(bucket, "data"), "data", ""],
      [edit(bucket, "policy", "policy", tlsOnly({ Effect: "Allow" })), "data", ""],
      [edit(bucket, "policy", "policy", tlsOnly({ Action: "s3:GetObject" })), "data", ""],
      [edit(bucket, "policy", "policy", tlsOnly({ Principal: root })), "data", ""],
      [edit(bucket, "policy", "policy", tlsOnly({ Condition: {} })), "data", ""],
      // The bucket and its objects, both; and no way around by another condition.
      [edit(bucket, "policy", "policy", tlsOnly({ Resource: "arn:aws:s3:::data/*" })), "data", ""],
      [edit(bucket, "policy", "policy", tlsOnly({ Resource: "arn:aws:s3:::data" })), "data", ""],
      [
        edit(
          bucket,
          "policy",
          "policy",
          tlsOnly({ Resource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] }),
        ),
        "data",
        "",
      ],
      [
        edit(
          bucket,
          "policy",
          "policy",
          tlsOnly({ Resource: ["arn:aws:s3:::data", "arn:aws:s3:::data/a/*"] }),
        ),
        "data",
        "",
      ],
      [
        edit(
          bucket,
          "policy",
          "policy",
          tlsOnly({
            Condition: {
              Bool: { "aws:SecureTransport": "false" },
              IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
            },
          }),
        ),
        "data",
        "",
      ],
    ],
    unknown: [
      unknownAt(bucket, "policy", "policy"),
      unknownAt(bucket, "policy", "bucket"),
      edit(bucket, "policy", "policy", { Statement: [{ Effect: "Deny", Resource: [{ $unknown: true }] }] }),
    ],
  },
  {
    id: "S3-03",
    pass: [bucket, edit(bucket, "sse", `${SSE}.sseAlgorithm`, "aws:kms:dsse")],
    fail: [
      [only(bucket, "data"), "data", ""],
      [edit(bucket, "sse", `${SSE}.sseAlgorithm`, "AES256"), "sse", `${SSE}.sseAlgorithm`],
      [edit(bucket, "sse", `${SSE}.kmsMasterKeyId`), "sse", `${SSE}.kmsMasterKeyId`],
      [edit(bucket, "sse", `${SSE}.kmsMasterKeyId`, "alias/aws/s3"), "sse", `${SSE}.kmsMasterKeyId`],
    ],
    unknown: [
      unknownAt(bucket, "sse", "rules"),
      unknownAt(bucket, "sse", `${SSE}.sseAlgorithm`),
      unknownAt(bucket, "sse", `${SSE}.kmsMasterKeyId`),
    ],
  },
  {
    id: "S3-07",
    pass: [
      bucket,
      edit(bucket, "policy", "policy", everyone({ StringEquals: { "aws:PrincipalOrgID": "o-1" } })),
    ],
    fail: [
      [edit(bucket, "policy", "policy", everyone()), "policy", "policy.Statement[0]"],
      [edit(bucket, "data", "policy", everyone()), "data", "policy.Statement[0]"],
      // A condition that every caller meets narrows nothing.
      [
        edit(bucket, "policy", "policy", everyone({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })),
        "policy",
        "policy.Statement[0]",
      ],
    ],
    unknown: [unknownAt(bucket, "policy", "policy")],
  },
  {
    id: "STO-01",
    pass: [volume, devices],
    fail: [
      [edit(volume, "disk", "encrypted", false), "disk", "encrypted"],
      [edit(volume, "disk", "encrypted"), "disk", "encrypted"],
      // Launch templates spell the boolean as a text.
      [
        edit(devices, "template", "blockDeviceMappings[0].ebs.encrypted", "false"),
        "template",
        "blockDeviceMappings[0].ebs.encrypted",
      ],
      [
        edit(devices, "class", "spec.blockDeviceMappings[0].ebs.encrypted", false),
        "class",
        "spec.blockDeviceMappings[0].ebs.encrypted",
      ],
    ],
    unknown: [
      unknownAt(volume, "disk", "encrypted"),
      unknownAt(devices, "template", "blockDeviceMappings"),
      unknownAt(devices, "class", "spec.blockDeviceMappings[0].ebs"),
    ],
  },
  {
    id: "KMS-01",
    pass: [key, edit(key, "key", "enableKeyRotation", "true")],
    fail: [
      [edit(key, "key", "enableKeyRotation", false), "key", "enableKeyRotation"],
      [edit(key, "key", "enableKeyRotation"), "key", "enableKeyRotation"],
    ],
    unknown: [unknownAt(key, "key", "enableKeyRotation"), unknownAt(key, "key", "keyUsage")],
  },
  {
    id: "KMS-02",
    pass: [
      key,
      edit(key, "key", "policy", keyPolicy(root)),
      edit(
        key,
        "key",
        "policy",
        keyPolicy({ AWS: "*" }, { StringEquals: { "kms:CallerAccount": "111122223333" } }),
      ),
    ],
    fail: [
      [edit(key, "key", "policy", keyPolicy("*")), "key", "policy.Statement[0]"],
      [edit(key, "key", "policy", keyPolicy({ AWS: [root.AWS, "*"] })), "key", "policy.Statement[0]"],
    ],
    unknown: [unknownAt(key, "key", "policy")],
  },
  {
    id: "LOG-01",
    pass: [logs],
    fail: [
      [edit(logs, "logs", "retentionInDays"), "logs", "retentionInDays"],
      [edit(logs, "logs", "retentionInDays", 0), "logs", "retentionInDays"],
    ],
    unknown: [unknownAt(logs, "logs", "retentionInDays")],
  },
  {
    id: "LOG-02",
    pass: [logs, { ...edit(logs, "logs", "retentionInDays", 30), config: { minLogDays: 30 } }],
    fail: [
      [edit(logs, "logs", "retentionInDays", 180), "logs", "retentionInDays"],
      [edit(logs, "logs", "retentionInDays", 0), "logs", "retentionInDays"],
      [edit(logs, "logs", "retentionInDays"), "logs", "retentionInDays"],
      [{ ...logs, config: { minLogDays: 731 } }, "logs", "retentionInDays"],
    ],
    unknown: [unknownAt(logs, "logs", "retentionInDays")],
  },
  {
    id: "LOG-03",
    pass: [logs, logsOfOwnKey],
    fail: [
      [edit(logs, "logs", "kmsKeyId"), "logs", "kmsKeyId"],
      [edit(logs, "logs", "kmsKeyId", "alias/aws/logs"), "logs", "kmsKeyId"],
    ],
    unknown: [unknownAt(logs, "logs", "kmsKeyId")],
  },
];
