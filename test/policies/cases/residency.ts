import { type Case, type Doc, edit, unknownAt } from "../graphs.ts";

const HOME = "eu-central-1";
const AWAY = "us-east-1";
const config = { allowedRegions: [HOME, "eu-west-1"] };

/** A provider at home and one thing of each kind that may leave the region. */
const home: Doc = {
  config,
  resources: [
    { type: "pulumi:providers:aws", name: "aws", props: { region: HOME } },
    { type: "aws:s3/bucket:Bucket", name: "data", provider: "aws", props: { bucket: "data" } },
    { type: "aws:s3/bucket:Bucket", name: "copy", provider: "aws", props: { bucket: "copy" } },
    {
      type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
      name: "replication",
      provider: "aws",
      props: { bucket: "data", rules: [{ destination: { bucket: "arn:aws:s3:::copy" } }] },
    },
    {
      type: "aws:ec2/subnet:Subnet",
      name: "subnet",
      provider: "aws",
      props: { availabilityZone: `${HOME}a` },
    },
    {
      type: "aws:cloudwatch/logGroup:LogGroup",
      name: "logs",
      provider: "aws",
      props: { kmsKeyId: `arn:aws:kms:${HOME}:111122223333:key/1` },
    },
    { type: "aws:kms/key:Key", name: "key", provider: "aws", props: { multiRegion: false } },
    {
      type: "aws:kms/replicaKey:ReplicaKey",
      name: "replica",
      props: { region: "eu-west-1", primaryKeyArn: `arn:aws:kms:${HOME}:111122223333:key/mrk-1` },
    },
    {
      type: "aws:secretsmanager/secret:Secret",
      name: "secret",
      provider: "aws",
      props: { replicas: [{ region: "eu-west-1" }] },
    },
    {
      type: "aws:ecr/replicationConfiguration:ReplicationConfiguration",
      name: "registry",
      provider: "aws",
      props: {
        replicationConfiguration: {
          rules: [{ destinations: [{ region: "eu-west-1", registryId: "111122223333" }] }],
        },
      },
    },
    {
      type: "aws:ec2/vpcEndpoint:VpcEndpoint",
      name: "endpoint",
      provider: "aws",
      props: { serviceName: `com.amazonaws.${HOME}.s3` },
    },
  ],
};

/** Without allowed regions there is no boundary to hold to. */
const boundless: Doc = { resources: home.resources };
const DESTINATION = "rules[0].destination.bucket";
const REGISTRY = "replicationConfiguration.rules[0].destinations[0].region";
const cdn: Doc = {
  config,
  resources: [{ type: "aws:cloudfront/distribution:Distribution", name: "cdn", props: { enabled: true } }],
};
const iamText = (arn: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: "kms:Decrypt", Resource: arn }] });

function away(doc: Doc): Doc {
  return edit(doc, "copy", "region", AWAY);
}

