import * as pulumi from "@pulumi/pulumi";
import type { InfrastructurePlan } from "../plan/index.ts";
import { FORWARDED_PORT } from "./access.ts";

/**
 * A kubeconfig that asks the AWS CLI for a token, so that it holds no credential; still a secret, because it
 * names the endpoint. Through Systems Manager the server is the local end of the port-forward.
 */
export function kubeconfig(
  plan: InfrastructurePlan,
  endpoint: pulumi.Input<string>,
  certificateAuthority: pulumi.Input<string>,
): pulumi.Output<string> {
  const text = pulumi.all([endpoint, certificateAuthority]).apply(([server, authority]) => {
    const forwarded = plan.access.via === "ssm";
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: plan.name,
          cluster: {
            server: forwarded ? `https://127.0.0.1:${FORWARDED_PORT}` : server,
            "certificate-authority-data": authority,
            ...(forwarded && { "tls-server-name": new URL(server).hostname }),
          },
        },
      ],
      contexts: [{ name: plan.name, context: { cluster: plan.name, user: plan.name } }],
      "current-context": plan.name,
      users: [
        {
          name: plan.name,
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1",
              command: "aws",
              args: ["eks", "get-token", "--cluster-name", plan.name, "--region", plan.region],
              interactiveMode: "Never",
            },
          },
        },
      ],
    });
  });
  return pulumi.secret(text);
}
