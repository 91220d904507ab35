/**
 * Cases that state the facts of other scanners' own fixtures for the Kubernetes controls, written anew for the
 * graph, with the fixture's own label as the expected verdict. Each names the repository, the file and the object.
 */
import { describe, expect, test } from "vitest";
import { doc, workload } from "./cases/workloads.ts";
import { type Doc, type Json, judge } from "./graphs.ts";

type Row = [published: string, doc: Doc, verdict: "pass" | "fail" | "not-applicable"];

function check(id: string, file: string, rows: Row[]): void {
  describe(`${id} as in ${file}`, () => {
    test.each(rows)("%s", (_, graph, verdict) => expect(judge(id, graph).verdict).toBe(verdict));
  });
}

const pod = (spec: Json) => doc(workload("Pod", spec));
const job = doc(
  workload("CronJob", {
    containers: [{ name: "hello", image: "busybox", args: ["/bin/sh", "-c", "date; echo Hello"] }],
    restartPolicy: "OnFailure",
  }),
);

const fedora = (securityContext: Json) =>
  pod({
    containers: [{ name: "main", image: "fedora", command: ["/bin/sleep", "999999"], securityContext }],
  });
check("K8S-06", "bridgecrewio/checkov tests/kubernetes/checks/example_DropCapabilities (CKV_K8S_28)", [
  ["NET_RAW-capabilities-PASSED", fedora({ capabilities: { drop: ["NET_RAW"] } }), "pass"],
  ["drop-all-capabilities-PASSED2", fedora({ capabilities: { drop: ["all"] } }), "pass"],
  ["NET_RAW-capabilities-FAILED-MISSING", fedora({ capabilities: null }), "fail"],
]);

check("K8S-07", "bridgecrewio/checkov tests/kubernetes/checks/example_AllowedCapabilities (CKV_K8S_25)", [
  ["cronjob-PASSED: none stated", job, "pass"],
  [
    "cassandra-FAILED: the first container adds one",
    doc(
      workload("StatefulSet", {
        containers: [
          {
            name: "cassandra",
            image: "gcr.io/google-samples/cassandra:v13",
            securityContext: { capabilities: { add: ["IPC_LOCK"] } },
          },
          {
            name: "cassandra",
            image: "gcr.io/google-samples/cassandra:v13",
            securityContext: { capabilities: null },
          },
        ],
      }),
    ),
    "fail",
  ],
]);

check("K8S-08", "bridgecrewio/checkov tests/kubernetes/checks/example_AllowedCapabilitiesSysAdmin", [
  ["cronjob-PASSED", job, "pass"],
  [
    "pod-FAILED: security-context-demo-1",
    pod({
      containers: [
        {
          name: "sec-ctx-1",
          image: "gcr.io/google-samples/node-hello:1.0",
          securityContext: { capabilities: { add: ["SYS_ADMIN"] } },
        },
      ],
    }),
    "fail",
  ],
]);

const shell = (path: string) =>
  pod({
    containers: [{ name: "myshell", image: "ubuntu:18.04", command: ["/bin/sleep", "300"] }],
    volumes: [{ name: "data", hostPath: { path } }],
  });
check("K8S-12", "kyverno/policies best-practices/disallow-cri-sock-mount/resource.yaml", [
  ["pod-with-docker-sock-mount", shell("/var/run/docker.sock"), "fail"],
  ["goodpod01", shell("/data"), "pass"],
]);

const busybox = (...ports: Json[][]) =>
  pod({
    containers: ports.map((list, index) => ({ name: `c${index}`, image: "busybox:1.35", ports: list })),
  });
check("K8S-13", "kyverno/policies pod-security/baseline/disallow-host-ports", [
  ["resource.yaml host-port", busybox([{ containerPort: 80, hostPort: 80 }]), "fail"],
  [
    "pod-bad.yaml badpod04",
    busybox([{ containerPort: 8000 }], [{ containerPort: 5553, hostPort: 53 }]),
    "fail",
  ],
  [
    "pod-bad.yaml badpod10: in the init container",
    pod({
      initContainers: [
        { name: "i", image: "busybox:1.35", ports: [{ name: "dns", containerPort: 5553, hostPort: 53 }] },
      ],
      containers: [{ name: "c", image: "busybox:1.35" }],
    }),
    "fail",
  ],
  ["pod-good.yaml goodpod03", busybox([]), "pass"],
  ["pod-good.yaml goodpod04", busybox([{ containerPort: 8088, hostPort: 0 }]), "pass"],
]);

