/** Models of someone else: prompts that are sent to a hosted API leave the boundary. */
import { lookup, type Resource, type ResourceGraph, walk } from "../../../graph/index.ts";
import type { PolicyParams, Rule } from "../../types.ts";
import { Found, refsAt } from "../helpers.ts";
import { isAllowedHost } from "../k8s/hosts.ts";
import { at, objects, pathIn, whyUnknown } from "../k8s/objects.ts";
import { type Container, podSpecs, read } from "../k8s/workloads.ts";
import { asText } from "../text.ts";
import { hostedApis } from "./hosts.ts";

/** Variables that hold addresses: OPENAI_BASE_URL, AZURE_ENDPOINT, API_HOST. */
const ADDRESS = /(?:URL|URI|ENDPOINT|BASE|HOST|ADDRESS|SERVER|UPSTREAM)S?$/i;

export const hostedModels: Rule = {
  id: "LLM-09",
  title: "No workload calls a hosted model",
  description:
    "No environment variable, command, argument or ConfigMap entry names the host of a hosted model API (OpenAI, Anthropic, Google, Mistral and others, Bedrock outside allowedRegions) that is not in allowedLlmHosts.",
  check(graph, params) {
    const out = new Found();
    const { pods, unread } = podSpecs(graph);
    for (const { resource, path, state } of unread)
      out.unknown(resource, path, whyUnknown(state, "the workload"));
    for (const pod of pods) {
      out.concerns();
      for (const { resource, path, state } of pod.unread)
        if (state !== "absent") out.unknown(resource, path, whyUnknown(state, "this part of the pod"));
      for (const container of pod.containers) judgeContainer(graph, container, params, out);
    }
    judgeConfigMaps(graph, params, out);
    return out;
  },
};

function judgeContainer(graph: ResourceGraph, container: Container, params: PolicyParams, out: Found): void {
  const { resource } = container.pod;
  for (const key of ["command", "args"]) judgeAll(graph, resource, `${container.path}.${key}`, params, out);
  const list = `${container.path}.env`;
  const entries = lookup(resource.props, list);
  if (entries.state === "unknown" || entries.state === "secret")
    out.unknown(resource, list, whyUnknown(entries.state, "the list of variables"));
  if (entries.state !== "known" || !Array.isArray(entries.value)) return;
  for (const index of entries.value.keys()) {
    const entry = `${list}[${index}]`;
    const value = read(container.pod, `${entry}.value`);
    if (value.state === "known") judgeText(resource, `${entry}.value`, value.value, params, out);
    else if (value.state !== "absent" || read(container.pod, entry).state !== "known")
      unknownUnlessOwn(graph, resource, `${entry}.value`, out);
    else {
      // Secrets hold keys as a rule; ConfigMaps of the graph are read as a whole.
      const name = read(container.pod, `${entry}.name`);
      const isAddress = name.state === "known" && ADDRESS.test(asText(name.value));
      if (isAddress && read(container.pod, `${entry}.valueFrom.secretKeyRef`).state !== "absent")
        out.unknown(resource, `${entry}.valueFrom`, "the address is in a Secret, whose content is not read");
    }
  }
}

function judgeConfigMaps(graph: ResourceGraph, params: PolicyParams, out: Found): void {
  const { found, unread } = objects(graph, { ConfigMap: [""] });
  for (const { resource, path, state } of unread)
    out.unknown(resource, path, whyUnknown(state, "the ConfigMap"));
  for (const object of found) {
    out.concerns();
    if (at(object, "data").state !== "absent")
      judgeAll(graph, object.resource, pathIn(object, "data"), params, out);
  }
}

/** Every text below a path. */
function judgeAll(
  graph: ResourceGraph,
  resource: Resource,
  path: string,
  params: PolicyParams,
  out: Found,
): void {
  const whole = lookup(resource.props, path);
  if (whole.state === "unknown" || whole.state === "secret") unknownUnlessOwn(graph, resource, path, out);
  if (whole.state !== "known") return;
  walk(
    whole.value,
    (place, leaf) => {
      if (typeof leaf === "string") judgeText(resource, place, leaf, params, out);
      else if (typeof leaf === "object" && leaf !== null && !Array.isArray(leaf))
        if (Object.keys(leaf).length > 0) unknownUnlessOwn(graph, resource, place, out);
    },
    path,
  );
}

/** What is computed from AWS resources of this graph is an address of one's own account. */
function unknownUnlessOwn(graph: ResourceGraph, resource: Resource, path: string, out: Found): void {
  const sources = refsAt(resource, path);
  const own = sources.every((urn) => graph.byUrn.get(urn)?.type.startsWith("aws:") === true);
  if (sources.length === 0 || !own)
    out.unknown(
      resource,
      path,
      "the value is not known before the deployment, and it may name a hosted model",
    );
}

function judgeText(resource: Resource, path: string, value: unknown, params: PolicyParams, out: Found): void {
  if (typeof value !== "string") return;
  for (const { host, region } of hostedApis(value)) {
    if (isAllowedHost(host, params.allowedLlmHosts ?? [])) continue;
    if (region !== null && params.allowedRegions?.includes(region)) continue;
    if (region !== null && params.allowedRegions === undefined) {
      out.unknown(resource, path, `${host} is in region ${region}, and allowedRegions is not set`);
      continue;
    }
    const allowed = params.allowedLlmHosts ?? [];
    out.fail(
      resource,
      path,
      host,
      `prompts go to ${host}, a hosted model; allowed: ${allowed.length > 0 ? allowed.join(", ") : "none, allowedLlmHosts is empty"}`,
      `remove the address, or add ${host} to allowedLlmHosts after review`,
    );
  }
}
