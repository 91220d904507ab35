/** Secrets in environment variables, which every child process and many a crash report reads. */
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { containerRule } from "./container-rule.ts";
import { isHidden } from "./object-rule.ts";
import { whyUnknown } from "./objects.ts";
import { type Container, read } from "./workloads.ts";

/** vLLM reads its key from this variable alone, and LLM-03 asks for it. */
const EXEMPT = "VLLM_API_KEY";

export const noSecretVariables: Rule = containerRule(
  {
    id: "K8S-22",
    title: "Secrets are mounted, not put into variables",
    description: `No variable is read from a Secret by env[].valueFrom.secretKeyRef or envFrom[].secretRef, but for ${EXEMPT}, which LLM-03 asks for.`,
  },
  (container, out) => {
    judge(container, out, "env", "valueFrom", "secretKeyRef");
    judge(container, out, "envFrom", null, "secretRef");
  },
);

function judge(container: Container, out: Found, key: string, from: string | null, ref: string): void {
  const { pod, label } = container;
  const list = `${container.path}.${key}`;
  const entries = read(pod, list);
  if (isHidden(entries)) out.unknown(pod.resource, list, whyUnknown(entries.state, "the list of variables"));
  if (entries.state !== "known" || !Array.isArray(entries.value)) return;
  for (const index of entries.value.keys()) {
    const name = read(pod, `${list}[${index}].name`);
    if (key === "env" && name.state === "known" && name.value === EXEMPT) continue;
    const path = `${list}[${index}]${from === null ? "" : `.${from}`}.${ref}`;
    const found = read(pod, path);
    if (isHidden(found))
      out.unknown(pod.resource, path, whyUnknown(found.state, "where the variable comes from"));
    else if (found.state === "known")
      out.fail(
        pod.resource,
        path,
        null,
        `${label} gets a secret as a variable; allowed: a secret volume`,
        `mount the Secret as a volume instead of ${path}`,
      );
  }
}
