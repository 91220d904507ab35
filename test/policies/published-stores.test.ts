/**
 * Cases that state the facts of other scanners' own fixtures for buckets, stores, secrets, backups and messages,
 * written anew for the graph, with the fixture's own label as the expected verdict. Each names the repository and
 * the file or check, and the object in it.
 */
import { describe, expect, test } from "vitest";
import { type Doc, type Entry, type Json, judge, UNKNOWN } from "./graphs.ts";

type Row = [published: string, doc: Doc, verdict: "pass" | "fail" | "not-applicable"];

function check(id: string, file: string, rows: Row[]): void {
  describe(`${id} as in ${file}`, () => {
    test.each(rows)("%s", (_, graph, verdict) => expect(judge(id, graph).verdict).toBe(verdict));
  });
}

const of = (type: string, props: Json, name = "x", refs?: Entry["refs"]): Entry => ({
  type: `aws:${type}`,
  name,
  props,
  ...(refs && { refs }),
});
const doc = (...resources: Entry[]): Doc => ({ resources });
const one = (type: string, props: Json): Doc => doc(of(type, props));
/** A setting of a bucket whose name is computed from the bucket, as all of theirs are. */
const bucketWith = (type: string, props: Json): Doc =>
  doc(
    of("s3/bucket:Bucket", { bucket: "example" }, "bucket"),
    of(type, { bucket: UNKNOWN, ...props }, "setting", { bucket: "bucket" }),
  );
const bucket = (props: Json) => one("s3/bucket:Bucket", { bucket: "example", ...props });
const key = of("kms/key:Key", {}, "key");
/** A resource whose key is computed from a key. */
const keyed = (type: string, path: string, props: Json): Doc =>
  doc(key, of(type, { ...props, [path]: UNKNOWN }, "x", { [path]: "key" }));
const CHECKOV = "bridgecrewio/checkov tests/terraform";

const VERSIONING = "s3/bucketVersioning:BucketVersioning";
check("S3-04", `${CHECKOV}/graph/checks/resources/S3BucketVersioning/main.tf (CKV_AWS_21)`, [
  ["enabled", bucket({ versioning: { enabled: true } }), "pass"],
  ["enabled_v4", bucketWith(VERSIONING, { versioningConfiguration: { status: "Enabled" } }), "pass"],
  ["default", bucket({}), "fail"],
  ["disabled", bucket({ versioning: { enabled: false } }), "fail"],
  ["disabled_v4", bucketWith(VERSIONING, { versioningConfiguration: { status: "Suspended" } }), "fail"],
]);

const acl = (props: Json) => bucketWith("s3/bucketAcl:BucketAcl", props);
const owner = { grantee: { id: "1", type: "CanonicalUser" }, permission: "READ" };
const everyone = {
  grantee: { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers" },
  permission: "READ",
};
check("S3-06", `${CHECKOV}/graph/checks/resources/S3PublicACLRead/main.tf (CKV_AWS_20)`, [
  ["private_acl", bucket({ acl: "private" }), "pass"],
  ["no_acl", bucket({}), "pass"],
  ["private_acl_v4", acl({ acl: "private" }), "pass"],
  ["no_grant", acl({ accessControlPolicy: { owner: { id: "1" } } }), "pass"],
  ["grant_onwer", acl({ accessControlPolicy: { owner: { id: "1" }, grants: [owner] } }), "pass"],
  ...(["public-read", "public-read-write", "website", "authenticated-read"].flatMap((canned) => [
    [`bucket with ${canned}`, bucket({ acl: canned }), "fail"],
    [`${canned} of provider version 4`, acl({ acl: canned }), "fail"],
  ]) as Row[]),
  ["grant_public_read_all", acl({ accessControlPolicy: { grants: [owner, everyone] } }), "fail"],
]);

const lifecycle = (...rules: Json[]) =>
  bucketWith("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", { rules });
const abort = { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 }, status: "Enabled" };
const logs = { filter: { and: { prefix: "log/", tags: { rule: "log", autoclean: "true" } } } };
const tmp = { status: "Enabled", filter: { prefix: "tmp/" }, expiration: { date: "2023-01-13T00:00:00Z" } };
check("S3-08", `${CHECKOV}/checks/resource/aws/example_S3AbortIncompleteUploads/main.tf (CKV_AWS_300)`, [
  [
    "pass2",
    lifecycle(abort, { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 1 } }),
    "pass",
  ],
  ["pass3", lifecycle({ ...abort, filter: {} }), "pass"],
  ["pass_static_then_dynamic", lifecycle({ ...abort, filter: {} }), "pass"],
  [
    "fail",
    lifecycle({
      status: "Enabled",
      filter: { prefix: "config/" },
      noncurrentVersionExpiration: { noncurrentDays: 90 },
    }),
    "fail",
  ],
  ["fail2", lifecycle({ ...abort, ...logs }, tmp), "fail"],
  ["fail3", lifecycle({ ...abort, status: "Disabled" }), "fail"],
  // Theirs passes where every rule aborts; uploads outside of log/ and tmp/ still stay for ever.
  ["pass: all rules have filters", lifecycle({ ...abort, ...logs }, { ...abort, ...tmp }), "fail"],
]);