export const residencyCases: Case[] = [
  {
    id: "RES-01",
    pass: [home, { ...edit(home, "aws", "region"), config: { ...config, providerRegion: HOME } }],
    fail: [
      [edit(home, "aws", "region", AWAY), "aws", "region"],
      [{ ...edit(home, "aws", "region"), config: { ...config, providerRegion: AWAY } }, "aws", "region"],
      // Not a pattern: London begins with eu- and lies outside.
      [edit(home, "aws", "region", "eu-west-2"), "aws", "region"],
    ],
    unknown: [unknownAt(home, "aws", "region"), edit(home, "aws", "region"), boundless],
  },
  {
    id: "RES-02",
    pass: [home],
    fail: [
      [edit(home, "data", "region", AWAY), "data", "region"],
      [edit(home, "aws", "region", AWAY), "data", ""],
    ],
    unknown: [unknownAt(home, "data", "region"), unknownAt(home, "aws", "region"), boundless],
  },
  {
    id: "RES-03",
    pass: [home, edit({ ...home, config: { partition: "aws" } }, "data", "bucket", "plain")],
    fail: [
      [edit(home, "logs", "kmsKeyId", "arn:aws-us-gov:kms:us-gov-west-1:1:key/1"), "logs", "kmsKeyId"],
      [{ ...home, config: { ...config, partition: "aws-eusc" } }, "logs", "kmsKeyId"],
    ],
    unknown: "it reads ARNs where they stand; a text that is not known is not an ARN yet",
  },
  {
    id: "RES-04",
    pass: [home],
    fail: [
      [edit(home, "logs", "kmsKeyId", `arn:aws:kms:${AWAY}:111122223333:key/1`), "logs", "kmsKeyId"],
      [edit(home, "key", "policy", iamText(`arn:aws:kms:${AWAY}:111122223333:key/1`)), "key", "policy"],
    ],
    unknown: [boundless, unknownAt(home, "logs", "kmsKeyId"), unknownAt(home, "key", "policy")],
  },
  {
    id: "RES-05",
    pass: [home],
    fail: [
      [edit(home, "subnet", "availabilityZone", `${AWAY}b`), "subnet", "availabilityZone"],
      // A Local Zone belongs to its parent region.
      [edit(home, "subnet", "availabilityZone", "us-east-1-atl-2a"), "subnet", "availabilityZone"],
    ],
    unknown: [
      unknownAt(home, "subnet", "availabilityZone"),
      edit(home, "subnet", "availabilityZoneId", "euc1-az1"),
      boundless,
    ],
  },
  {
    id: "RES-06",
    pass: [
      home,
      {
        ...home,
        resources: home.resources.map((entry) =>
          entry.name === "replication" ? { ...entry, refs: { [DESTINATION]: "copy" } } : entry,
        ),
      },
    ],
    fail: [
      [away(home), "replication", DESTINATION],
      [
        edit(home, "replication", "rules[0].destination.encryptionConfiguration", {
          replicaKmsKeyId: `arn:aws:kms:${AWAY}:111122223333:key/1`,
        }),
        "replication",
        DESTINATION,
      ],
      [
        edit(away(home), "data", "replicationConfiguration", {
          rules: [{ destination: { bucket: "arn:aws:s3:::copy" } }],
        }),
        "data",
        `replicationConfiguration.${DESTINATION}`,
      ],
    ],
    unknown: [
      edit(home, "replication", DESTINATION, "arn:aws:s3:::elsewhere"),
      unknownAt(home, "replication", DESTINATION),
      unknownAt(home, "replication", "rules"),
      boundless,
    ],
  },
  {
    id: "RES-09",
    pass: [home, edit(home, "key", "multiRegion")],
    fail: [
      [edit(home, "key", "multiRegion", true), "key", "multiRegion"],
      [edit(home, "replica", "region", AWAY), "replica", "region"],
    ],
    unknown: [unknownAt(home, "key", "multiRegion"), unknownAt(home, "replica", "region"), boundless],
  },
  {
    id: "RES-10",
    pass: [home],
    fail: [[edit(home, "secret", "replicas[0].region", AWAY), "secret", "replicas[0].region"]],
    unknown: [
      unknownAt(home, "secret", "replicas"),
      unknownAt(home, "secret", "replicas[0].region"),
      boundless,
    ],
  },
  {
    id: "RES-14",
    pass: [home],
    fail: [[edit(home, "registry", REGISTRY, AWAY), "registry", REGISTRY]],
    unknown: [
      unknownAt(home, "registry", "replicationConfiguration"),
      unknownAt(home, "registry", REGISTRY),
      boundless,
    ],
  },
  {
    id: "RES-19",
    pass: [{ ...cdn, config: { ...config, allowGlobalServices: ["cloudfront"] } }],
    fail: [
      [cdn, "cdn", ""],
      [{ ...cdn, config: { ...config, allowGlobalServices: ["shield"] } }, "cdn", ""],
    ],
    unknown: "the type alone decides",
  },
  {
    id: "RES-21",
    pass: [home, edit(home, "endpoint", "serviceRegion", "eu-west-1")],
    fail: [
      [
        edit(home, "endpoint", "serviceName", `com.amazonaws.${AWAY}.bedrock-runtime`),
        "endpoint",
        "serviceName",
      ],
      [edit(home, "endpoint", "serviceRegion", AWAY), "endpoint", "serviceRegion"],
    ],
    unknown: [
      unknownAt(home, "endpoint", "serviceName"),
      unknownAt(home, "endpoint", "serviceRegion"),
      boundless,
    ],
  },
];
