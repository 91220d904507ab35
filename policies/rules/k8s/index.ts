/** The Kubernetes rules in catalogue order. */
import type { Rule } from "../../types.ts";

export const k8sRules: Rule[] = [];