const ownership = (objectOwnership: string) =>
  bucketWith("s3/bucketOwnershipControls:BucketOwnershipControls", { rule: { objectOwnership } });
check("S3-09", `${CHECKOV}/graph/checks/resources/AWSdisableS3ACL/main.tf (CKV2_AWS_65)`, [
  ["pud_bucket_pass", ownership("BucketOwnerEnforced"), "pass"],
  ["pud_bucket_fail", ownership("BucketOwnerPreferred"), "fail"],
]);

// Theirs holds every bucket to a lock; ours those of audit logs, so theirs are such here.
const audit = (props: Json) => bucket({ tags: { "data-classification": "audit" }, ...props });
const locked = { rule: { defaultRetention: { mode: "GOVERNANCE", days: 1 } }, objectLockEnabled: "Enabled" };
check("S3-10", "cdklabs/cdk-nag test/rules/S3.test.ts (S3BucketDefaultLockEnabled)", [
  ["compliant", audit({ objectLockEnabled: true, objectLockConfiguration: locked }), "pass"],
  ["nonCompliant", audit({}), "fail"],
  ["nonCompliant2: a lock without a retention", audit({ objectLockEnabled: true }), "fail"],
]);

const VOLUME = "ebs/volume:Volume";
check("STO-02", "bridgecrewio/checkov fixture of CKV_AWS_189", [
  ["aws_ebs_volume.pass", keyed(VOLUME, "kmsKeyId", { encrypted: true, size: 1 }), "pass"],
  ["aws_ebs_volume.fail", one(VOLUME, { encrypted: true, size: 1 }), "fail"],
]);

const DEFAULT = "ebs/encryptionByDefault:EncryptionByDefault";
check("STO-03", `${CHECKOV}/checks/resource/aws/example_EBSDefaultEncryption/main.tf (CKV_AWS_106)`, [
  ["enabled", one(DEFAULT, { enabled: true }), "pass"],
  ["default", one(DEFAULT, {}), "pass"],
  ["disabled", one(DEFAULT, { enabled: false }), "fail"],
]);

const SNAPSHOT = "ebs/snapshotCopy:SnapshotCopy";
check("STO-04", "bridgecrewio/checkov fixture of CKV_AWS_183", [
  ["aws_ebs_snapshot_copy.pass", keyed(SNAPSHOT, "kmsKeyId", { encrypted: true }), "pass"],
  ["aws_ebs_snapshot_copy.fail", one(SNAPSHOT, { encrypted: true }), "fail"],
]);

const image = (props: Json) =>
  one("ec2/amiCopy:AmiCopy", { sourceAmiId: "ami-xxxxxxxx", sourceAmiRegion: "us-west-1", ...props });
check("STO-05", `${CHECKOV}/checks/resource/aws/example_AMICopyIsEncrypted/main.tf (CKV_AWS_235)`, [
  ["pass", image({ encrypted: true }), "pass"],
  ["fail", image({ encrypted: false }), "fail"],
  ["fail2", image({}), "fail"],
]);

