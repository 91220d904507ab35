import type { State } from "./compare.ts";

type Json = Record<string, unknown>;
const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** What stands in where the engine would fill in a value: unknown and secret texts. */
function filled(value: unknown): unknown {
  if (value === SENTINEL) return "https://stand-in.example";
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return "c3RhbmQtaW4=";
  const entries = Object.entries(value).map(([key, entry]) => {
    // A map with a secret inside is secret as a whole; which keys it had is not written down.
    const secretMap =
      (key === "stringData" || key === "data") &&
      typeof entry === "object" &&
      entry !== null &&
      SIGNATURE in entry;
    return [key, secretMap ? { VLLM_API_KEY: "stand-in" } : filled(entry)];
  });
  return Object.fromEntries(entries);
}

/** Kubernetes objects of an embedded graph, each after what it depends on. Helm releases are not objects. */
export function kubernetesObjects(states: State[]): Json[] {
  const order = new Map(states.map((state, index) => [state.urn, index]));
  return states
    .filter((state) => state.type.startsWith("kubernetes:") && !state.type.startsWith("kubernetes:helm.sh/"))
    .sort((a, b) => order.get(a.urn)! - order.get(b.urn)!)
    .map((state) => filled(state.inputs) as Json);
}

/** The pod that a workload would create, for the admission that judges pods only. */
export function podOf(object: Json): Json | null {
  const template = (object["spec"] as { template?: { metadata?: Json; spec?: Json } } | undefined)?.template;
  if (object["kind"] !== "Deployment" || !template?.spec) return null;
  const { name, namespace } = object["metadata"] as { name: string; namespace: string };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: `${name}-pod`, namespace },
    spec: template.spec,
  };
}