const settings = (...names: string[]) =>
  pod({
    securityContext: { sysctls: names.map((name) => ({ name, value: "1" })) },
    containers: [{ name: "busybox01", image: "busybox:1.35" }],
  });
check("K8S-14", "kyverno/policies pod-security/baseline/restrict-sysctls/.chainsaw-test", [
  [
    "pod-good.yaml goodpod01-new",
    settings("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"),
    "pass",
  ],
  ["pod-good.yaml goodpod05", settings("net.ipv4.tcp_syncookies"), "pass"],
  ["pod-good.yaml goodpod06", settings("net.ipv4.ping_group_range"), "pass"],
  ["pod-bad.yaml badpod02", settings("net.core.somaxconn"), "fail"],
  ["pod-bad.yaml badpod04", settings("kernel.shm_rmid_forced", "net.ipv4.foo_bar"), "fail"],
  ["pod-bad.yaml badpod01-new", settings("kernel.shm_next_id"), "fail"],
]);

const kube = (type: string, props: Json): Doc => ({
  resources: [{ type: `kubernetes:${type}`, name: "x", props }],
});

check("K8S-23", "aquasecurity/trivy-checks checks/kubernetes/configMap_with_secrets_test.rego", [
  ["denied", kube("core/v1:ConfigMap", { data: { password: "password123", secretkey: "test" } }), "fail"],
  ["allowed", kube("core/v1:ConfigMap", { data: { "color.good": "blue", "color.bad": "yellow" } }), "pass"],
]);

const RBAC = "rbac.authorization.k8s.io/v1";
const EXAMPLE = { apiGroups: ["", "extensions", "apps"], resources: ["example"], verbs: ["example"] };
check("K8S-26", "bridgecrewio/checkov tests/kubernetes/checks/example_WildcardRoles (CKV_K8S_49)", [
  ["role-failed-1", kube(`${RBAC}:Role`, { rules: [{ ...EXAMPLE, resources: ["*"], verbs: [""] }] }), "fail"],
  ["role-failed-2", kube(`${RBAC}:Role`, { rules: [{ ...EXAMPLE, verbs: ["example", "*"] }] }), "fail"],
  [
    "role-failed-3",
    kube(`${RBAC}:ClusterRole`, { rules: [{ ...EXAMPLE, apiGroups: ["*", "extensions", "apps"] }] }),
    "fail",
  ],
  [
    "role-passed-1",
    kube(`${RBAC}:Role`, { rules: [{ ...EXAMPLE, apiGroups: ["extensions", "apps"] }] }),
    "pass",
  ],
  ["role-passed-2", kube(`${RBAC}:Role`, { metadata: { namespace: "test" }, rules: null }), "pass"],
]);

const ingress = (annotations: Json | undefined, spec: Json) =>
  kube("networking.k8s.io/v1:Ingress", { metadata: { annotations }, spec });
const allowHttp = (value: string) => ({ "kubernetes.io/ingress.allow-http": value, "kyverno.io/foo": "bar" });
const HOSTS = [{ hosts: ["endpoint01", "endpoint02"] }];
const NGINX = { ingressClassName: "nginx-int" };
check("K8S-30", "kyverno/policies other/require-ingress-https/.kyverno-test/resource.yaml", [
  ["badingress01", ingress(allowHttp("true"), { ingressClassName: "someingress", tls: HOSTS }), "fail"],
  ["badingress02", ingress({ "kyverno.io/foo": "bar" }, { ...NGINX, tls: HOSTS }), "fail"],
  ["badingress03", ingress(undefined, { ...NGINX, tls: HOSTS }), "fail"],
  ["badingress04", ingress(allowHttp("false"), NGINX), "fail"],
  ["goodingress01", ingress(allowHttp("false"), { ingressClassName: "someingress", tls: HOSTS }), "pass"],
  ["goodingress02", ingress(allowHttp("false"), { ...NGINX, tls: HOSTS }), "pass"],
]);
check("K8S-30", "open-policy-agent/gatekeeper-library library/general/httpsonly/samples/ingress-https-only", [
  ["example_allowed", ingress({ "kubernetes.io/ingress.allow-http": "false" }, { tls: [{}] }), "pass"],
  ["example_disallowed", ingress(undefined, { rules: [{ host: "example-host.example.com" }] }), "fail"],
]);

const service = (type: string | undefined, annotations?: Json) =>
  kube("core/v1:Service", {
    metadata: { annotations },
    spec: { type, ports: [{ port: 80, targetPort: 80 }] },
  });
