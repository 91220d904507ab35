/**
 * Cases that mirror published tests of the same controls, written anew for the graph. Each names the file and the
 * resource in it; the verdict is the file's own label unless a comment says otherwise.
 */
import { describe, expect, test } from "vitest";
import { allow, policy, role, trust } from "./cases/iam.ts";
import { balancer, forward, listener, redirect } from "./cases/lb.ts";
import { type Doc, type Entry, judge, UNKNOWN } from "./graphs.ts";

type Row = [published: string, doc: Doc, verdict: "pass" | "fail" | "not-applicable"];

function check(id: string, file: string, rows: Row[]): void {
  describe(`${id} as in ${file}`, () => {
    test.each(rows)("%s", (_, graph, verdict) => expect(judge(id, graph).verdict).toBe(verdict));
  });
}

const doc = (...resources: Entry[]): Doc => ({ resources });
const CHECKOV = "bridgecrewio/checkov tests/terraform/checks/resource/aws";
const GRAPH = "bridgecrewio/checkov tests/terraform/graph/checks/resources";
const TRIVY = "aquasecurity/trivy-checks checks/cloud/aws";

const tls = (protocol: string, sslPolicy: string) =>
  doc(listener({ protocol, sslPolicy, defaultActions: [forward] }));

check("LB-01", `${CHECKOV}/example_ALBListenerHTTPS/main.tf`, [
  [
    "aws_lb_listener.fail: its default protocol",
    doc(listener({ protocol: "HTTP", defaultActions: [forward] })),
    "fail",
  ],
  ["aws_lb_listener.pass", doc(listener({ protocol: "HTTPS", defaultActions: [redirect] })), "pass"],
]);
check("LB-02", `${CHECKOV}/example_AppLoadBalancerTLS12/main.tf`, [
  ["tls_fs_1_2", tls("TLS", "ELBSecurityPolicy-FS-1-2-Res-2019-08"), "pass"],
  ["https_fs_1_2", tls("HTTPS", "ELBSecurityPolicy-FS-1-2-Res-2019-08"), "pass"],
  ["https_2016", tls("HTTPS", "ELBSecurityPolicy-2016-08"), "fail"],
  ["tls_fs_1_1", tls("TLS", "ELBSecurityPolicy-FS-1-1-2019-08"), "fail"],
  // Theirs passes; a listener without TLS does not concern ours.
  ["tcp", doc(listener({ protocol: "TCP", defaultActions: [forward] })), "not-applicable"],
  ["http_redirect", doc(listener({ protocol: "HTTP", defaultActions: [redirect] })), "not-applicable"],
]);
const logs = (loadBalancerType: string, accessLogs?: Record<string, unknown>) =>
  doc(balancer({ loadBalancerType, ...(accessLogs && { accessLogs }) }));
