/** Frames for rules that judge pods or containers one by one. */
import type { Lookup } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { Found } from "../helpers.ts";
import { whyUnknown } from "./objects.ts";
import { type Container, type PodSpec, podSpecs } from "./workloads.ts";

type Meta = Pick<Rule, "id" | "title" | "description">;

/** A rule over every pod spec. What may hold a pod spec and cannot be read is an unknown fact. */
export function podRule(meta: Meta, judge: (pod: PodSpec, out: Found) => void): Rule {
  return {
    ...meta,
    check(graph) {
      const out = new Found();
      const { pods, unread } = podSpecs(graph);
      out.applicable = pods.length + unread.length > 0;
      for (const { resource, path, state } of unread)
        out.unknown(resource, path, whyUnknown(state, "the workload"));
      for (const pod of pods) judge(pod, out);
      return out;
    },
  };
}

/** A rule over every container, init containers and ephemeral containers included. */
export function containerRule(meta: Meta, judge: (container: Container, out: Found) => void): Rule {
  return podRule(meta, (pod, out) => {
    reportUnread(pod, out);
    for (const container of pod.containers) judge(container, out);
  });
}

export function reportUnread(pod: PodSpec, out: Found): void {
  for (const { resource, path, state } of pod.unread) {
    const why =
      state === "absent"
        ? "the object in the graph states no containers"
        : whyUnknown(state, "this part of the pod");
    out.unknown(resource, path, why);
  }
}

/**
 * Reports a setting that has to be one of some values and is not: missing and wrong are violations, but what a
 * patch leaves out is unknown, for the rest of the object is decided elsewhere.
 */
export function require(
  pod: PodSpec,
  out: Found,
  path: string,
  found: Lookup,
  verdict: {
    ok: (value: unknown) => boolean;
    what: string;
    message: (value: unknown) => string;
    fix: string;
  },
): void {
  if (found.state === "known" && verdict.ok(found.value)) return;
  if (found.state === "unknown" || found.state === "secret") {
    out.unknown(pod.resource, path, whyUnknown(found.state, verdict.what));
  } else if (found.state === "absent" && pod.partial) {
    out.unknown(pod.resource, path, `the patch does not state ${verdict.what}`);
  } else {
    const value = found.state === "known" ? found.value : null;
    out.fail(pod.resource, path, value, verdict.message(value), verdict.fix);
  }
}

/** Reports a setting that must not be true. Missing is fine: Kubernetes' default is false. */
export function forbidTrue(
  pod: PodSpec,
  out: Found,
  path: string,
  found: Lookup,
  verdict: { what: string; message: string; fix: string },
): void {
  if (found.state === "unknown" || found.state === "secret") {
    out.unknown(pod.resource, path, whyUnknown(found.state, verdict.what));
  } else if (found.state === "known" && isTrue(found.value)) {
    out.fail(pod.resource, path, found.value, verdict.message, verdict.fix);
  }
}

/** Templates hand booleans over as strings, too. */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

export function isFalse(value: unknown): boolean {
  return value === false || (typeof value === "string" && value.toLowerCase() === "false");
}
