import { describe, expect, it } from "vitest";
import { leaves, platformOf, type Run, type Seen, STACKS } from "./harness.ts";

type Json = Record<string, unknown>;

const AWS = STACKS.filter((stack) => stack !== "onprem");

/** The statements of every policy document that a resource carries, in whatever property. */
function statements({ inputs }: Seen): Json[] {
  return Object.values(inputs).flatMap((value) => {
    if (typeof value !== "string" || !value.startsWith("{")) return [];
    return (JSON.parse(value) as { Statement?: Json[] }).Statement ?? [];
  });
}

const inputsOf = (result: Run<unknown>, type: string) => result.ofType(type).map(({ inputs }) => inputs);

describe.each(AWS)("secure by default, AWS: %s", (stack) => {
  it("reaches the control plane from inside only, with every log and encrypted secrets", async () => {
    const result = await platformOf(stack);
    const { inputs } = result.one("aws:eks/cluster:Cluster");
    expect(inputs).toMatchObject({
      vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
      accessConfig: { authenticationMode: "API" },
      // The list of AWS: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      encryptionConfig: { resources: ["secrets"] },
    });
    const { keyArn } = (inputs["encryptionConfig"] as { provider: { keyArn: string } }).provider;
    expect(keyArn).toBe("arn:mock:platform-infrastructure-governance-secrets-key");
  });

  it("asks for session tokens from every instance and encrypts every volume under the customer key", async () => {
    const result = await platformOf(stack);
    const templates = inputsOf(result, "aws:ec2/launchTemplate:LaunchTemplate");
    const classes = inputsOf(result, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass").map(
      ({ spec }) => spec as Json,
    );
    const instances = inputsOf(result, "aws:ec2/instance:Instance");
    for (const { metadataOptions } of [...templates, ...classes, ...instances]) {
      expect(metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
    }
    const devices = [...templates, ...classes].flatMap(
      ({ blockDeviceMappings }) => blockDeviceMappings as { ebs: Json }[],
    );
    expect(devices.length).toBe(templates.length + classes.length);
    for (const { ebs } of devices) {
      expect(String(ebs["encrypted"])).toBe("true");
      expect(ebs["volumeType"]).toBe("gp3");
      expect(String(ebs["kmsKeyId"] ?? ebs["kmsKeyID"])).toMatch(/data-key$|:alias\/freehold-[a-z-]+-data$/);
    }
    for (const { associatePublicIpAddress } of instances) expect(associatePublicIpAddress).toBe(false);
  });

  it("keeps the weights bucket private, encrypted, versioned and behind TLS", async () => {
    const result = await platformOf(stack);
    expect(result.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(
      result.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
        .inputs,
    ).toMatchObject({
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: "arn:mock:platform-infrastructure-governance-data-key",
          },
        },
      ],
    });
    expect(result.one("aws:s3/bucketVersioning:BucketVersioning").inputs).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    expect(result.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs).toMatchObject({
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const bucket = `arn:aws:s3:::${result.one("aws:s3/bucket:Bucket").inputs["bucket"]}`;
    expect(statements(result.one("aws:s3/bucketPolicy:BucketPolicy"))).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    ]);
  });

  it("lets nothing in from the internet", async () => {
    const result = await platformOf(stack);
    const groups = inputsOf(result, "aws:ec2/securityGroup:SecurityGroup");
    for (const group of groups) expect(group).not.toHaveProperty("ingress");
    const [closed] = inputsOf(result, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    expect(closed).not.toHaveProperty("ingress");
    expect(closed).not.toHaveProperty("egress");
    for (const rule of inputsOf(result, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")) {
      expect(rule["cidrIpv4"] ?? "10.40.0.0/16").toMatch(/^10\./);
      expect(rule).not.toHaveProperty("cidrIpv6");
      expect([rule["fromPort"], rule["toPort"]]).toEqual([443, 443]);
    }
    for (const { mapPublicIpOnLaunch } of inputsOf(result, "aws:ec2/subnet:Subnet")) {
      expect(mapPublicIpOnLaunch).toBe(false);
    }
    // A route out exists only in route tables; nothing else names the whole internet but the egress of `ssm`.
    const open = result.seen
      .filter(({ type }) => !/:(Route|SecurityGroupEgressRule)$/.test(type))
      .filter(({ inputs }) => leaves(inputs).some(({ value }) => /^(0\.0\.0\.0|::)\/0$/.test(String(value))));
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it("keeps traffic and audit logs under a customer key, which turns itself", async () => {
    const result = await platformOf(stack);
    for (const key of inputsOf(result, "aws:kms/key:Key")) {
      expect(key).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    }
    for (const group of inputsOf(result, "aws:cloudwatch/logGroup:LogGroup")) {
      expect(group["kmsKeyId"]).toBe("arn:mock:platform-infrastructure-governance-logs-key");
      expect(group["retentionInDays"]).toBeGreaterThan(0);
    }
    expect(result.one("aws:ec2/flowLog:FlowLog").inputs).toMatchObject({ trafficType: "ALL" });
  });

  it("lets the queue of interruptions be read over TLS only, and written by EventBridge only", async () => {
    const result = await platformOf(stack);
    expect(result.one("aws:sqs/queue:Queue").inputs).toMatchObject({ sqsManagedSseEnabled: true });
    const policy = statements(result.one("aws:sqs/queuePolicy:QueuePolicy"));
    const allowed = policy.filter((statement) => statement["Effect"] === "Allow");
    expect(allowed.map((statement) => statement["Principal"])).toEqual([
      { Service: ["events.amazonaws.com"] },
    ]);
    expect(policy).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
  });

  it("gives no identity a right to everything", async () => {
    const result = await platformOf(stack);
    const wide = result.seen
      .filter(({ type }) => /iam\//.test(type))
      .flatMap(({ name, ...seen }) => statements({ name, ...seen }).map((statement) => ({ name, statement })))
      .filter(
        ({ statement }) =>
          statement["Effect"] === "Allow" &&
          [statement["Action"]].flat().some((action) => /(^|:)\*$/.test(String(action))),
      );
    expect(wide.map(({ name }) => name)).toEqual([]);
    const attached = inputsOf(result, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map((one) =>
      String(one["policyArn"]).replace("arn:aws:iam::aws:policy/", ""),
    );
    expect([...new Set(attached)].sort()).toEqual(
      [
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSClusterPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKS_CNI_Policy",
        ...(stack === "dev" ? ["AmazonSSMManagedInstanceCore"] : []),
      ].sort(),
    );
  });

  it("gives the nodes of Karpenter a role that no managed group uses: EKS refuses a second entry for one", async () => {
    const result = await platformOf(stack);
    const [entry] = inputsOf(result, "aws:eks/accessEntry:AccessEntry");
    expect(entry).toMatchObject({ type: "EC2_LINUX" });
    const groups = inputsOf(result, "aws:eks/nodeGroup:NodeGroup").map((group) => group["nodeRoleArn"]);
    expect(groups).not.toContain(entry!["principalArn"]);
    expect(new Set(groups).size).toBe(1);
  });

  it("builds in the account and region of the stack alone", async () => {
    const result = await platformOf(stack);
    const { region, accountId } = result.component.plan;
    const { inputs } = result.one("pulumi:providers:aws");
    expect(inputs["region"]).toBe(region);
    expect(JSON.parse(String(inputs["allowedAccountIds"]))).toEqual([accountId]);
  });
});

describe.each(STACKS)("secure by default, Kubernetes: %s", (stack) => {
  it("starts from default deny under the restricted Pod Security level", async () => {
    const result = await platformOf(stack);
    const namespace = result.seen.find(({ name }) => name === "platform-serving-namespace")!;
    expect(namespace.inputs).toMatchObject({
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    const deny = result.seen.find(({ name }) => name === "platform-serving-default-deny")!;
    expect(deny.inputs).toMatchObject({
      metadata: { namespace: "llm-serving" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    // An empty list of peers would let everyone in.
    for (const { inputs, name } of result.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")) {
      const spec = inputs["spec"] as { ingress?: { from?: unknown[] }[]; egress?: { to?: unknown[] }[] };
      for (const rule of spec.ingress ?? []) expect(rule.from?.length, name).toBeGreaterThan(0);
      for (const rule of spec.egress ?? []) expect(rule.to?.length, name).toBeGreaterThan(0);
    }
  });

  it("runs pinned images without privileges, and service accounts without a token", async () => {
    const result = await platformOf(stack);
    for (const { inputs } of result.ofType("kubernetes:apps/v1:Deployment")) {
      const pod = (inputs as { spec: { template: { spec: Json } } }).spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const key of ["hostNetwork", "hostPID", "hostIPC"]) expect(pod[key] ?? false).toBe(false);
      const containers = [pod["initContainers"] ?? [], pod["containers"]].flat() as Json[];
      for (const container of containers) {
        expect(container["image"]).toMatch(/@sha256:[0-9a-f]{64}$/);
        expect(container["securityContext"]).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        });
        expect(container["resources"]).toHaveProperty("limits.memory");
      }
    }
    for (const { inputs } of result.ofType("kubernetes:core/v1:ServiceAccount")) {
      expect(inputs["automountServiceAccountToken"]).toBe(false);
    }
  });

  it("offers the engines inside the cluster only", async () => {
    const result = await platformOf(stack);
    for (const { inputs } of result.ofType("kubernetes:core/v1:Service")) {
      expect(inputs["spec"]).toMatchObject({ type: "ClusterIP" });
    }
  });

  it("sends no secret in the clear", async () => {
    const result = await platformOf(stack);
    const secret = result.one("kubernetes:core/v1:Secret");
    expect(secret.secrets.some((path) => path.startsWith("stringData"))).toBe(true);
    const key = (secret.inputs["stringData"] as Record<string, string>)["VLLM_API_KEY"]!;
    const elsewhere = result.seen.filter(
      (entry) => entry !== secret && JSON.stringify(entry.inputs).includes(key),
    );
    expect(elsewhere.map(({ name }) => name)).toEqual([]);
  });
});
