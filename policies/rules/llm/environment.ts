/** Environment variables of a container, wherever the graph says they come from. */
import { lookup, type ResourceGraph } from "../../../graph/index.ts";
import { namespaceOf } from "../k8s/namespaces.ts";
import { sameNamespace } from "../k8s/network-policies.ts";
import { at, type KubeObject, objects, pathIn } from "../k8s/objects.ts";
import type { Container } from "../k8s/workloads.ts";
import { asText } from "../text.ts";

export interface EnvValue {
  path: string;
  /** `secret-ref`: from a Kubernetes Secret. `other-ref`: from a field or a ConfigMap that the graph lacks. */
  state: "known" | "unknown" | "secret-ref" | "other-ref";
  value: string | null;
}

/** The value of a variable as the kubelet makes it: `env` before `envFrom`, and later entries before earlier ones. */
export function environment(graph: ResourceGraph, container: Container, name: string): EnvValue | null {
  return ofList(graph, container, name) ?? ofSources(graph, container, name);
}

function ofList(graph: ResourceGraph, container: Container, name: string): EnvValue | null {
  const { props } = container.pod.resource;
  const list = lookup(props, `${container.path}.env`);
  if (list.state === "unknown" || list.state === "secret") return unknown(`${container.path}.env`);
  if (list.state !== "known" || !Array.isArray(list.value)) return null;
  for (let index = list.value.length - 1; index >= 0; index--) {
    const path = `${container.path}.env[${index}]`;
    const key = lookup(props, `${path}.name`);
    if (key.state === "unknown" || key.state === "secret") return unknown(path);
    if (key.state !== "known" || key.value !== name) continue;
    return ofEntry(graph, container, path);
  }
  return null;
}

function ofEntry(graph: ResourceGraph, container: Container, path: string): EnvValue {
  const { props } = container.pod.resource;
  const from = lookup(props, `${path}.valueFrom`);
  if (from.state === "unknown" || from.state === "secret") return unknown(path);
  if (from.state === "known") {
    if (lookup(props, `${path}.valueFrom.secretKeyRef`).state !== "absent")
      return { path, state: "secret-ref", value: null };
    const map = lookup(props, `${path}.valueFrom.configMapKeyRef.name`);
    const key = lookup(props, `${path}.valueFrom.configMapKeyRef.key`);
    if (map.state === "known" && key.state === "known") {
      const found = inObject(graph, container, "ConfigMap", asText(map.value), asText(key.value));
      if (typeof found === "string") return { path, state: "known", value: found };
    }
    return { path, state: "other-ref", value: null };
  }
  const value = lookup(props, `${path}.value`);
  if (value.state === "unknown" || value.state === "secret") return unknown(path);
  return { path, state: "known", value: value.state === "known" ? asText(value.value) : "" };
}

function ofSources(graph: ResourceGraph, container: Container, name: string): EnvValue | null {
  const { props } = container.pod.resource;
  const base = `${container.path}.envFrom`;
  const list = lookup(props, base);
  if (list.state === "absent") return null;
  if (list.state !== "known" || !Array.isArray(list.value)) return unknown(base);
  for (let index = list.value.length - 1; index >= 0; index--) {
    const path = `${base}[${index}]`;
    const prefix = lookup(props, `${path}.prefix`);
    if (prefix.state === "unknown" || prefix.state === "secret") return unknown(path);
    const start = prefix.state === "known" ? asText(prefix.value) : "";
    if (!name.startsWith(start)) continue;
    const key = name.slice(start.length);
    const map = lookup(props, `${path}.configMapRef.name`);
    const secret = lookup(props, `${path}.secretRef.name`);
    const found =
      map.state === "known"
        ? inObject(graph, container, "ConfigMap", asText(map.value), key)
        : secret.state === "known"
          ? inObject(graph, container, "Secret", asText(secret.value), key)
          : HIDDEN;
    if (found === HIDDEN) return unknown(path);
    if (found !== null) {
      return map.state === "known"
        ? { path, state: "known", value: found }
        : { path, state: "secret-ref", value: null };
    }
  }
  return null;
}

const HIDDEN = Symbol("what the graph does not show");

/** A key of a ConfigMap or Secret of the graph; null where the object lacks it. */
function inObject(
  graph: ResourceGraph,
  container: Container,
  kind: "ConfigMap" | "Secret",
  name: string,
  key: string,
): string | typeof HIDDEN | null {
  const named = objects(graph, { [kind]: [""] }).found.filter((object) => {
    const own = at(object, "metadata.name");
    const here = sameNamespace(namespaceOf(graph, object), container.pod.namespace);
    return !object.partial && own.state === "known" && own.value === name && here === true;
  });
  if (named.length !== 1) return HIDDEN;
  return keyOf(named[0]!, kind === "Secret" ? ["stringData", "data"] : ["data"], key);
}

function keyOf(object: KubeObject, maps: string[], key: string): string | typeof HIDDEN | null {
  for (const map of maps) {
    const whole = at(object, map);
    if (whole.state === "unknown" || whole.state === "secret") return HIDDEN;
    const entry = lookup(object.resource.props, `${pathIn(object, map)}["${key}"]`);
    // That a Secret has the key is enough: its value is never read.
    if (entry.state === "secret" && maps.length > 1) return "";
    if (entry.state === "unknown" || entry.state === "secret") return HIDDEN;
    if (entry.state === "known") return asText(entry.value);
  }
  return null;
}

function unknown(path: string): EnvValue {
  return { path, state: "unknown", value: null };
}
