import type { Rule } from "../types.ts";
import { backupRules } from "./backup.ts";
import { ec2Rules } from "./ec2.ts";
import { registryRules } from "./ecr/index.ts";
import { eksRules } from "./eks.ts";
import { governanceRules } from "./governance/index.ts";
import { iamRules } from "./iam/index.ts";
import { k8sRules } from "./k8s/index.ts";
import { kmsRules } from "./kms.ts";
import { lbRules } from "./lb/index.ts";
import { llmRules } from "./llm/index.ts";
import { logRules } from "./logs.ts";
import { messageRules } from "./messages.ts";
import { networkRules } from "./network.ts";
import { residencyRules } from "./residency/index.ts";
import { s3Rules } from "./s3/index.ts";
import { secretRules } from "./secrets.ts";
import { storageRules } from "./sto/index.ts";

/** Every rule, in the order of the control catalogue. */
export const rules: Rule[] = [
  ...residencyRules,
  ...governanceRules,
  ...s3Rules,
  ...storageRules,
  ...registryRules,
  ...kmsRules,
  ...secretRules,
  ...backupRules,
  ...messageRules,
  ...eksRules,
  ...ec2Rules,
  ...networkRules,
  ...lbRules,
  ...logRules,
  ...iamRules,
  ...k8sRules,
  ...llmRules,
];
