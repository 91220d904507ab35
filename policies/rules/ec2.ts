import { lookup } from "../../graph/index.ts";
import type { Rule } from "../types.ts";
import { elements, ofType, rule } from "./helpers.ts";

const isFalse = (value: unknown) => value === false || value === "false";

export const ec2Rules: Rule[] = [
  rule(
    "EC2-01",
    "Instance metadata asks for a token",
    "metadataOptions.httpTokens is required (IMDSv2).",
    (found, graph) => {
      const required = (value: unknown) => value === "required";
      for (const resource of ofType(graph, "ec2.LaunchTemplate", "ec2.Instance", "ec2.LaunchConfiguration")) {
        const template = lookup(resource.props, "launchTemplate");
        // An instance takes over what its template says.
        const absent =
          resource.type.endsWith(":Instance") && template.state !== "absent" ? "pass" : "violation";
        found.require(
          resource,
          "metadataOptions.httpTokens",
          required,
          "instance metadata answers without a session token",
          "metadataOptions.httpTokens: required",
          absent,
        );
      }
      for (const nodeClass of graph.byType.get("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass") ?? []) {
        // Karpenter's default is required.
        found.require(
          nodeClass,
          "spec.metadataOptions.httpTokens",
          required,
          "instance metadata answers without a session token",
          "spec.metadataOptions.httpTokens: required",
          "pass",
        );
      }
    },
  ),
  rule(
    "EC2-03",
    "Instances have no public address",
    "associatePublicIpAddress is not true.",
    (found, graph) => {
      for (const instance of ofType(graph, "ec2.Instance")) {
        found.require(
          instance,
          "associatePublicIpAddress",
          isFalse,
          "the instance gets a public address",
          "associatePublicIpAddress: false",
          "pass",
        );
      }
      for (const template of ofType(graph, "ec2.LaunchTemplate")) {
        found.concerns();
        const list = elements(template, "networkInterfaces");
        if (list === null) found.unknown(template, "networkInterfaces", "the interfaces are not known yet");
        for (const entry of list ?? []) {
          found.require(
            template,
            `${entry.path}.associatePublicIpAddress`,
            isFalse,
            "instances get a public address",
            'associatePublicIpAddress: "false"',
            "pass",
          );
        }
      }
    },
  ),
];
