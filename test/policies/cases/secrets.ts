/** Secrets, parameters, backups, queues and topics. */
import { type Case, type Doc, type Entry, type Json, SECRET, UNKNOWN } from "../graphs.ts";
import { allow, keyCases } from "./stores.ts";

const of = (type: string, name: string, props: Json, refs?: Entry["refs"]): Entry => ({
  type: `aws:${type}`,
  name,
  props,
  ...(refs && { refs }),
});
const doc = (...resources: Entry[]): Doc => ({ resources });
const one = (type: string, props: Json = {}) => doc(of(type, "x", props));
const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";

const secret = of("secretsmanager/secret:Secret", "secret", { name: "token" });
const rotation = (secretId: unknown, refs?: Entry["refs"]) =>
  of("secretsmanager/secretRotation:SecretRotation", "rotation", { secretId }, refs);
const every = (rotationRules: unknown) =>
  one("secretsmanager/secretRotation:SecretRotation", { secretId: "token", rotationRules });
const schedule = (scheduleExpression: unknown) => every({ scheduleExpression });
const DAYS = "rotationRules.automaticallyAfterDays";
const SCHEDULE = "rotationRules.scheduleExpression";

const parameter = (type: unknown, rest: Json = { value: SECRET }) =>
  one("ssm/parameter:Parameter", { type, ...rest });
const parameterKeys = keyCases("SEC-05", "ssm/parameter:Parameter", "keyId", { type: "SecureString" });

const vault = of("backup/vault:Vault", "vault", { name: "vault" });
const lock = (props: Json) =>
  of("backup/vaultLockConfiguration:VaultLockConfiguration", "lock", { backupVaultName: "vault", ...props });
const bounds = { minRetentionDays: 30, maxRetentionDays: 365 };
const plan = (deleteAfter: unknown, targetVaultName: unknown = "vault", refs?: Entry["refs"]) =>
  of("backup/plan:Plan", "plan", { rules: [{ targetVaultName, lifecycle: { deleteAfter } }] }, refs);
const backup = (...more: Entry[]) => doc(vault, lock(bounds), ...more);
const AFTER = "rules[0].lifecycle.deleteAfter";

const QUEUE = "sqs/queue:Queue";
const TOPIC = "sns/topic:Topic";
const topicKeys = keyCases("MSG-05", TOPIC, "kmsMasterKeyId");
const send = (action: unknown, more: Json = {}) =>
  one("sqs/queuePolicy:QueuePolicy", {
    queueUrl: "q",
    policy: JSON.stringify(allow({ Service: "events.amazonaws.com" }, action, more)),
  });

