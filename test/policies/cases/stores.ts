/** Volumes, file systems, registries and keys. */
import { type Case, type Doc, type Entry, type Json, UNKNOWN } from "../graphs.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";

const of = (type: string, name: string, props: Json, refs?: Entry["refs"]): Entry => ({
  type: `aws:${type}`,
  name,
  props,
  ...(refs && { refs }),
});
const doc = (...resources: Entry[]): Doc => ({ resources });
const one = (type: string, props: Json = {}) => doc(of(type, "x", props));
const key = of("kms/key:Key", "key", {});

/** What every control of the kind "names a customer-managed key at this path" says. */
export function keyCases(id: string, type: string, property: string, rest: Json = {}): Case {
  const make = (value: unknown) => one(type, { ...rest, [property]: value });
  return {
    id,
    pass: [
      make(KEY),
      make("alias/own"),
      doc(key, of(type, "x", { ...rest, [property]: UNKNOWN }, { [property]: "key" })),
    ],
    fail: [
      [one(type, rest), "x", property],
      [make(""), "x", property],
      [make(null), "x", property],
      [make("alias/aws/service"), "x", property],
      [make("arn:aws:kms:eu-central-1:111122223333:alias/aws/service"), "x", property],
    ],
    unknown: [make(UNKNOWN)],
    notApplicable: [doc(), doc(key)],
  };
}

/** What every control of the kind "this switch is on" says. */
export function switchCases(id: string, type: string, property: string, rest: Json = {}): Case {
  const make = (value: unknown) => one(type, { ...rest, [property]: value });
  return {
    id,
    pass: [make(true), make("true")],
    fail: [
      [one(type, rest), "x", property],
      [make(false), "x", property],
      [make("false"), "x", property],
      [make(null), "x", property],
    ],
    unknown: [make(UNKNOWN)],
    notApplicable: [doc(), doc(key)],
  };
}

const VOLUME = "ebs/volume:Volume";
const TEMPLATE = "ec2/launchTemplate:LaunchTemplate";
const template = (ebs: unknown) => one(TEMPLATE, { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }] });
const nodeClass = (ebs: unknown): Doc =>
  doc({
    type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    name: "class",
    props: { spec: { blockDeviceMappings: [{ ebs }] } },
  });
const volumeKeys = keyCases("STO-02", VOLUME, "kmsKeyId", { encrypted: true });

const COPY = "ebs/snapshotCopy:SnapshotCopy";
const copyKeys = keyCases("STO-04", COPY, "kmsKeyId", { encrypted: true });
const POINT = "efs/accessPoint:AccessPoint";
const root = (path: unknown) => one(POINT, { rootDirectory: { path } });
const user = (posixUser: unknown) => one(POINT, { posixUser });
const LUSTRE = "fsx/lustreFileSystem:LustreFileSystem";
const cacheKeys = keyCases("STO-10", LUSTRE, "kmsKeyId", { deploymentType: "PERSISTENT_2" });

const REPOSITORY = "ecr/repository:Repository";
const tags = (imageTagMutability: unknown, filters?: unknown) =>
  one(REPOSITORY, {
    imageTagMutability,
    ...(filters !== undefined && { imageTagMutabilityExclusionFilters: filters }),
  });
const filter = (text: unknown) => ({ filter: text, filterType: "WILDCARD" });
const scan = (scanOnPush: unknown) => one(REPOSITORY, { imageScanningConfiguration: { scanOnPush } });
const SCAN = "imageScanningConfiguration.scanOnPush";
const registry = (frequency: unknown, repositoryFilters: unknown) =>
  of("ecr/registryScanningConfiguration:RegistryScanningConfiguration", "registry", {
    scanType: "BASIC",
    rules: [{ scanFrequency: frequency, repositoryFilters }],
  });
const scanned = (frequency: unknown, pattern: unknown, name: unknown = "team/app") =>
  doc(of(REPOSITORY, "x", { name }), registry(frequency, [filter(pattern)]));
const encryption = (...entries: unknown[]) => one(REPOSITORY, { encryptionConfigurations: entries });
const AT = "encryptionConfigurations[0]";

export const allow = (principal: unknown, action: unknown, more: Json = {}) => ({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: principal, Action: action, Resource: "*", ...more },
});
const POLICY = "ecr/repositoryPolicy:RepositoryPolicy";
const pull = (principal: unknown, more: Json = {}) =>
  one(POLICY, { policy: JSON.stringify(allow(principal, "ecr:BatchGetImage", more)) });
const ACCOUNT = { AWS: "arn:aws:iam::111122223333:root" };

const CMK = "kms/key:Key";
const policy = JSON.stringify(allow(ACCOUNT, "kms:*"));
const keyPolicy = (props: Json) => of("kms/keyPolicy:KeyPolicy", "policy", props, { keyId: "x" });

