import { type Case, type Doc, type Entry, edit, type Json, unknownAt } from "../graphs.ts";

const HOME = "eu-central-1";
const NEAR = "eu-west-1";
const AWAY = "us-east-1";
const config = { allowedRegions: [HOME, NEAR] };
const provider: Entry = { type: "pulumi:providers:aws", name: "aws", props: { region: HOME } };

/** One resource at home, under a provider in an allowed region. */
function home(type: string, name: string, props: Json, more: Entry[] = [], refs?: Entry["refs"]): Doc {
  const own: Entry = { type: `aws:${type}`, name, provider: "aws", props, ...(refs && { refs }) };
  return { config, resources: [provider, ...more, own] };
}
/** The same without a boundary to hold to. */
const boundless = ({ resources }: Doc): Doc => ({ resources });
const nothing: Doc = { config, resources: [provider] };

const bucket = (name: string, region?: string): Entry => ({
  type: "aws:s3/bucket:Bucket",
  name,
  provider: "aws",
  props: { bucket: name, ...(region && { region }) },
});
const point = home(
  "s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
  "point",
  { details: { name: "p", regions: [{ bucket: "one" }, { bucket: "two" }] } },
  [bucket("one"), bucket("two", NEAR)],
);
const FIRST = "details.regions[0]";

const accelerate = home("s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration", "fast", {
  bucket: "one",
  status: "Suspended",
});
const plain: Doc = { config, resources: [provider, bucket("one")] };

const vaultArn = (region: string) => `arn:aws:backup:${region}:111122223333:backup-vault:copies`;
const VAULT = "rules[0].copyActions[0].destinationVaultArn";
const plan = home("backup/plan:Plan", "plan", {
  rules: [
    { ruleName: "daily", targetVaultName: "own", copyActions: [{ destinationVaultArn: vaultArn(NEAR) }] },
  ],
});
const vault = (region: string): Entry => ({
  type: "aws:backup/vault:Vault",
  name: "vault",
  props: { region },
});
/** The vault is known by reference only, as in a preview; the engine records it under the outermost property. */
const planByRef = (region: string): Doc => {
  const doc = unknownAt(plan, "plan", VAULT);
  return {
    ...doc,
    resources: [
      vault(region),
      ...doc.resources.map((entry) =>
        entry.name === "plan" ? { ...entry, refs: { rules: "vault" } } : entry,
      ),
    ],
  };
};

const snapshot = home("ebs/snapshotCopy:SnapshotCopy", "snapshot", {
  sourceSnapshotId: "snap-1",
  sourceRegion: NEAR,
});
/** bridgecrewio/checkov tests/terraform/checks/resource/aws/example_AMICopyIsEncrypted/main.tf; its label is of the encryption only. */
const image = (allowedRegions: string[], region: string): Doc => ({
  config: { allowedRegions },
  resources: [
    {
      type: "aws:ec2/amiCopy:AmiCopy",
      name: "image",
      props: { name: "terraform-example", sourceAmiId: "ami-xxxxxxxx", sourceAmiRegion: "us-west-1", region },
    },
  ],
});

const RULE = "policyDetails.schedules[0].crossRegionCopyRules[0]";
const schedule = home("dlm/lifecyclePolicy:LifecyclePolicy", "schedule", {
  policyDetails: {
    resourceTypes: ["VOLUME"],
    schedules: [{ name: "daily", crossRegionCopyRules: [{ target: NEAR, encrypted: true }] }],
  },
});
/** bridgecrewio/checkov tests/terraform/checks/resource/aws/example_DLMScheduleCrossRegionEncryption/main.tf, pass. */
const westward = edit(schedule, "schedule", `${RULE}.target`, "us-west-2");
const onEvent = home("dlm/lifecyclePolicy:LifecyclePolicy", "event", {
  policyDetails: {
    policyType: "EVENT_BASED_POLICY",
    action: { name: "copy", crossRegionCopies: [{ target: NEAR, encryptionConfiguration: {} }] },
  },
});
const EVENT = "policyDetails.action.crossRegionCopies[0].target";

