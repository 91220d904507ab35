/** The IAM rules in catalogue order. */
import type { Rule } from "../../types.ts";
import {
  administratorRule,
  adminRule,
  escalationRule,
  s3WildcardRule,
  serviceWildcardRule,
} from "./grants.ts";
import { accountTrustRule, publicTrustRule, workloadRule } from "./trust.ts";

export const iamRules: Rule[] = [
  adminRule,
  administratorRule,
  publicTrustRule,
  accountTrustRule,
  serviceWildcardRule,
  s3WildcardRule,
  escalationRule,
  workloadRule,
];