const FILES = "efs/fileSystem:FileSystem";
check("STO-06", `${CHECKOV}/checks/resource/aws/test_EFSEncryptionEnabled.py (CKV_AWS_42)`, [
  ["test_success", one(FILES, { creationToken: "my-product", encrypted: true }), "pass"],
  ["test_failure", one(FILES, { creationToken: "my-product" }), "fail"],
]);
check("STO-07", "bridgecrewio/checkov fixture of CKV_AWS_184", [
  ["aws_efs_file_system.pass", keyed(FILES, "kmsKeyId", { encrypted: true }), "pass"],
  ["aws_efs_file_system.fail", one(FILES, { encrypted: true }), "fail"],
]);

const point = (props: Json) => one("efs/accessPoint:AccessPoint", { fileSystemId: "fs-1", ...props });
check("STO-08", `${CHECKOV}/checks/resource/aws/example_EFSAccessPointRoot/main.tf (CKV_AWS_329)`, [
  ["pass", point({ rootDirectory: { path: "/data" } }), "pass"],
  ["fail", point({ rootDirectory: { path: "/" } }), "fail"],
  ["fail2", point({}), "fail"],
]);
check("STO-09", `${CHECKOV}/checks/resource/aws/example_EFSAccessUserIdentity/main.tf (CKV_AWS_330)`, [
  ["pass", point({ rootDirectory: { path: "/data" }, posixUser: { gid: 0, uid: 0 } }), "pass"],
  ["fail", point({ rootDirectory: { path: "/data" } }), "fail"],
]);

const LUSTRE = "fsx/lustreFileSystem:LustreFileSystem";
const persistent = { storageCapacity: 1200, deploymentType: "PERSISTENT_1", perUnitStorageThroughput: 50 };
check("STO-10", "bridgecrewio/checkov fixture of CKV_AWS_190", [
  ["aws_fsx_lustre_file_system.pass", keyed(LUSTRE, "kmsKeyId", persistent), "pass"],
  ["aws_fsx_lustre_file_system.fail", one(LUSTRE, persistent), "fail"],
]);

const repository = (props: Json) => one("ecr/repository:Repository", { name: "example", ...props });
check("ECR-01", `${CHECKOV}/checks/resource/aws/example_ECRImmutableTags/main.tf (CKV_AWS_51)`, [
  ["enabled", repository({ imageTagMutability: "IMMUTABLE" }), "pass"],
  ["default", repository({}), "fail"],
  ["disabled", repository({ imageTagMutability: "MUTABLE" }), "fail"],
]);
const scanning = (scanOnPush: boolean) =>
  repository({ imageTagMutability: "MUTABLE", imageScanningConfiguration: { scanOnPush } });
check("ECR-02", "aquasecurity/trivy-checks checks/cloud/aws/ecr/enable_image_scans.yaml (AWS-0030)", [
  ["good", scanning(true), "pass"],
  ["bad", scanning(false), "fail"],
]);
const encrypted = doc(
  key,
  of(
    "ecr/repository:Repository",
    { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: UNKNOWN }] },
    "x",
    { encryptionConfigurations: "key" },
  ),
);
for (const id of ["ECR-03", "ECR-04"])
  check(id, "aquasecurity/trivy-checks checks/cloud/aws/ecr/repository_customer_key.yaml (AWS-0033)", [
    ["good", encrypted, "pass"],
    [
      "good of CloudFormation",
      repository({ encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "alias/ecr-key" }] }),
      "pass",
    ],
    ["bad", scanning(true), "fail"],
  ]);

const pulls = ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];
const pull = (Principal: unknown, Condition?: Json) =>
  one("ecr/repositoryPolicy:RepositoryPolicy", {
    repository: "example",
    policy: JSON.stringify({
      Version: "2008-10-17",
      Statement: [
        {
          Sid: "new policy",
          Effect: "Allow",
          ...(Principal !== undefined && { Principal }),
          Action: pulls,
          ...(Condition && { Condition }),
        },
      ],
    }),
  });
