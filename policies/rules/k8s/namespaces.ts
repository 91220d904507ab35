/** The namespace of an object, also where it is only known through the Namespace resource it refers to. */
import { lookup, type Resource, type ResourceGraph } from "../../../graph/index.ts";
import { asText } from "../text.ts";
import { at, type KubeObject, pathIn } from "./objects.ts";

export type Namespace =
  | {
      state: "known";
      /** Equal for objects of the same namespace: its name, or the URN of a Namespace whose name is generated. */
      key: string;
      /** null: generated from the resource's name, so never "default". */
      name: string | null;
      /** false: neither the object nor its provider states one, so the cluster's "default" applies. */
      stated: boolean;
      path: string;
    }
  | { state: "unknown"; path: string; why: string };

/** The namespace that the API server will put the object in. */
export function namespaceOf(graph: ResourceGraph, object: KubeObject): Namespace {
  const path = pathIn(object, "metadata.namespace");
  const stated = at(object, "metadata.namespace");
  // The API server takes an empty namespace for a missing one.
  if (stated.state === "known" && stated.value === "") return ofProvider(graph, object.resource, path);
  if (stated.state === "known") return named(asText(stated.value), true, path);
  if (stated.state === "absent") return ofProvider(graph, object.resource, path);
  const target = referredNamespace(graph, object.resource, path);
  if (!target)
    return {
      state: "unknown",
      path,
      why: `the namespace is ${stated.state === "secret" ? "a secret" : "not known before the deployment"}`,
    };
  const name = lookup(target.props, "metadata.name");
  if (name.state === "known") return named(asText(name.value), true, path);
  if (name.state === "absent") return { state: "known", key: target.urn, name: null, stated: true, path };
  return {
    state: "unknown",
    path,
    why: `the namespace is named by ${target.name}, whose own name is not known`,
  };
}

function named(name: string, stated: boolean, path: string): Namespace {
  return { state: "known", key: name, name, stated, path };
}

/** Pulumi's Kubernetes provider has a setting `namespace` for objects that state none. */
function ofProvider(graph: ResourceGraph, resource: Resource, path: string): Namespace {
  const reference = resource.provider ?? "";
  // A stack export writes "<urn>::<id of the provider>".
  const provider = graph.byUrn.get(reference) ?? graph.byUrn.get(reference.replace(/::[^:]*$/, ""));
  const setting = provider ? lookup(provider.props, "namespace") : ({ state: "absent" } as const);
  if (setting.state === "known" && setting.value !== "") return named(asText(setting.value), true, path);
  if (setting.state === "absent" || setting.state === "known") return named("default", false, path);
  return {
    state: "unknown",
    path,
    why: "the provider's default namespace is not known before the deployment",
  };
}

function referredNamespace(graph: ResourceGraph, resource: Resource, path: string): Resource | null {
  // The engine reports dependencies by top-level property, so "metadata" stands for all of its parts.
  const urns = resource.refs[path] ?? resource.refs[path.replace(/\.namespace$/, "")] ?? [];
  const found = [...new Set(urns)]
    .map((urn) => graph.byUrn.get(urn))
    .filter(
      (r): r is Resource => r !== undefined && /^kubernetes:(core\/)?v1:Namespace(Patch)?$/.test(r.type),
    );
  return found.length === 1 ? found[0]! : null;
}