check("LB-03", `${CHECKOV}/example_ELBv2AccessLogs/main.tf`, [
  ["aws_lb.enabled", logs("network", { bucket: "b", enabled: true }), "pass"],
  ["aws_alb.enabled", logs("application", { bucket: "b", enabled: true }), "pass"],
  ["aws_lb.default", logs("network"), "fail"],
  ["aws_alb.only_bucket", logs("application", { bucket: "b" }), "fail"],
  ["aws_lb.disabled", logs("network", { bucket: "b", enabled: false }), "fail"],
  ["aws_lb.gateway (unknown)", logs("gateway"), "not-applicable"],
]);
const application = { internal: false, loadBalancerType: "application" };
check("LB-04", `${CHECKOV}/example_ALBDropHttpHeaders/main.tf`, [
  ["aws_lb.enabled", doc(balancer({ ...application, dropInvalidHeaderFields: true })), "pass"],
  ["aws_lb.default", doc(balancer(application)), "fail"],
  ["aws_alb.disabled", doc(balancer({ ...application, dropInvalidHeaderFields: false })), "fail"],
  ["aws_lb.gateway (unknown)", doc(balancer({ loadBalancerType: "gateway" })), "not-applicable"],
]);
check("LB-05", `${CHECKOV}/example_LBDeletionProtection/main.tf`, [
  ["aws_lb.enabled", doc(balancer({ ...application, enableDeletionProtection: true })), "pass"],
  ["aws_lb.default", doc(balancer(application)), "fail"],
  ["aws_alb.disabled", doc(balancer({ ...application, enableDeletionProtection: false })), "fail"],
]);
const associated: Entry = {
  type: "aws:wafregional/webAclAssociation:WebAclAssociation",
  name: "foo",
  props: { resourceArn: UNKNOWN },
  refs: { resourceArn: "balancer" },
};
check("LB-06", `${GRAPH}/ALBProtectedByWAF`, [
  ["lb_good_1", doc(balancer({ internal: false }), associated), "pass"],
  ["lb_good_2", doc(balancer(), associated), "pass"],
  // Theirs fails; the catalogue asks for a web ACL where the load balancer faces the internet.
  ["lb_bad_1, internal", doc(balancer({ internal: true })), "not-applicable"],
]);
const owned = (protocol: string, action: Record<string, unknown>) =>
  doc(balancer(), {
    ...listener({ protocol, loadBalancerArn: UNKNOWN, defaultActions: [action] }),
    refs: { loadBalancerArn: "balancer" },
  });
check("LB-07", `${GRAPH}/ALBRedirectsHTTPToHTTPS`, [
  ["lb_good_1", owned("HTTPS", { type: "action" }), "pass"],
  ["lb_good_2", owned("HTTP", redirect), "pass"],
  ["lb_bad_1", owned("HTTP", { type: "some-action" }), "fail"],
]);

check("IAM-01", `${CHECKOV}/test_IAMAdminPolicyDocument.py`, [
  ["test_success", policy(allow(["ec2:Describe*"], "*")), "pass"],
  ["test_failure", policy(allow(["*"], "*")), "fail"],
  [
    "test_failure_multiple_statements",
    policy(allow(["sqs:ListQueues", "sqs:SendMessage"], "*"), allow(["*"], ["*"])),
    "fail",
  ],
]);
const lambda = trust({ Service: "lambda.amazonaws.com" });
check("IAM-03", `${CHECKOV}/test_IAMRoleAllowsPublicAssume.py`, [
  ["test_failure", role(lambda, trust({ AWS: "*" })), "fail"],
  ["test_failure_array", role(lambda, trust({ AWS: ["*"] })), "fail"],
  ["test_success", role(lambda), "pass"],
  ["test_success_deny", role(trust({ AWS: "*" }, { Effect: "Deny" })), "pass"],
]);
check("IAM-04", `${CHECKOV}/test_IAMRoleAllowAssumeFromAccount.py`, [
  ["test_failure_1", role(trust({ AWS: "123123123123" })), "fail"],
  ["test_failure_2", role(trust({ AWS: "arn:aws:iam::123123123123:root" })), "fail"],
  ["test_success", role(trust({ Service: "ecs-tasks.amazonaws.com" })), "pass"],
]);
check("IAM-05", `${TRIVY}/iam/no_policy_wildcards.yaml`, [
  ["terraform good", policy(allow(["s3:GetObject"], ["arn:aws:s3:::example"])), "pass"],
  ["terraform bad", policy(allow(["s3:*"], ["*"])), "fail"],
]);
check("IAM-06", `${TRIVY}/iam/limit_s3_full_access.yaml`, [
  ["good_policy", policy(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::examplebucket/*")), "pass"],
  ["bad_policy", policy(allow("s3:*", "*")), "fail"],
]);
check("IAM-07", `${CHECKOV}/example_IAMPrivilegeEscalation/main.tf`, [
  ["privilege_escalation", policy(allow(["iam:UpdateLoginProfile"], "*")), "fail"],
  ["passing", policy(allow(["lambda:CreateFunction"], "s3")), "pass"],
]);