const users = [1, 2].map((index) => `arn:aws:iam::123456789012:user/pull-user-${index}`);
check("ECR-05", `${CHECKOV}/checks/resource/aws/example_ECRPolicy/main.tf (CKV_AWS_32)`, [
  ["pass", pull({ AWS: users }), "pass"],
  ["empty", one("ecr/repositoryPolicy:RepositoryPolicy", { repository: "example", policy: "" }), "pass"],
  ["cond_equals_pass", pull("*", { StringEquals: { "aws:PrincipalOrgID": "o-xxxxxxxxxxx" } }), "pass"],
  [
    "pass_without_principal",
    pull(undefined, { "ForAnyValue:StringEquals": { "aws:PrincipalOrgID": "o-1" } }),
    "pass",
  ],
  ["cond_any_pass", pull("*", { "ForAnyValue:StringEquals": { "aws:PrincipalOrgID": "o-1" } }), "pass"],
  ["fail", pull("*"), "fail"],
  ["fail_conditional", pull("*", { "ForAllValues:StringEquals": { "aws:username": "pull-user-1" } }), "fail"],
]);

const cmk = (props: Json) => one("kms/key:Key", { description: "description", ...props });
check("KMS-03", `${CHECKOV}/checks/resource/aws/example_KMSKeyIsEnabled/main.tf (CKV_AWS_227)`, [
  ["pass", cmk({ isEnabled: true }), "pass"],
  ["pass2", cmk({}), "pass"],
  ["fail", cmk({ isEnabled: false }), "fail"],
]);
const open = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }],
});
check("KMS-04", `${CHECKOV}/graph/checks/resources/KmsKeyPolicyIsDefined/main.tf (CKV2_AWS_64)`, [
  [
    "pass",
    doc(
      of("kms/key:Key", { enableKeyRotation: true }, "pass"),
      of("kms/keyPolicy:KeyPolicy", { keyId: UNKNOWN, policy: open }, "pike", { keyId: "pass" }),
    ),
    "pass",
  ],
  ["pass2", cmk({ enableKeyRotation: true, policy: open }), "pass"],
  ["fail", cmk({ enableKeyRotation: true }), "fail"],
]);

const SECRETS = "secretsmanager/secret:Secret";
check("SEC-01", `${CHECKOV}/checks/resource/aws/example_SecretManagerSecretEncrypted/main.tf (CKV_AWS_149)`, [
  ["enabled", one(SECRETS, { name: "secret", kmsKeyId: "key" }), "pass"],
  ["default", one(SECRETS, { name: "secret" }), "fail"],
]);
const ROTATION = "secretsmanager/secretRotation:SecretRotation";
const rotated = (rotationRules: Json) => one(ROTATION, { secretId: "example", rotationRules });
check("SEC-02", `${CHECKOV}/graph/checks/resources/SecretsAreRotated/main.tf (CKV2_AWS_57)`, [
  [
    "pass",
    doc(
      of(SECRETS, { name: "pike" }, "pass"),
      of(ROTATION, { secretId: UNKNOWN, rotationRules: { automaticallyAfterDays: 30 } }, "rotation", {
        secretId: "pass",
      }),
    ),
    "pass",
  ],
  ["fail", one(SECRETS, { name: "sato" }), "fail"],
]);
check("SEC-03", `${CHECKOV}/checks/resource/aws/example_SecretManagerSecret90days/main.tf (CKV_AWS_304)`, [
  ["pass", rotated({ automaticallyAfterDays: 30 }), "pass"],
  ["pass_scheduled_hours", rotated({ scheduleExpression: "rate(4 hours)" }), "pass"],
  ["pass_scheduled_days", rotated({ scheduleExpression: "rate(89 days)" }), "pass"],
  ["pass_scheduled_cron", rotated({ scheduleExpression: "cron(0 12 * * ? *)" }), "pass"],
  ["fail_scheduled_days", rotated({ scheduleExpression: "rate(180 days)" }), "fail"],
  ["fail_scheduled_cron", rotated({ scheduleExpression: "cron(0 12 * 2 ? *)" }), "fail"],
  // Theirs asks for less than 90 days and fails; ours for 90 at most.
  ["fail: 90 days", rotated({ automaticallyAfterDays: 90 }), "pass"],
]);
const parameter = (props: Json) => one("ssm/parameter:Parameter", { value: "test", ...props });
check("SEC-04", `${CHECKOV}/graph/checks/resources/AWSSSMParametershouldbeEncrypted/main.tf (CKV2_AWS_34)`, [
  ["aws_ssm_parameter_ok", parameter({ type: "SecureString" }), "pass"],
  ["aws_ssm_parameter_not_ok", parameter({ type: "String" }), "fail"],
]);
check("SEC-05", `${CHECKOV}/checks/resource/aws/example_SSMParameterUsesCMK/main.tf (CKV_AWS_337)`, [
  ["pass", keyed("ssm/parameter:Parameter", "keyId", { type: "SecureString", value: "x" }), "pass"],
  // Theirs passes; a parameter that is no SecureString does not concern ours.
  ["pass2", parameter({ type: "String" }), "not-applicable"],
  ["fail", parameter({ type: "SecureString" }), "fail"],
]);

