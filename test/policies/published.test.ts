/**
 * Cases that mirror published tests of the same controls, written anew for the graph: what they call a pass or a
 * failure, we do, too. Each names the file in bridgecrewio/checkov and the resource in it.
 */
import { describe, expect, test } from "vitest";
import { container, doc, workload } from "./cases/workloads.ts";
import { type Doc, type Entry, type Json, judge } from "./graphs.ts";

type Row = [published: string, doc: Doc, verdict: "pass" | "fail" | "not-applicable"];

function check(id: string, file: string, rows: Row[]): void {
  describe(`${id} as in ${file}`, () => {
    test.each(rows)("%s", (_, graph, verdict) => expect(judge(id, graph).verdict).toBe(verdict));
  });
}

const aws = (type: string, props: Json, name = "x"): Doc => ({
  resources: [{ type: `aws:${type}`, name, props }],
});
const pod = (spec: Json) => doc(workload("Pod", spec));
const main = (securityContext?: Json): Json => ({
  name: "main",
  image: "alpine",
  command: ["/bin/sleep", "999999"],
  ...(securityContext && { securityContext }),
});

check("K8S-03", "tests/kubernetes/checks/example_RootContainers", [
  [
    "PASSED pod1: set for the pod",
    pod({ securityContext: { runAsNonRoot: true }, containers: [main()] }),
    "pass",
  ],
  ["PASSED pod2: set for the container", pod({ containers: [main({ runAsNonRoot: true })] }), "pass"],
  [
    "PASSED pod3: the container overrides the pod",
    pod({ securityContext: { runAsNonRoot: false }, containers: [main({ runAsNonRoot: true })] }),
    "pass",
  ],
  [
    "PASSED pod4: a user of the pod",
    pod({ securityContext: { runAsUser: 1000 }, containers: [main()] }),
    "pass",
  ],
  [
    "PASSED pod5: a user of each container",
    pod({ containers: [main({ runAsUser: 1000 }), main({ runAsUser: 1000 })] }),
    "pass",
  ],
  ["FAILED pod1: nothing is set", pod({ containers: [main()] }), "fail"],
  [
    "FAILED pod2: the container overrides the pod",
    pod({ securityContext: { runAsNonRoot: true }, containers: [main({ runAsNonRoot: false })] }),
    "fail",
  ],
  ["FAILED pod3: root for the pod", pod({ securityContext: { runAsUser: 0 }, containers: [main()] }), "fail"],
  [
    "FAILED pod4: root in the second container",
    pod({ securityContext: { runAsUser: 1000 }, containers: [main(), main({ runAsUser: 0 })] }),
    "fail",
  ],
]);

check("K8S-09", "tests/kubernetes/checks/example_Seccomp", [
  [
    "pod-seccomp-PASSED3",
    pod({
      securityContext: { runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ name: "demo", image: "busybox", securityContext: { allowPrivilegeEscalation: false } }],
    }),
    "pass",
  ],
  [
    "pod-seccomp-FAILED2",
    doc(
      workload("Deployment", {
        containers: [{ name: "cert-manager", image: "quay.io/app/cert-manager-controller:v0.11.0" }],
      }),
    ),
    "fail",
  ],
]);

check("K8S-19", "tests/kubernetes/checks/example_ImageTagFixed", [
  [
    "ephemeralContainer-ImageTagLatest-FAILED",
    pod({
      containers: [{ name: "app", image: "nginx:1.27" }],
      ephemeralContainers: [{ name: "debugger", image: "busybox:latest" }],
    }),
    "fail",
  ],
  [
    "imageWithDigest-PASSED",
    doc(
      workload("StatefulSet", {
        containers: [container({ image: "gcr.io/google_containers/kubernetes-kafka@sha256:123456" })],
      }),
    ),
    "pass",
  ],
]);

const proxy = (app: string): Entry => {
  const pods = { metadata: { labels: { app } }, spec: { containers: [{ name: "api", image: "api" }] } };
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: app,
    props: { metadata: { namespace: "default" }, spec: { template: pods } },
  };
};
const internalOnly: Entry = {
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "test-network-policy",
  props: {
    metadata: { namespace: "default" },
    spec: { podSelector: { matchLabels: { app: "internal-proxy" } }, policyTypes: ["Ingress", "Egress"] },
  },
};
check("K8S-27", "tests/kubernetes/graph/checks/resources/RequireAllPodsToHaveNetworkPolicy", [
  ["internal-proxy is selected", doc(proxy("internal-proxy"), internalOnly), "pass"],
  ["external-proxy is not", doc(proxy("external-proxy"), internalOnly), "fail"],
]);

