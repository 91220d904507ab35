/** Security policies of AWS load balancers that offer TLS 1.2 at least. */
import type { PolicyParams } from "../types.ts";

/**
 * Names, never a pattern: ELBSecurityPolicy-TLS13-1-0-2021-06 still offers TLS 1.0. The first eight are AWS
 * Security Hub's ELB.17, and TLS-1-2-2017-01 its ELB.8; of the others whose name has 1-2, those with weaker
 * ciphers (…-Ext…) are outdated by aquasecurity/trivy-checks@2d6935f checks/cloud/aws/elb/use_secure_tls_policy.rego.
 */
const STRONG = [
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
  "ELBSecurityPolicy-TLS-1-2-2017-01",
  "ELBSecurityPolicy-FS-1-2-2019-08",
  "ELBSecurityPolicy-FS-1-2-Res-2019-08",
  "ELBSecurityPolicy-FS-1-2-Res-2020-10",
];

/** The policies that a run allows: those of its parameter `tlsPolicies`, else every one with TLS 1.2 at least. */
export function tlsPolicies(params: PolicyParams): readonly string[] {
  return params.tlsPolicies ?? STRONG;
}