check("K8S-31", "kyverno/policies other/restrict-loadbalancer/resource.yaml", [
  ["my-service-1", service("LoadBalancer"), "fail"],
  ["my-service-2", service("NodePort"), "pass"],
]);
check("K8S-32", "open-policy-agent/gatekeeper-library library/general/block-loadbalancer-services", [
  ["example_disallowed: no scheme is stated", service("LoadBalancer"), "fail"],
  ["my-service-2 of kyverno other/restrict-loadbalancer", service("NodePort"), "pass"],
]);
const CERTIFIED = { "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": "SSL-CERT-HERE" };
check("K8S-33", "kyverno/policies aws/require-encryption-aws-loadbalancers", [
  // Theirs passes the first; ours asks for a TLS policy, too, for the default one offers TLS 1.0.
  ["service-pass", service("LoadBalancer", CERTIFIED), "fail"],
  [
    "service-pass with a policy",
    service("LoadBalancer", {
      ...CERTIFIED,
      "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy":
        "ELBSecurityPolicy-TLS-1-2-2017-01",
    }),
    "pass",
  ],
  ["the policy's pattern: no annotation", service("LoadBalancer"), "fail"],
  ["the policy's pattern: another type", service("NodePort"), "not-applicable"],
]);
check(
  "K8S-34",
  "kyverno/policies other/restrict-loadbalancer/resource.yaml, by best-practices/restrict-node-port",
  [
    ["my-service-2", service("NodePort"), "fail"],
    ["my-service-1", service("LoadBalancer"), "pass"],
  ],
);

check("K8S-04", "bridgecrewio/checkov tests/kubernetes/checks/example_ReadOnlyFilesystem (CKV_K8S_22)", [
  ["pod-readonly-PASSED", fedora({ readOnlyRootFilesystem: true }), "pass"],
  ["pod-readonly-false-FAILED", fedora({ readOnlyRootFilesystem: false }), "fail"],
]);

/** Cases of the suite by their names, for each of the four controls that they are about. */
const withResources = (resources: Json) =>
  pod({ containers: [{ name: "opa", image: "openpolicyagent/opa:0.9.2", resources }] });
const AMOUNTS = { cpu: "100m", memory: "1Gi" };
const RESOURCES = "open-policy-agent/gatekeeper-library library/general/containerresources/suite.yaml";
const ALL_DEFINED = "limits-and-requests-defined-allowed";
for (const id of ["K8S-15", "K8S-16", "K8S-17", "K8S-18"])
  check(id, RESOURCES, [
    [ALL_DEFINED, withResources({ limits: AMOUNTS, requests: AMOUNTS }), "pass"],
    ["empty-resources-disallowed", withResources({}), "fail"],
  ]);
for (const id of ["K8S-15", "K8S-16"])
  check(id, RESOURCES, [["only-requests-defined-disallowed", withResources({ requests: AMOUNTS }), "fail"]]);
check("K8S-17", RESOURCES, [
  ["only-memory-limits-defined-disallowed", withResources({ limits: { memory: "1Gi" } }), "fail"],
]);

const nginx = (parts: Json, more: Json = {}) =>
  pod({ containers: [{ name: "test-container", image: "nginx", ...parts }], ...more });
check("K8S-22", "bridgecrewio/checkov tests/kubernetes/checks/example_Secrets (CKV_K8S_35)", [
  [
    "pod-secretVolume-PASSED",
    nginx(
      { volumeMounts: [{ name: "secret-volume", mountPath: "/etc/secret-volume" }] },
      { volumes: [{ name: "secret-volume", secret: { secretName: "test-secret" } }] },
    ),
    "pass",
  ],
  [
    "pod-secretEnvironment-FAILED secret-test-pod",
    nginx({
      env: [
        {
          name: "SECRET_USERNAME",
          valueFrom: { secretKeyRef: { name: "backend-user", key: "backend-username" } },
        },
      ],
    }),
    "fail",
  ],
  [
    "pod-secretEnvironment-FAILED secret-test-pod-2",
    nginx({ envFrom: [{ secretRef: { name: "test-secret" } }] }),
    "fail",
  ],
]);

const alpine = { containers: [{ name: "main", image: "alpine", command: ["/bin/sleep", "999999"] }] };
check("K8S-25", "bridgecrewio/checkov tests/kubernetes/checks/example_ServiceAccountTokens (CKV_K8S_38)", [
  ["PASSED pod-pass", pod({ automountServiceAccountToken: false, ...alpine }), "pass"],
  ["FAILED pod1: not stated", pod(alpine), "fail"],
  ["FAILED pod2", pod({ automountServiceAccountToken: true, ...alpine }), "fail"],
]);
