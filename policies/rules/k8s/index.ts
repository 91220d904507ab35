/** The Kubernetes rules in catalogue order. */
import type { Rule } from "../../types.ts";
import { dropAll, dropRawSockets, noneAdded, noSysAdmin } from "./capabilities.ts";
import { noSecretsInConfig } from "./config-map-rule.ts";
import { egressToWorld } from "./egress-rule.ts";
import { externalNames } from "./external-name-rule.ts";
import { hostNamespaces, hostPath, hostPort, runtimeSocket, sysctls } from "./host-access.ts";
import { allowedRegistry, digest, fixedTag } from "./image-rules.ts";
import { ingressTls } from "./ingress-rule.ts";
import { namespaceSet } from "./namespace-rule.ts";
import { defaultDenyEgress, selected } from "./network-rules.ts";
import { noWildcards } from "./rbac-rule.ts";
import { resourceRules } from "./resources.ts";
import { noSecretVariables } from "./secret-env-rule.ts";
import { nonRoot, privileged, privilegeEscalation, readOnlyRoot, seccomp } from "./security-context.ts";
import { encryptedLoadBalancer, internalLoadBalancer, noLoadBalancer, noNodePort } from "./service-rules.ts";
import { encryptedClasses } from "./storage-rule.ts";
import { noToken } from "./token-rule.ts";

export const k8sRules: Rule[] = [
  privileged,
  privilegeEscalation,
  nonRoot,
  readOnlyRoot,
  dropAll,
  dropRawSockets,
  noneAdded,
  noSysAdmin,
  seccomp,
  hostNamespaces,
  hostPath,
  runtimeSocket,
  hostPort,
  sysctls,
  ...resourceRules,
  fixedTag,
  digest,
  allowedRegistry,
  noSecretVariables,
  noSecretsInConfig,
  namespaceSet,
  noToken,
  noWildcards,
  selected,
  defaultDenyEgress,
  egressToWorld,
  ingressTls,
  noLoadBalancer,
  internalLoadBalancer,
  encryptedLoadBalancer,
  noNodePort,
  encryptedClasses,
  externalNames,
];