const cache = home("ecr/pullThroughCacheRule:PullThroughCacheRule", "cache", {
  ecrRepositoryPrefix: "upstream",
  upstreamRegistryUrl: "public.ecr.aws",
});
const withUpstream = (doc: Doc, ...allowedUpstreamRegistries: string[]): Doc => ({
  ...doc,
  config: { ...config, allowedUpstreamRegistries },
});

const files = home("efs/replicationConfiguration:ReplicationConfiguration", "files", {
  sourceFileSystemId: "fs-1",
  destination: { region: NEAR },
});
const oneZone = edit(
  edit(files, "files", "destination.region"),
  "files",
  "destination.availabilityZoneName",
  `${HOME}a`,
);

const table = home("dynamodb/table:Table", "table", {
  hashKey: "id",
  replicas: [{ regionName: NEAR }],
  globalTableWitness: { regionName: HOME },
});
const legacy = home("dynamodb/globalTable:GlobalTable", "legacy", { replicas: [{ regionName: NEAR }] });
const tableArn = (region: string) => `arn:aws:dynamodb:${region}:111122223333:table/sessions`;
const replica = home("dynamodb/tableReplica:TableReplica", "replica", {
  region: NEAR,
  globalTableArn: tableArn(HOME),
});

const databaseArn = (region: string) => `arn:aws:rds:${region}:111122223333:db:main`;
const backup = home("rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", "backup", {
  region: NEAR,
  sourceDbInstanceArn: databaseArn(HOME),
});
const globalCluster = home("rds/globalCluster:GlobalCluster", "global", { globalClusterIdentifier: "all" }, [
  {
    type: "aws:rds/cluster:Cluster",
    name: "member",
    provider: "aws",
    props: { globalClusterIdentifier: "all" },
  },
]);

const peering = home("ec2/vpcPeeringConnection:VpcPeeringConnection", "peering", {
  vpcId: "vpc-1",
  peerVpcId: "vpc-2",
  peerRegion: NEAR,
});
const transit = home("ec2transitgateway/peeringAttachment:PeeringAttachment", "transit", {
  transitGatewayId: "tgw-1",
  peerTransitGatewayId: "tgw-2",
  peerRegion: NEAR,
});

const queryLog = home("route53/queryLog:QueryLog", "queries", {
  zoneId: "Z1",
  cloudwatchLogGroupArn: `arn:aws:logs:${AWAY}:111122223333:log-group:/dns`,
});
const certificate = home("acm/certificate:Certificate", "certificate", { domainName: "chat.example" });
const webAcl = home("wafv2/webAcl:WebAcl", "acl", { scope: "REGIONAL" });
const accepting = (doc: Doc, ...allowGlobalServices: string[]): Doc => ({
  ...doc,
  config: { ...config, allowGlobalServices },
});

/** Frankfurt, Stockholm, Milan, Spain, Ireland and Paris: what the catalogue lists as eea. */
const eea = { allowedRegions: ["eea"] };
const claude = "anthropic.claude-3-5-sonnet-20240620-v1:0";
const modelArn = (region: string) => `arn:aws:bedrock:${region}::foundation-model/${claude}`;
const profileArn = (prefix: string) =>
  `arn:aws:bedrock:${HOME}:111122223333:inference-profile/${prefix}.${claude}`;