const VAULT = "backup/vault:Vault";
check("BCK-01", `${CHECKOV}/checks/resource/aws/example_BackupVaultEncrypted/main.tf (CKV_AWS_166)`, [
  ["backup_with_kms_key", keyed(VAULT, "kmsKeyArn", { name: "example_backup_vault" }), "pass"],
  ["backup", one(VAULT, { name: "example_backup_vault" }), "fail"],
]);

const queue = (props: Json) => one("sqs/queue:Queue", { name: "terraform-example-queue", ...props });
check("MSG-01", `${CHECKOV}/checks/resource/aws/example_SQSQueueEncryption/main.tf (CKV_AWS_27)`, [
  ["pass", queue({ kmsMasterKeyId: "alias/aws/sqs" }), "pass"],
  ["pass2", queue({ sqsManagedSseEnabled: true }), "pass"],
  ["fail", queue({}), "fail"],
  ["fail2", queue({ kmsMasterKeyId: "" }), "fail"],
  ["fail3", queue({ sqsManagedSseEnabled: false }), "fail"],
]);
const queuePolicy = (Principal: unknown, Action: unknown) =>
  one("sqs/queuePolicy:QueuePolicy", {
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal, Action }] }),
  });
check(
  "MSG-03",
  "aquasecurity/trivy-checks checks/cloud/aws/sqs/no_wildcards_in_policy_documents.yaml (AWS-0097)",
  [
    ["good", queuePolicy("*", "sqs:SendMessage"), "pass"],
    [
      "good of CloudFormation",
      queuePolicy({ AWS: ["111122223333"] }, ["SQS:SendMessage", "SQS:ReceiveMessage"]),
      "pass",
    ],
    ["bad", queuePolicy("*", "*"), "fail"],
    ["bad of CloudFormation", queuePolicy({ AWS: ["111122223333"] }, ["*"]), "fail"],
  ],
);
check("MSG-03", `${CHECKOV}/checks/resource/aws/example_SQSPolicy/main.tf (CKV_AWS_168)`, [
  ["pass", queuePolicy("ARN:01010101010:TEST:SAMPLE", "sqs:SendMessage"), "pass"],
  ["fail", queuePolicy("*", "*"), "fail"],
]);

const topic = (props: Json) => one("sns/topic:Topic", { name: "example", ...props });
check("MSG-04", `${CHECKOV}/checks/resource/aws/example_SNSTopicEncryption/main.tf (CKV_AWS_26)`, [
  ["enabled", topic({ kmsMasterKeyId: "aws_kms_key.arn" }), "pass"],
  ["default", topic({}), "fail"],
]);
check("MSG-05", "aquasecurity/trivy-checks checks/cloud/aws/sns/topic_encryption_with_cmk.yaml (AWS-0136)", [
  ["good", topic({ kmsMasterKeyId: "/blah" }), "pass"],
  ["bad", topic({ kmsMasterKeyId: "alias/aws/sns" }), "fail"],
]);
