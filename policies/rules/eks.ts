import { isUnknown, lookup } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { elements, isTrue, ofType, refersTo, requireKey, rule } from "./helpers.ts";
import { asText } from "./text.ts";

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const eksRules: Rule[] = [
  rule(
    "EKS-01",
    "The API endpoint is private",
    "endpointPublicAccess is false (the provider's default is true), and endpointPrivateAccess is not false.",
    (found, graph) => {
      for (const cluster of ofType(graph, "eks.Cluster")) {
        found.require(
          cluster,
          "vpcConfig.endpointPublicAccess",
          (value) => value === false || value === "false",
          "the API endpoint is on the internet",
          "vpcConfig.endpointPublicAccess: false",
        );
        found.require(
          cluster,
          "vpcConfig.endpointPrivateAccess",
          isTrue,
          "the API endpoint has no private side",
          "vpcConfig.endpointPrivateAccess: true",
          "pass",
        );
      }
    },
  ),
  rule(
    "EKS-02",
    "A public endpoint names its networks",
    "Where the endpoint is public, publicAccessCidrs is set and holds no 0.0.0.0/0.",
    (found, graph) => {
      for (const cluster of ofType(graph, "eks.Cluster")) {
        const open = lookup(cluster.props, "vpcConfig.endpointPublicAccess");
        found.concerns();
        if (open.state === "known" && (open.value === false || open.value === "false")) continue;
        if (open.state === "unknown" || open.state === "secret") {
          found.unknown(
            cluster,
            "vpcConfig.endpointPublicAccess",
            "it is not known yet whether the endpoint is public",
          );
          continue;
        }
        const path = "vpcConfig.publicAccessCidrs";
        const list = elements(cluster, path);
        if (list === null) found.unknown(cluster, path, "the networks are not known yet");
        else if (list.length === 0)
          found.violation(
            cluster,
            path,
            "the public endpoint is open to every network",
            null,
            "endpointPublicAccess: false, or name the networks",
          );
        for (const entry of list ?? []) {
          const value = lookup(cluster.props, entry.path);
          if (value.state !== "known") found.unknown(cluster, entry.path, "the network is not known yet");
          else if (value.value === "0.0.0.0/0" || value.value === "::/0")
            found.violation(
              cluster,
              entry.path,
              "the public endpoint is open to every network",
              value.value,
              "name the networks",
            );
        }
      }
    },
  ),
  rule(
    "EKS-03",
    "Kubernetes secrets have an own key",
    "encryptionConfig names a key and the resource secrets.",
    (found, graph) => {
      for (const cluster of ofType(graph, "eks.Cluster")) {
        found.require(
          cluster,
          "encryptionConfig.resources",
          (value) => Array.isArray(value) && value.includes("secrets"),
          "secrets are not encrypted with an own key",
          'encryptionConfig: { provider: { keyArn }, resources: ["secrets"] }',
        );
        requireKey(
          found,
          cluster,
          "encryptionConfig.provider.keyArn",
          graph,
          "encryptionConfig.provider.keyArn: the ARN of your key",
        );
      }
    },
  ),
  rule(
    "EKS-04",
    "All control-plane logs are on",
    "enabledClusterLogTypes holds the five types.",
    (found, graph) => {
      for (const cluster of ofType(graph, "eks.Cluster")) {
        const path = "enabledClusterLogTypes";
        const entries = elements(cluster, path) ?? [];
        const lacks = LOG_TYPES.filter((type) => !entries.some(({ value }) => value === type));
        const hidden = entries.filter(({ value }) => isUnknown(value));
        // What is missing may be what is not known.
        if (lacks.length > 0 && lacks.length <= hidden.length)
          found.unknown(cluster, hidden[0]!.path, "a log type is not known yet");
        else
          found.require(
            cluster,
            path,
            () => lacks.length === 0,
            `not every log type is on (missing: ${lacks.join(", ")})`,
            `${path}: [${LOG_TYPES.join(", ")}]`,
          );
      }
    },
  ),
  rule(
    "EKS-08",
    "Network policies are enforced",
    "The vpc-cni add-on has enableNetworkPolicy, or Auto Mode's ConfigMap turns the controller on.",
    (found, graph) => {
      const clusters = ofType(graph, "eks.Cluster");
      const addons = ofType(graph, "eks.Addon").filter((addon) => addon.props["addonName"] === "vpc-cni");
      const switches = (graph.byType.get("kubernetes:core/v1:ConfigMap") ?? []).flatMap((map) => {
        const name = lookup(map.props, "metadata.name");
        const path = 'data["enable-network-policy-controller"]';
        return name.state === "known" && name.value === "amazon-vpc-cni"
          ? [{ map, path, value: lookup(map.props, path) }]
          : [];
      });
      if (switches.some(({ value }) => value.state === "known" && isTrue(value.value))) {
        found.concerns();
        return;
      }
      const hidden = switches.find(({ value }) => value.state === "unknown" || value.state === "secret");
      for (const cluster of clusters) {
        found.concerns();
        const own = addons.find(
          (addon) =>
            addon.props["clusterName"] === cluster.props["name"] ||
            refersTo(addon, "clusterName", graph, "eks.Cluster"),
        );
        if (!own && hidden) {
          found.unknown(hidden.map, hidden.path, "whether the controller is on is not known yet");
          continue;
        }
        if (!own) {
          found.violation(
            cluster,
            "",
            "NetworkPolicy objects are accepted but nothing enforces them: there is no vpc-cni add-on",
            null,
            'add-on vpc-cni with configurationValues {"enableNetworkPolicy":"true"}',
          );
          continue;
        }
        found.require(
          own,
          "configurationValues",
          (value) => {
            try {
              return isTrue(
                (JSON.parse(asText(value)) as { enableNetworkPolicy?: unknown }).enableNetworkPolicy,
              );
            } catch {
              return false;
            }
          },
          "NetworkPolicy objects are accepted but not enforced",
          'configurationValues: {"enableNetworkPolicy":"true"}',
        );
      }
    },
  ),
];
