/** No way out to the internet, not even by name resolution. */
import { isSecret, isUnknown, type ResourceGraph } from "../../../graph/index.ts";
import type { PolicyParams, Rule } from "../../types.ts";
import { Found } from "../helpers.ts";
import { asText } from "../text.ts";
import { isWorld } from "./cidr.ts";
import { isAllowedHost } from "./hosts.ts";
import { governsEgress, type NetworkPolicy, networkPolicies, raw } from "./network-policies.ts";
import { pathIn, whyUnknown } from "./objects.ts";

const ALLOWED = "pods, namespaces, private ranges, public ranges of at most 256 addresses";
const TUNNEL = "name resolution by servers outside the cluster is a channel for data (DNS tunnelling)";
const RESOLVER = "a namespaceSelector for kube-system with a podSelector k8s-app: kube-dns";

export const egressToWorld: Rule = {
  id: "K8S-29",
  title: "No egress rule opens the way to the internet",
  description:
    "Every egress rule names its peers; no ipBlock is a public range wider than a /24 (IPv6: /48); host names of an EKS ApplicationNetworkPolicy are in allowedEgressHosts. A rule for port 53 without peers is unknown, with a warning: DNS can carry data out.",
  check(graph: ResourceGraph, params: PolicyParams) {
    const out = new Found();
    const { policies, unread } = networkPolicies(graph);
    out.applicable = policies.length + unread.length > 0;
    for (const { resource, path, state } of unread)
      out.unknown(resource, path, whyUnknown(state, "the network policy"));
    // Rules of a direction that the policy does not govern have no effect.
    for (const policy of policies) if (governsEgress(policy) !== false) judgePolicy(policy, params, out);
    return out;
  },
};

function hidden(value: unknown): boolean {
  return isUnknown(value) || isSecret(value);
}

function judgePolicy(policy: NetworkPolicy, params: PolicyParams, out: Found): void {
  const { resource } = policy.object;
  const rules = raw(policy, "spec.egress");
  if (hidden(rules)) {
    out.unknown(
      resource,
      pathIn(policy.object, "spec.egress"),
      "the egress rules are not known before the deployment",
    );
    return;
  }
  if (!Array.isArray(rules)) return;
  for (let i = 0; i < rules.length; i++) judgeRule(policy, `spec.egress[${i}]`, params, out);
}

function judgeRule(policy: NetworkPolicy, rule: string, params: PolicyParams, out: Found): void {
  const { resource } = policy.object;
  const full = (path: string) => pathIn(policy.object, path);
  const unknown = (path: string, what: string) =>
    out.unknown(resource, full(path), `${what} is not known before the deployment`);
  if (hidden(raw(policy, rule))) {
    unknown(rule, "the egress rule");
    return;
  }
  const dns = onlyDns(raw(policy, `${rule}.ports`));
  const peers = raw(policy, `${rule}.to`);
  if (hidden(peers)) {
    unknown(`${rule}.to`, "the list of peers");
    return;
  }
  if (!Array.isArray(peers) || peers.length === 0) {
    // The published policies for name resolution are written like this, and mean the cluster's resolver. What
    // leaves through it cannot be seen here, so it is neither a pass nor a way to the whole internet.
    if (dns) {
      const why = `the rule opens port 53 to every address; ${TUNNEL}; name the resolver: ${RESOLVER}`;
      out.unknown(resource, full(`${rule}.to`), why);
      return;
    }
    out.fail(
      resource,
      full(`${rule}.to`),
      null,
      `the rule names no peer, which means every address; allowed: ${ALLOWED}`,
      `name the peers in ${full(`${rule}.to`)}`,
    );
    return;
  }
  for (let i = 0; i < peers.length; i++) judgePeer(`${rule}.to[${i}]`);

  function judgePeer(peer: string): void {
    const value = raw(policy, peer);
    if (hidden(value)) {
      unknown(peer, "the peer");
      return;
    }
    if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
      out.fail(
        resource,
        full(peer),
        null,
        `the peer names nothing, which may mean every address; allowed: ${ALLOWED}`,
        `name the peer in ${full(peer)}`,
      );
      return;
    }
    const block = raw(policy, `${peer}.ipBlock`);
    if (hidden(block)) unknown(`${peer}.ipBlock`, "the address range");
    else if (block !== undefined) judgeRange(`${peer}.ipBlock.cidr`);
    if (policy.object.kind === "ApplicationNetworkPolicy") judgeNames(`${peer}.domainNames`);
  }

  function judgeRange(path: string): void {
    const cidr = raw(policy, path);
    if (hidden(cidr)) {
      unknown(path, "the address range");
      return;
    }
    const world = isWorld(asText(cidr ?? ""));
    if (world === null) out.unknown(resource, full(path), "the value is not an address range");
    else if (world) {
      const why = dns ? `; ${TUNNEL}` : "";
      out.fail(
        resource,
        full(path),
        cidr,
        `${asText(cidr)} reaches the internet${why}; allowed: ${ALLOWED}`,
        `narrow ${full(path)} to the addresses that are needed`,
      );
    }
  }

  function judgeNames(path: string): void {
    const names = raw(policy, path);
    if (names === undefined) return;
    if (!Array.isArray(names)) {
      unknown(path, "the list of host names");
      return;
    }
    const allowed = params.allowedEgressHosts ?? [];
    names.forEach((name, i) => {
      if (hidden(name)) unknown(`${path}[${i}]`, "the host name");
      else if (!isAllowedHost(asText(name), allowed)) {
        const list = allowed.length > 0 ? allowed.join(", ") : "none, allowedEgressHosts is empty";
        out.fail(
          resource,
          full(`${path}[${i}]`),
          name,
          `${asText(name)} is not an allowed host; allowed: ${list}`,
          `remove ${full(`${path}[${i}]`)} or add the host to allowedEgressHosts`,
        );
      }
    });
  }
}

/** Whether the rule is for port 53 and nothing else. */
function onlyDns(ports: unknown): boolean {
  if (!Array.isArray(ports) || ports.length === 0) return false;
  return ports.every((port) => {
    if (typeof port !== "object" || port === null) return false;
    const { port: number, endPort } = port as Record<string, unknown>;
    return asText(number) === "53" && (endPort === undefined || endPort === null || asText(endPort) === "53");
  });
}
