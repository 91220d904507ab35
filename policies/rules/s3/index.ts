import type { Rule } from "../../types.ts";
import { ownershipRule, publicAccessBlockRule, publicAclRule, publicPolicyRule } from "./access.ts";
import { encryptionRule } from "./encryption.ts";
import { retentionRule, uploadsRule, versioningRule } from "./lifecycle.ts";
import { tlsRule } from "./tls.ts";

export const s3Rules: Rule[] = [
  publicAccessBlockRule,
  tlsRule,
  encryptionRule,
  versioningRule,
  publicAclRule,
  publicPolicyRule,
  uploadsRule,
  ownershipRule,
  retentionRule,
];
