/** The Kubernetes rules in catalogue order. */
import type { Rule } from "../../types.ts";
import { egressToWorld } from "./egress-rule.ts";
import { allowedRegistry, digest, fixedTag } from "./image-rules.ts";
import { namespaceSet } from "./namespace-rule.ts";
import { defaultDenyEgress, selected } from "./network-rules.ts";
import {
  dropAll,
  hostNamespaces,
  hostPath,
  nonRoot,
  privileged,
  privilegeEscalation,
  seccomp,
} from "./security-context.ts";

export const k8sRules: Rule[] = [
  privileged,
  privilegeEscalation,
  nonRoot,
  dropAll,
  seccomp,
  hostNamespaces,
  hostPath,
  fixedTag,
  digest,
  allowedRegistry,
  namespaceSet,
  selected,
  defaultDenyEgress,
  egressToWorld,
];