export const storeCases: Case[] = [
  {
    ...volumeKeys,
    pass: [
      ...volumeKeys.pass,
      template({ kmsKeyId: KEY }),
      nodeClass({ kmsKeyID: "alias/own" }),
      one(TEMPLATE, { blockDeviceMappings: [{ deviceName: "/dev/sdb", virtualName: "ephemeral0" }] }),
    ],
    fail: [
      ...volumeKeys.fail,
      [template({ encrypted: "true" }), "x", "blockDeviceMappings[0].ebs.kmsKeyId"],
      [nodeClass({ encrypted: true }), "class", "spec.blockDeviceMappings[0].ebs.kmsKeyID"],
    ],
    unknown: [
      ...(volumeKeys.unknown as Doc[]),
      one(TEMPLATE, { blockDeviceMappings: UNKNOWN }),
      nodeClass({ kmsKeyID: UNKNOWN }),
    ],
  },
  {
    id: "STO-03",
    // The provider's default is on.
    pass: [
      one("ebs/encryptionByDefault:EncryptionByDefault"),
      one("ebs/encryptionByDefault:EncryptionByDefault", { enabled: true }),
    ],
    fail: [
      [one("ebs/encryptionByDefault:EncryptionByDefault", { enabled: false }), "x", "enabled"],
      [one("ebs/encryptionByDefault:EncryptionByDefault", { enabled: "false" }), "x", "enabled"],
    ],
    unknown: [one("ebs/encryptionByDefault:EncryptionByDefault", { enabled: UNKNOWN })],
    notApplicable: [doc()],
  },
  {
    ...copyKeys,
    fail: [
      ...copyKeys.fail,
      [one(COPY, { kmsKeyId: KEY }), "x", "encrypted"],
      [one(COPY, { kmsKeyId: KEY, encrypted: false }), "x", "encrypted"],
    ],
    unknown: [...(copyKeys.unknown as Doc[]), one(COPY, { kmsKeyId: KEY, encrypted: UNKNOWN })],
  },
  switchCases("STO-05", "ec2/amiCopy:AmiCopy", "encrypted", { sourceAmiRegion: "eu-central-1" }),
  switchCases("STO-06", "efs/fileSystem:FileSystem", "encrypted"),
  keyCases("STO-07", "efs/fileSystem:FileSystem", "kmsKeyId", { encrypted: true }),
  {
    id: "STO-08",
    pass: [root("/data"), root("/models/chat")],
    fail: [
      [one(POINT), "x", "rootDirectory.path"],
      [root("/"), "x", "rootDirectory.path"],
      [root("//"), "x", "rootDirectory.path"],
      [root(""), "x", "rootDirectory.path"],
    ],
    unknown: [root(UNKNOWN), one(POINT, { rootDirectory: UNKNOWN })],
    notApplicable: [doc()],
  },
  {
    id: "STO-09",
    pass: [user({ uid: 1000, gid: 1000 }), user({ uid: 0, gid: "0" })],
    fail: [
      [one(POINT), "x", "posixUser.uid"],
      [user({ uid: 1000 }), "x", "posixUser.gid"],
      [user({ uid: "root", gid: 0 }), "x", "posixUser.uid"],
    ],
    unknown: [user(UNKNOWN), user({ uid: UNKNOWN, gid: 1 })],
    notApplicable: [doc()],
  },
  {
    ...cacheKeys,
    pass: [
      ...cacheKeys.pass,
      one("fsx/openZfsFileSystem:OpenZfsFileSystem", { kmsKeyId: KEY }),
      one("fsx/ontapFileSystem:OntapFileSystem", { kmsKeyId: KEY }),
    ],
    fail: [
      ...cacheKeys.fail,
      [one("fsx/openZfsFileSystem:OpenZfsFileSystem"), "x", "kmsKeyId"],
      [one("fsx/ontapFileSystem:OntapFileSystem"), "x", "kmsKeyId"],
    ],
  },
  {
    id: "ECR-01",
    pass: [tags("IMMUTABLE"), tags("IMMUTABLE_WITH_EXCLUSION", [filter("dev-*")])],
    fail: [
      [one(REPOSITORY), "x", "imageTagMutability"],
      [tags("MUTABLE"), "x", "imageTagMutability"],
      [tags("MUTABLE_WITH_EXCLUSION", [filter("v*")]), "x", "imageTagMutability"],
      [tags("IMMUTABLE_WITH_EXCLUSION"), "x", "imageTagMutabilityExclusionFilters"],
      [tags("IMMUTABLE_WITH_EXCLUSION", [filter("*")]), "x", "imageTagMutabilityExclusionFilters[0].filter"],
    ],
    unknown: [
      tags(UNKNOWN),
      tags("IMMUTABLE_WITH_EXCLUSION", UNKNOWN),
      tags("IMMUTABLE_WITH_EXCLUSION", [filter(UNKNOWN)]),
    ],
    notApplicable: [doc()],
  },
  {
    id: "ECR-02",
    pass: [
      scan(true),
      scanned("SCAN_ON_PUSH", "*"),
      scanned("CONTINUOUS_SCAN", "team/*"),
      scanned("SCAN_ON_PUSH", "team"),
      scanned("SCAN_ON_PUSH", "*", UNKNOWN),
    ],
    fail: [
      [one(REPOSITORY), "x", SCAN],
      [scan(false), "x", SCAN],
      [scanned("MANUAL", "*"), "x", SCAN],
      [scanned("SCAN_ON_PUSH", "other/*"), "x", SCAN],
      [scanned("SCAN_ON_PUSH", "team*p/"), "x", SCAN],
    ],
    unknown: [
      scan(UNKNOWN),
      scanned(UNKNOWN, "*"),
      scanned("SCAN_ON_PUSH", UNKNOWN),
      scanned("SCAN_ON_PUSH", "team/*", UNKNOWN),
      doc(of(REPOSITORY, "x", {}), registry("SCAN_ON_PUSH", UNKNOWN)),
    ],
    notApplicable: [doc(), doc(registry("SCAN_ON_PUSH", [filter("*")]))],
  },
  {
    id: "ECR-03",
    pass: [encryption({ encryptionType: "KMS" }), encryption({ encryptionType: "KMS_DSSE" })],
    fail: [
      [one(REPOSITORY), "x", "encryptionConfigurations"],
      [encryption({ encryptionType: "AES256" }), "x", `${AT}.encryptionType`],
      [encryption({ kmsKey: KEY }), "x", `${AT}.encryptionType`],
    ],
    unknown: [
      one(REPOSITORY, { encryptionConfigurations: UNKNOWN }),
      encryption({ encryptionType: UNKNOWN }),
    ],
    notApplicable: [doc()],
  },
  {
    id: "ECR-04",
    pass: [
      encryption({ encryptionType: "KMS", kmsKey: KEY }),
      doc(
        key,
        of(
          REPOSITORY,
          "x",
          { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: UNKNOWN }] },
          { encryptionConfigurations: "key" },
        ),
      ),
    ],
    fail: [
      [one(REPOSITORY), "x", "encryptionConfigurations"],
      [encryption({ encryptionType: "KMS" }), "x", `${AT}.kmsKey`],
      [encryption({ encryptionType: "KMS", kmsKey: "alias/aws/ecr" }), "x", `${AT}.kmsKey`],
      [encryption({ encryptionType: "AES256", kmsKey: KEY }), "x", `${AT}.encryptionType`],
    ],
    unknown: [encryption({ encryptionType: "KMS", kmsKey: UNKNOWN }), encryption(UNKNOWN)],
    notApplicable: [doc()],
  },
  {
    id: "ECR-05",
    pass: [
      one(REPOSITORY),
      pull(ACCOUNT),
      pull("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      one(POLICY, { policy: "" }),
      one(POLICY, { policy: allow(ACCOUNT, "ecr:*") }),
    ],
    fail: [
      [pull("*"), "x", "policy.Statement[0]"],
      [pull({ AWS: ["*"] }), "x", "policy.Statement[0]"],
      [one(POLICY, { policy: allow("*", ["ecr:BatchGetImage"]) }), "x", "policy.Statement[0]"],
      [one("ecrpublic/repository:Repository", { repositoryName: "app" }), "x", ""],
    ],
    unknown: [one(POLICY, { policy: UNKNOWN }), one(POLICY, { policy: "{" })],
    notApplicable: [doc()],
  },
  {
    id: "KMS-03",
    // The provider's defaults: enabled, 30 days.
    pass: [one(CMK), one(CMK, { isEnabled: true, deletionWindowInDays: 14 })],
    fail: [
      [one(CMK, { isEnabled: false }), "x", "isEnabled"],
      [one(CMK, { isEnabled: "false" }), "x", "isEnabled"],
      [one(CMK, { deletionWindowInDays: 7 }), "x", "deletionWindowInDays"],
      [one(CMK, { deletionWindowInDays: "13" }), "x", "deletionWindowInDays"],
    ],
    unknown: [one(CMK, { isEnabled: UNKNOWN }), one(CMK, { deletionWindowInDays: UNKNOWN })],
    notApplicable: [doc()],
  },
  {
    id: "KMS-04",
    pass: [
      one(CMK, { policy }),
      one(CMK, { policy, bypassPolicyLockoutSafetyCheck: false }),
      doc(of(CMK, "x", {}), keyPolicy({ keyId: UNKNOWN, policy })),
    ],
    fail: [
      [one(CMK), "x", "policy"],
      [one(CMK, { policy: "" }), "x", "policy"],
      [one(CMK, { policy, bypassPolicyLockoutSafetyCheck: true }), "x", "bypassPolicyLockoutSafetyCheck"],
      [
        doc(of(CMK, "x", {}), keyPolicy({ keyId: UNKNOWN, policy, bypassPolicyLockoutSafetyCheck: "true" })),
        "policy",
        "bypassPolicyLockoutSafetyCheck",
      ],
    ],
    unknown: [
      one(CMK, { policy: UNKNOWN }),
      one(CMK, { policy, bypassPolicyLockoutSafetyCheck: UNKNOWN }),
      doc(of(CMK, "x", {}), of("kms/keyPolicy:KeyPolicy", "policy", { keyId: UNKNOWN, policy })),
    ],
    notApplicable: [doc()],
  },
];