const metadata = (type: string, metadataOptions: Json) => aws(type, { metadataOptions });
const LAUNCH_TEMPLATE = "ec2/launchTemplate:LaunchTemplate";
const LAUNCH_CONFIGURATION = "ec2/launchConfiguration:LaunchConfiguration";
const INSTANCE = "ec2/instance:Instance";
check("EC2-01", "tests/terraform/checks/resource/aws/example_IMDSv1Disabled/main.tf", [
  ["aws_instance.required", metadata(INSTANCE, { httpTokens: "required" }), "pass"],
  ["aws_instance.defaults", metadata(INSTANCE, {}), "fail"],
  [
    "aws_instance.optional_token",
    metadata(INSTANCE, { httpEndpoint: "enabled", httpTokens: "optional" }),
    "fail",
  ],
  // Theirs passes; ours asks for tokens also where the endpoint is off, for it can be switched on later.
  ["aws_instance.disabled", metadata(INSTANCE, { httpEndpoint: "disabled" }), "fail"],
  [
    "aws_launch_configuration.required_lc",
    metadata(LAUNCH_CONFIGURATION, { httpTokens: "required" }),
    "pass",
  ],
  [
    "aws_launch_configuration.optional_lc",
    metadata(LAUNCH_CONFIGURATION, { httpTokens: "optional" }),
    "fail",
  ],
  ["aws_launch_template.optional_lt", metadata(LAUNCH_TEMPLATE, { httpTokens: "optional" }), "fail"],
  ["aws_launch_template.default_lt", metadata(LAUNCH_TEMPLATE, { httpEndpoint: "enabled" }), "fail"],
]);

const cluster = (vpcConfig: Json) =>
  aws("eks/cluster:Cluster", { vpcConfig: { subnetIds: ["subnet-1"], ...vpcConfig } });
check("EKS-01", "tests/terraform/checks/resource/aws/example_EKSPublicAccess/main.tf", [
  ["aws_eks_cluster.disabled", cluster({ endpointPublicAccess: false }), "pass"],
  ["aws_eks_cluster.default", cluster({}), "fail"],
  ["aws_eks_cluster.enabled", cluster({ endpointPublicAccess: true }), "fail"],
]);

const key = (props: Json) => aws("kms/key:Key", { deletionWindowInDays: 10, ...props });
check("KMS-01", "tests/terraform/checks/resource/aws/example_KMSRotation/main.tf", [
  ["aws_kms_key.pass1", key({ enableKeyRotation: true }), "pass"],
  // Theirs passes; a key that cannot rotate does not concern ours.
  ["aws_kms_key.pass2", key({ customerMasterKeySpec: "RSA_2096" }), "not-applicable"],
  ["aws_kms_key.pass3", key({ customerMasterKeySpec: "SYMMETRIC_DEFAULT", enableKeyRotation: true }), "pass"],
  ["aws_kms_key.fail1", key({}), "fail"],
  ["aws_kms_key.fail2", key({ enableKeyRotation: false }), "fail"],
  [
    "aws_kms_key.fail3",
    key({ customerMasterKeySpec: "SYMMETRIC_DEFAULT", enableKeyRotation: false }),
    "fail",
  ],
  ["aws_kms_key.fail4", key({ customerMasterKeySpec: "SYMMETRIC_DEFAULT" }), "fail"],
]);

const EVERYWHERE = ["192.168.0.0/16", "0.0.0.0/0"];
const group = (...ingress: Json[]) => aws("ec2/securityGroup:SecurityGroup", { ingress });
const tcp = (from: number, to: number, rest: Json = {}) => ({
  fromPort: from,
  toPort: to,
  protocol: "tcp",
  ...rest,
});
const ruleOf = (props: Json) => aws("ec2/securityGroupRule:SecurityGroupRule", { type: "ingress", ...props });
const ingressRule = (props: Json) => aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", props);
check("NET-05", "tests/terraform/checks/resource/aws/example_SecurityGroupUnrestrictedIngress22/main.tf", [
  ["aws_security_group.fail", group(tcp(22, 22, { cidrBlocks: EVERYWHERE })), "fail"],
  [
    "aws_security_group.fail3",
    group(tcp(22, 22, { cidrBlocks: EVERYWHERE, securityGroups: ["sg-1"] })),
    "fail",
  ],
  [
    "aws_security_group.fail4",
    group({ fromPort: 0, toPort: 65535, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }),
    "fail",
  ],
  ["aws_security_group.fail-ipv6", group(tcp(22, 22, { ipv6CidrBlocks: ["::/0"] })), "fail"],
  ["aws_security_group_rule.fail", ruleOf(tcp(22, 22, { cidrBlocks: EVERYWHERE })), "fail"],
  [
    "aws_vpc_security_group_ingress_rule.fail",
    ingressRule({ cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22, ipProtocol: "tcp" }),
    "fail",
  ],
  ["aws_security_group.pass", group(tcp(222, 222, { cidrBlocks: EVERYWHERE })), "pass"],
  ["aws_security_group.pass2", group(tcp(22, 22, { securityGroups: ["sg-1"] })), "pass"],
  ["aws_security_group.pass4", group(tcp(22, 22, { cidrBlocks: ["192.168.0.0/16"] })), "pass"],
  ["aws_security_group.pass7", aws("ec2/securityGroup:SecurityGroup", {}), "pass"],
  ["aws_security_group_rule.pass", ruleOf(tcp(222, 222, { cidrBlocks: ["0.0.0.0/0"] })), "pass"],
  ["aws_security_group_rule.pass3", ruleOf(tcp(22, 22, { sourceSecurityGroupId: "sg-1" })), "pass"],
  ["aws_security_group_rule.pass4", ruleOf(tcp(22, 22, { self: true })), "pass"],
  [
    "aws_vpc_security_group_ingress_rule.pass",
    ingressRule({ cidrIpv4: "10.0.0.0/8", fromPort: 80, toPort: 8080, ipProtocol: "tcp" }),
    "pass",
  ],
  ["aws_security_group.pass_self", group({ fromPort: 0, toPort: 0, protocol: "-1", self: true }), "pass"],
]);
