/** The load balancer rules in catalogue order. */
import type { Rule } from "../../types.ts";
import {
  accessLogRule,
  deletionRule,
  headerRule,
  internalRule,
  webAclLogRule,
  webAclRule,
} from "./balancers.ts";
import { httpsRule, redirectRule, tlsPolicyRule } from "./listeners.ts";

export const lbRules: Rule[] = [
  httpsRule,
  tlsPolicyRule,
  accessLogRule,
  headerRule,
  deletionRule,
  webAclRule,
  redirectRule,
  internalRule,
  webAclLogRule,
];
