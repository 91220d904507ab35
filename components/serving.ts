import { randomBytes } from "node:crypto";
import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject, KubernetesPlan, ModelObjects, PodRolePlan } from "../plan/index.ts";
import { podIdentityTrust } from "../plan/infrastructure/iam.ts";
import { Component, type ComponentArgs, demand } from "./base.ts";
import { kubernetesObject } from "./kubernetes-object.ts";

export interface ServingNamespaceArgs extends ComponentArgs {
  /** The Kubernetes layer of the plan. */
  readonly plan: KubernetesPlan;
}

/**
 * The namespace of the engines: restricted Pod Security, default deny, and the API key.
 *
 * ### Cost
 * None.
 */
export class ServingNamespace extends Component {
  static readonly __pulumiType = "freehold:serving:ServingNamespace";
  readonly namespace: pulumi.CustomResource;
  readonly apiKeySecret: Secret;

  constructor(name: string, args: ServingNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(ServingNamespace.__pulumiType, name, args, opts);
    const { plan } = args;
    this.namespace = kubernetesObject(`${name}-namespace`, plan.namespace, { parent: this });
    const inside = { parent: this, dependsOn: [this.namespace] };
    for (const policy of plan.namespacePolicies)
      kubernetesObject(`${name}-${policy.metadata.name}`, policy, inside);
    this.apiKeySecret = new Secret(
      `${name}-api-key`,
      {
        metadata: { name: plan.apiKeySecret, namespace: plan.namespace.metadata.name },
        type: "Opaque",
        stringData: { VLLM_API_KEY: pulumi.secret(randomBytes(32).toString("base64url")) },
      },
      // Drawn once: later runs keep the key that is in the state.
      { ...inside, ignoreChanges: ["stringData", "data"] },
    );
    this.registerOutputs({ namespace: plan.namespace.metadata.name });
  }

  /** The raw children. */
  get nodes() {
    return { namespace: this.namespace, apiKeySecret: this.apiKeySecret };
  }
}

export interface ModelServiceArgs extends ComponentArgs {
  /** One model of the Kubernetes layer. */
  readonly plan: ModelObjects;
  /** IAM role of the pods; undefined where they need none. */
  readonly role?: PodRolePlan;
  /** The EKS cluster in which the role is bound; needed with `role`. */
  readonly clusterName?: pulumi.Input<string>;
  /** https address of S3 inside the VPC. */
  readonly s3Url?: pulumi.Input<string>;
}

/**
 * One model's engine: service account with its own IAM role, Deployment, Service, disruption budget and network
 * policy.
 *
 * ### Cost
 * None of its own; its pods fill GPU nodes.
 */
export class ModelService extends Component {
  static readonly __pulumiType = "freehold:serving:ModelService";
  /** In-cluster address of the OpenAI-compatible API. */
  readonly endpoint: string;
  private readonly deployment: pulumi.CustomResource;

  constructor(name: string, args: ModelServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    demand(
      (args.role === undefined) === (args.clusterName === undefined),
      args.role ? "clusterName" : "role",
      "is missing: a role is bound to the pods of a named cluster; give both or neither",
    );
    super(ModelService.__pulumiType, name, args, opts);
    const { serving, scaledObject } = args.plan;
    const parent = { parent: this };
    const before: pulumi.Resource[] = [kubernetesObject(`${name}-account`, serving.serviceAccount, parent)];
    if (args.role) before.push(...this.podRole(name, args.role, args.clusterName!));
    for (const policy of serving.networkPolicies) {
      before.push(kubernetesObject(`${name}-${policy.metadata.name}`, policy, parent));
    }
    this.deployment = kubernetesObject(
      `${name}-deployment`,
      withEnvironment(serving.deployment, args.s3Url),
      {
        parent: this,
        dependsOn: before,
        customTimeouts: { create: "60m", update: "60m" },
        // A scaled Deployment's replicas belong to the scaler.
        ...(scaledObject && { ignoreChanges: ["spec.replicas"] }),
      },
    );
    kubernetesObject(`${name}-service`, serving.service, parent);
    if (serving.podDisruptionBudget) kubernetesObject(`${name}-budget`, serving.podDisruptionBudget, parent);
    this.endpoint = args.plan.endpoint;
    this.registerOutputs({ endpoint: this.endpoint });
  }

  private podRole(name: string, plan: PodRolePlan, clusterName: pulumi.Input<string>): pulumi.Resource[] {
    const parent = { parent: this };
    const role = new iam.Role(
      `${name}-role`,
      { name: plan.name, assumeRolePolicy: JSON.stringify(podIdentityTrust()) },
      parent,
    );
    return [
      new iam.RolePolicy(
        `${name}-role-policy`,
        { role: role.name, policy: JSON.stringify(plan.policy) },
        parent,
      ),
      new eks.PodIdentityAssociation(
        `${name}-identity`,
        { clusterName, namespace: plan.namespace, serviceAccount: plan.serviceAccount, roleArn: role.arn },
        parent,
      ),
    ];
  }

  /** The raw children. */
  get nodes() {
    return { deployment: this.deployment };
  }
}

/** The Deployment with the address of S3, the one value that is known only once the endpoint exists. */
function withEnvironment(
  deployment: KubernetesObject,
  s3Url: pulumi.Input<string> | undefined,
): KubernetesObject {
  if (s3Url === undefined) return deployment;
  const copy = structuredClone(deployment) as KubernetesObject & {
    spec: { template: { spec: { containers: { env: { name: string; value: pulumi.Input<string> }[] }[] } } };
  };
  for (const container of copy.spec.template.spec.containers) {
    container.env.push({ name: "AWS_ENDPOINT_URL", value: s3Url });
  }
  return copy;
}