export const secretCases: Case[] = [
  keyCases("SEC-01", "secretsmanager/secret:Secret", "kmsKeyId", { name: "token" }),
  {
    id: "SEC-02",
    pass: [doc(secret, rotation("token")), doc(secret, rotation(UNKNOWN, { secretId: "secret" }))],
    fail: [
      [doc(secret), "secret", ""],
      [doc(secret, rotation("other")), "secret", ""],
    ],
    unknown: [doc(secret, rotation(UNKNOWN))],
    notApplicable: [doc(), doc(rotation("other"))],
  },
  {
    id: "SEC-03",
    pass: [
      every({ automaticallyAfterDays: 90 }),
      every({ automaticallyAfterDays: "30" }),
      schedule("rate(90 days)"),
      schedule("rate(4 hours)"),
      // The first of each month; each Sunday; every second month.
      schedule("cron(0 16 1 * ? *)"),
      schedule("cron(0 8 ? * SUN *)"),
      schedule("cron(0 8 1 */2 ? *)"),
      schedule("cron(0 8 1 JAN,MAR,MAY-DEC ? *)"),
    ],
    fail: [
      [every({}), "x", DAYS],
      [every({ automaticallyAfterDays: 91 }), "x", DAYS],
      [every({ automaticallyAfterDays: 0 }), "x", DAYS],
      [schedule("rate(91 days)"), "x", SCHEDULE],
      // July to October are 92 days; once a year; one year only; no schedule at all.
      [schedule("cron(0 8 1 */3 ? *)"), "x", SCHEDULE],
      [schedule("cron(0 8 1 2 ? *)"), "x", SCHEDULE],
      [schedule("cron(0 8 1 * ? 2026)"), "x", SCHEDULE],
      [schedule("monthly"), "x", SCHEDULE],
      [schedule("cron(0 8 1 13 ? *)"), "x", SCHEDULE],
    ],
    unknown: [every(UNKNOWN), every({ automaticallyAfterDays: UNKNOWN }), schedule(UNKNOWN)],
    notApplicable: [doc(), doc(secret)],
  },
  {
    id: "SEC-04",
    pass: [
      parameter("SecureString"),
      parameter("SecureString", { valueWo: SECRET }),
      parameter("String", { insecureValue: "eu-central-1" }),
    ],
    fail: [
      [parameter("String"), "x", "type"],
      [parameter("StringList", { value: "a,b" }), "x", "type"],
      [parameter("String", { valueWo: SECRET }), "x", "type"],
      [parameter("String", { value: UNKNOWN }), "x", "type"],
      [parameter(null), "x", "type"],
    ],
    unknown: [parameter(UNKNOWN)],
    notApplicable: [doc()],
  },
  {
    ...parameterKeys,
    unknown: [...(parameterKeys.unknown as Doc[]), parameter(UNKNOWN)],
    notApplicable: [doc(), parameter("String")],
  },
  keyCases("BCK-01", "backup/vault:Vault", "kmsKeyArn", { name: "vault" }),
  {
    id: "BCK-02",
    pass: [
      backup(),
      backup(plan(30)),
      backup(plan(365)),
      backup(plan("90", UNKNOWN, { "rules[0].targetVaultName": "vault" })),
    ],
    fail: [
      [doc(vault), "vault", ""],
      [doc(vault, lock({ ...bounds, minRetentionDays: null })), "lock", "minRetentionDays"],
      [doc(vault, lock({ ...bounds, maxRetentionDays: 0 })), "lock", "maxRetentionDays"],
      [doc(vault, lock({ ...bounds, backupVaultName: "other" })), "vault", ""],
      [backup(plan(null)), "plan", AFTER],
      [backup(plan(29)), "plan", AFTER],
      [backup(plan(366)), "plan", AFTER],
    ],
    unknown: [
      doc(vault, lock({ ...bounds, backupVaultName: UNKNOWN })),
      doc(vault, lock({ ...bounds, minRetentionDays: UNKNOWN })),
      backup(plan(UNKNOWN)),
      backup(plan(90, UNKNOWN)),
      backup(plan(90, "elsewhere")),
      backup(of("backup/plan:Plan", "plan", { rules: UNKNOWN })),
    ],
    notApplicable: [doc()],
  },
  {
    id: "MSG-01",
    pass: [
      one(QUEUE, { sqsManagedSseEnabled: true }),
      one(QUEUE, { kmsMasterKeyId: "alias/aws/sqs" }),
      one(QUEUE, { kmsMasterKeyId: UNKNOWN, sqsManagedSseEnabled: true }),
    ],
    fail: [
      [one(QUEUE), "x", "sqsManagedSseEnabled"],
      [one(QUEUE, { sqsManagedSseEnabled: false }), "x", "sqsManagedSseEnabled"],
      [one(QUEUE, { kmsMasterKeyId: "" }), "x", "sqsManagedSseEnabled"],
    ],
    unknown: [one(QUEUE, { kmsMasterKeyId: UNKNOWN }), one(QUEUE, { sqsManagedSseEnabled: UNKNOWN })],
    notApplicable: [doc()],
  },
  {
    id: "MSG-03",
    pass: [
      one(QUEUE),
      send("sqs:SendMessage"),
      send(["sqs:SendMessage", "sqs:ReceiveMessage"]),
      send("*", { Effect: "Deny" }),
      one(QUEUE, { policy: allow("*", "sqs:SendMessage") }),
    ],
    fail: [
      [send("*"), "x", "policy.Statement[0]"],
      [send("sqs:*"), "x", "policy.Statement[0]"],
      [send(["sqs:SendMessage", "SQS:*"]), "x", "policy.Statement[0]"],
      [send(undefined, { NotAction: "sqs:DeleteQueue" }), "x", "policy.Statement[0]"],
      [one(QUEUE, { policy: allow("*", "*") }), "x", "policy.Statement[0]"],
    ],
    unknown: [
      one("sqs/queuePolicy:QueuePolicy", { policy: UNKNOWN }),
      one(QUEUE, { policy: allow("*", UNKNOWN) }),
    ],
    notApplicable: [doc()],
  },
  {
    id: "MSG-04",
    pass: [one(TOPIC, { kmsMasterKeyId: KEY }), one(TOPIC, { kmsMasterKeyId: "alias/aws/sns" })],
    fail: [
      [one(TOPIC), "x", "kmsMasterKeyId"],
      [one(TOPIC, { kmsMasterKeyId: "" }), "x", "kmsMasterKeyId"],
    ],
    unknown: [one(TOPIC, { kmsMasterKeyId: UNKNOWN })],
    notApplicable: [doc()],
  },
  topicKeys,
];