const SOURCE = "modelSource.copyFrom";
const profile = home("bedrock/inferenceProfile:InferenceProfile", "profile", {
  name: "chat",
  modelSource: { copyFrom: modelArn(HOME) },
});
const geographic = (prefix: string): Doc => edit(profile, "profile", SOURCE, profileArn(prefix));
const MODEL = "spec.template.spec.containers[0].env[0].value";
const ARGUMENT = "spec.template.spec.containers[0].args[1]";
const proxy = (model: string): Doc => ({
  config: eea,
  resources: [
    {
      type: "kubernetes:apps/v1:Deployment",
      name: "proxy",
      props: {
        metadata: { namespace: "chat" },
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "proxy",
                  image: "proxy",
                  env: [{ name: "BEDROCK_MODEL", value: model }],
                  args: ["--model", `bedrock/${model}`],
                },
              ],
            },
          },
        },
      },
    },
  ],
});
const settings = (model: string): Doc => ({
  config: eea,
  resources: [
    {
      type: "kubernetes:core/v1:ConfigMap",
      name: "settings",
      props: { metadata: { namespace: "chat" }, data: { "model.yaml": `models:\n  - id: ${model}\n` } },
    },
  ],
});

export const copyCases: Case[] = [
  {
    id: "RES-07",
    pass: [point, edit(point, "point", `${FIRST}.region`, HOME)],
    fail: [
      [edit(point, "one", "region", AWAY), "point", `${FIRST}.bucket`],
      [edit(point, "point", `${FIRST}.region`, AWAY), "point", `${FIRST}.region`],
      // Seoul and Singapore, as in okms1017/terraform-aws examples/multi_region_s3/main.tf.
      [
        edit(edit(point, "one", "region", "ap-northeast-2"), "two", "region", "ap-southeast-1"),
        "point",
        `${FIRST}.bucket`,
      ],
    ],
    unknown: [
      unknownAt(point, "point", "details"),
      unknownAt(point, "point", `${FIRST}.bucket`),
      edit(point, "point", `${FIRST}.bucket`, "elsewhere"),
      unknownAt(point, "one", "region"),
      edit(point, "point", "details.regions", []),
      boundless(point),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-08",
    pass: [accelerate, plain, edit(plain, "one", "accelerationStatus", "Suspended")],
    fail: [
      [edit(accelerate, "fast", "status", "Enabled"), "fast", "status"],
      [edit(plain, "one", "accelerationStatus", "Enabled"), "one", "accelerationStatus"],
    ],
    unknown: [unknownAt(accelerate, "fast", "status"), unknownAt(plain, "one", "accelerationStatus")],
    notApplicable: [nothing],
  },
  {
    id: "RES-11",
    pass: [plan, planByRef(NEAR), edit(plan, "plan", "rules[0].copyActions")],
    fail: [
      [edit(plan, "plan", VAULT, vaultArn(AWAY)), "plan", VAULT],
      [planByRef(AWAY), "plan", VAULT],
      // London begins with eu- and lies outside.
      [edit(plan, "plan", VAULT, vaultArn("eu-west-2")), "plan", VAULT],
    ],
    unknown: [
      unknownAt(plan, "plan", VAULT),
      unknownAt(plan, "plan", "rules"),
      unknownAt(plan, "plan", "rules[0].copyActions"),
      edit(plan, "plan", VAULT),
      boundless(plan),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-12",
    pass: [snapshot, image(["us-west-1", "us-west-2"], "us-west-2")],
    fail: [
      [edit(snapshot, "snapshot", "sourceRegion", AWAY), "snapshot", "sourceRegion"],
      [edit(snapshot, "snapshot", "region", AWAY), "snapshot", "region"],
      [edit(snapshot, "aws", "region", AWAY), "snapshot", ""],
      [image([HOME], HOME), "image", "sourceAmiRegion"],
      [image(["us-west-1"], HOME), "image", "region"],
    ],
    unknown: [
      unknownAt(snapshot, "snapshot", "sourceRegion"),
      unknownAt(snapshot, "snapshot", "region"),
      edit(snapshot, "snapshot", "sourceRegion"),
      boundless(snapshot),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-13",
    pass: [
      schedule,
      onEvent,
      { ...westward, config: { allowedRegions: ["us-west-2"] } },
      edit(edit(schedule, "schedule", `${RULE}.target`), "schedule", `${RULE}.targetRegion`, HOME),
      edit(schedule, "schedule", "policyDetails.schedules[0].crossRegionCopyRules"),
    ],
    fail: [
      [westward, "schedule", `${RULE}.target`],
      [edit(schedule, "schedule", `${RULE}.targetRegion`, AWAY), "schedule", `${RULE}.targetRegion`],
      // An Outpost is named by its ARN.
      [
        edit(schedule, "schedule", `${RULE}.target`, `arn:aws:outposts:${AWAY}:111122223333:outpost/op-1`),
        "schedule",
        `${RULE}.target`,
      ],
      [edit(onEvent, "event", EVENT, AWAY), "event", EVENT],
    ],
    unknown: [
      unknownAt(schedule, "schedule", `${RULE}.target`),
      unknownAt(schedule, "schedule", "policyDetails"),
      edit(schedule, "schedule", `${RULE}.target`),
      // bridgecrewio/checkov example_DLMEventsCrossRegionEncryption/main.tf: a copy that names no target.
      edit(onEvent, "event", EVENT),
      unknownAt(onEvent, "event", "policyDetails.action.crossRegionCopies"),
      boundless(schedule),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-15",
    pass: [
      withUpstream(cache, "public.ecr.aws"),
      withUpstream(cache, "https://public.ecr.aws/"),
      edit(cache, "cache", "upstreamRegistryUrl", `111122223333.dkr.ecr.${NEAR}.amazonaws.com`),
    ],
    fail: [
      [cache, "cache", "upstreamRegistryUrl"],
      [withUpstream(cache, "ecr.aws"), "cache", "upstreamRegistryUrl"],
      [
        edit(cache, "cache", "upstreamRegistryUrl", `111122223333.dkr.ecr.${AWAY}.amazonaws.com`),
        "cache",
        "upstreamRegistryUrl",
      ],
      // A name that only looks like a registry of AWS.
      [
        edit(cache, "cache", "upstreamRegistryUrl", `1.dkr.ecr.${NEAR}.amazonaws.com.example.org`),
        "cache",
        "upstreamRegistryUrl",
      ],
    ],
    unknown: [unknownAt(cache, "cache", "upstreamRegistryUrl")],
    notApplicable: [nothing],
  },
  {
    id: "RES-16",
    pass: [files, oneZone],
    fail: [
      [edit(files, "files", "destination.region", AWAY), "files", "destination.region"],
      [
        edit(oneZone, "files", "destination.availabilityZoneName", `${AWAY}b`),
        "files",
        "destination.availabilityZoneName",
      ],
    ],
    unknown: [
      unknownAt(files, "files", "destination"),
      unknownAt(files, "files", "destination.region"),
      edit(files, "files", "destination.region"),
      unknownAt(oneZone, "files", "destination.availabilityZoneName"),
      boundless(files),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-17",
    pass: [table, edit(edit(table, "table", "replicas"), "table", "globalTableWitness"), legacy, replica],
    fail: [
      [edit(table, "table", "replicas[0].regionName", AWAY), "table", "replicas[0].regionName"],
      [edit(table, "table", "globalTableWitness.regionName", AWAY), "table", "globalTableWitness.regionName"],
      [edit(legacy, "legacy", "replicas[0].regionName", AWAY), "legacy", "replicas[0].regionName"],
      [edit(replica, "replica", "region", AWAY), "replica", "region"],
      [edit(replica, "replica", "globalTableArn", tableArn(AWAY)), "replica", "globalTableArn"],
    ],
    unknown: [
      unknownAt(table, "table", "replicas"),
      unknownAt(table, "table", "replicas[0].regionName"),
      unknownAt(table, "table", "globalTableWitness"),
      unknownAt(legacy, "legacy", "replicas"),
      unknownAt(replica, "replica", "globalTableArn"),
      unknownAt(replica, "replica", "region"),
      boundless(table),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-18",
    pass: [backup, globalCluster],
    fail: [
      [edit(backup, "backup", "region", AWAY), "backup", "region"],
      [edit(backup, "backup", "sourceDbInstanceArn", databaseArn(AWAY)), "backup", "sourceDbInstanceArn"],
      [edit(globalCluster, "member", "region", AWAY), "member", "region"],
      [edit(globalCluster, "global", "region", AWAY), "global", "region"],
    ],
    unknown: [
      unknownAt(backup, "backup", "sourceDbInstanceArn"),
      unknownAt(backup, "backup", "region"),
      unknownAt(globalCluster, "member", "region"),
      unknownAt(globalCluster, "global", "sourceDbClusterIdentifier"),
      boundless(backup),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-20",
    pass: [peering, edit(peering, "peering", "peerRegion"), transit],
    fail: [
      [edit(peering, "peering", "peerRegion", AWAY), "peering", "peerRegion"],
      [edit(edit(peering, "peering", "peerRegion"), "aws", "region", AWAY), "peering", ""],
      [edit(transit, "transit", "peerRegion", AWAY), "transit", "peerRegion"],
    ],
    unknown: [
      unknownAt(peering, "peering", "peerRegion"),
      unknownAt(transit, "transit", "peerRegion"),
      edit(transit, "transit", "peerRegion"),
      boundless(peering),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-22",
    pass: [
      accepting(queryLog, "route53"),
      { ...queryLog, config: { allowedRegions: [AWAY] } },
      certificate,
      accepting(edit(certificate, "certificate", "region", AWAY), "cloudfront"),
      webAcl,
      accepting(edit(webAcl, "acl", "scope", "CLOUDFRONT"), "cloudfront"),
    ],
    fail: [
      [queryLog, "queries", "cloudwatchLogGroupArn"],
      [accepting(queryLog, "cloudfront"), "queries", "cloudwatchLogGroupArn"],
      [edit(certificate, "certificate", "region", AWAY), "certificate", "region"],
      [edit(webAcl, "acl", "scope", "CLOUDFRONT"), "acl", "scope"],
    ],
    unknown: [
      unknownAt(webAcl, "acl", "scope"),
      unknownAt(certificate, "certificate", "region"),
      boundless(queryLog),
    ],
    notApplicable: [nothing],
  },
  {
    id: "RES-23",
    pass: [
      profile,
      { ...geographic("eu"), config: eea },
      { ...proxy(`us.${claude}`), config: { allowedRegions: ["us"] } },
      proxy(`eu.${claude}`),
      settings(`eu.${claude}`),
    ],
    fail: [
      [edit(profile, "profile", SOURCE, modelArn(AWAY)), "profile", SOURCE],
      // Two of the six regions are allowed: the prompt may go to the others.
      [geographic("eu"), "profile", SOURCE],
      [{ ...geographic("global"), config: eea }, "profile", SOURCE],
      [proxy(`us.${claude}`), "proxy", MODEL],
      [proxy(`us.${claude}`), "proxy", ARGUMENT],
      [proxy(`global.${claude}`), "proxy", MODEL],
      // A European profile never answers from London alone.
      [{ ...proxy(`eu.${claude}`), config: { allowedRegions: ["eu-west-2"] } }, "proxy", MODEL],
      [settings(`apac.${claude}`), "settings", 'data["model.yaml"]'],
    ],
    unknown: [
      unknownAt(profile, "profile", SOURCE),
      edit(unknownAt(proxy("gpt"), "proxy", MODEL), "proxy", "spec.template.spec.containers[0].args"),
      boundless(geographic("eu")),
    ],
    notApplicable: [
      nothing,
      proxy("mistral-large"),
      // Host names and file names that only begin alike.
      proxy("https://eu.example.org/us.anthropic"),
      proxy(claude),
    ],
  },
];
