/** Encryption on the way to the pod. */
import type { Rule } from "../../types.ts";
import { namespaceOf } from "../k8s/namespaces.ts";
import { at, objects } from "../k8s/objects.ts";
import { type PodSpec, read } from "../k8s/workloads.ts";
import { asText } from "../text.ts";
import { engineRule, flag, hiddenFlags } from "./engine.ts";

/** Linkerd encrypts between injected pods; Istio does where a PeerAuthentication of the namespace is STRICT. */
function meshOf(pod: PodSpec): "linkerd" | "istio" | null {
  const metadata = pod.labelsPath.replace(/\.labels$/, "");
  const holds = (place: string, key: string, value: string) => {
    const found = read(pod, `${metadata}.${place}["${key}"]`);
    return found.state === "known" && asText(found.value) === value;
  };
  if (holds("annotations", "linkerd.io/inject", "enabled")) return "linkerd";
  const istio = ["labels", "annotations"].some((place) => holds(place, "sidecar.istio.io/inject", "true"));
  return istio ? "istio" : null;
}

export const engineTls: Rule = {
  ...engineRule(
    "LLM-12",
    "Traffic to the engine is encrypted",
    "--ssl-keyfile and --ssl-certfile are given, or the pod is in a mesh with mutual TLS: linkerd.io/inject: enabled, or an Istio sidecar with a PeerAuthentication STRICT in its namespace or in istio-system.",
    () => {},
  ),
  check(graph, params) {
    const strict = new Set<string>();
    for (const object of objects(graph, { PeerAuthentication: ["security.istio.io"] }).found) {
      const mode = at(object, "spec.mtls.mode");
      const namespace = namespaceOf(graph, object);
      if (mode.state === "known" && mode.value === "STRICT" && namespace.state === "known")
        strict.add(namespace.key);
    }
    return engineRule(this.id, this.title, this.description, (engine, found) => {
      const { pod, path } = engine.container;
      const missing = ["--ssl-keyfile", "--ssl-certfile"].filter((name) => flag(engine, name) === null);
      if (missing.length === 0) return;
      const mesh = meshOf(pod);
      if (mesh === "linkerd") return;
      const own = pod.namespace.state === "known" && strict.has(pod.namespace.key);
      if (mesh === "istio" && (own || strict.has("istio-system"))) return;
      const hidden = hiddenFlags(engine);
      if (hidden) found.unknown(pod.resource, hidden.path, hidden.why);
      else
        found.fail(
          pod.resource,
          `${path}.args`,
          null,
          `prompts and answers reach the pod unencrypted: ${missing.join(" and ")} are missing and no mesh with mutual TLS is stated`,
          "add --ssl-keyfile and --ssl-certfile, or inject a mesh with mutual TLS",
        );
    }).check(graph, params);
  },
};
