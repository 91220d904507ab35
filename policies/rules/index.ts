import type { Rule } from "../types.ts";
import { ec2Rules } from "./ec2.ts";
import { eksRules } from "./eks.ts";
import { k8sRules } from "./k8s/index.ts";
import { kmsRules } from "./kms.ts";
import { llmRules } from "./llm/index.ts";
import { logRules } from "./logs.ts";
import { networkRules } from "./network.ts";
import { residencyRules } from "./residency/index.ts";
import { storageRules } from "./storage.ts";

/** Every rule, in the order of the control catalogue. */
export const rules: Rule[] = [
  ...residencyRules,
  ...storageRules,
  ...kmsRules,
  ...eksRules,
  ...ec2Rules,
  ...networkRules,
  ...logRules,
  ...k8sRules,
  ...llmRules,
];
