/** Tokens of the Kubernetes API in pods that do not call it. */
import type { Resource, ResourceGraph } from "../../../graph/index.ts";
import type { Rule } from "../../types.ts";
import { type Found, refsAt } from "../helpers.ts";
import { asText } from "../text.ts";
import { isFalse, podRule, reportUnread } from "./container-rule.ts";
import { namespaceOf } from "./namespaces.ts";
import { isHidden } from "./object-rule.ts";
import { at, type KubeObject, objects, whyUnknown } from "./objects.ts";
import { type PodSpec, read } from "./workloads.ts";

const TOKEN = "automountServiceAccountToken";

export const noToken: Rule = {
  id: "K8S-25",
  title: "Pods hold no token of the Kubernetes API",
  description: `${TOKEN} is false for every pod, or for its service account where the pod does not say.`,
  check(graph, params) {
    const accounts = serviceAccounts(graph);
    return podRule(this, (pod, out) => judge(pod, out, accounts)).check(graph, params);
  },
};

interface Accounts {
  /** By namespace and name. */
  byName: Map<string, KubeObject>;
  byUrn: Map<string, KubeObject>;
}

function serviceAccounts(graph: ResourceGraph): Accounts {
  const accounts: Accounts = { byName: new Map(), byUrn: new Map() };
  for (const object of objects(graph, { ServiceAccount: [""] }).found) {
    if (object.partial) continue;
    accounts.byUrn.set(object.resource.urn, object);
    const name = at(object, "metadata.name");
    const namespace = namespaceOf(graph, object);
    if (name.state === "known" && namespace.state === "known")
      accounts.byName.set(`${namespace.key} ${asText(name.value)}`, object);
  }
  return accounts;
}

/** The account of a pod; null where it is none of the graph. */
function accountOf(pod: PodSpec, name: string | null, path: string, accounts: Accounts): KubeObject | null {
  const resource: Resource = pod.resource;
  if (name === null) {
    const urn = refsAt(resource, path).find((candidate) => accounts.byUrn.has(candidate));
    return urn === undefined ? null : accounts.byUrn.get(urn)!;
  }
  return pod.namespace.state === "known"
    ? (accounts.byName.get(`${pod.namespace.key} ${name}`) ?? null)
    : null;
}

function judge(pod: PodSpec, out: Found, accounts: Accounts): void {
  if (read(pod, pod.specPath).state !== "known") {
    reportUnread(pod, out);
    return;
  }
  const path = `${pod.specPath}.${TOKEN}`;
  const own = read(pod, path);
  if (isHidden(own)) {
    out.unknown(pod.resource, path, whyUnknown(own.state, "whether a token is mounted"));
    return;
  }
  const fail = (value: unknown, why: string) =>
    out.fail(pod.resource, path, value, `${why}; allowed: false`, `set ${path} to false`);
  if (own.state === "known") {
    if (!isFalse(own.value)) fail(own.value, "the pod asks for a token of the Kubernetes API");
    return;
  }
  if (pod.partial) {
    out.unknown(pod.resource, path, "the patch does not say whether a token is mounted");
    return;
  }
  const accountPath = `${pod.specPath}.serviceAccountName`;
  const named = read(pod, accountPath);
  const name = named.state === "known" ? asText(named.value) : named.state === "absent" ? "default" : null;
  const account = accountOf(pod, name, accountPath, accounts);
  if (account !== null) {
    const setting = at(account, TOKEN);
    if (setting.state === "known" && isFalse(setting.value)) return;
    if (isHidden(setting)) {
      out.unknown(pod.resource, path, "what its service account says of tokens is not known");
      return;
    }
  } else if (name === null || name !== "default") {
    out.unknown(pod.resource, path, "the pod does not say, and its service account is not in the graph");
    return;
  }
  fail(null, "the pod gets a token of the Kubernetes API: nothing turns that off, and the default is true");
}
