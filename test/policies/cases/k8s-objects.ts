import { type Case, type Doc, type Entry, type Json, SECRET, UNKNOWN } from "../graphs.ts";
import { doc, noWorkload } from "./workloads.ts";

const of = (type: string, props: Json): Entry => ({ type: `kubernetes:${type}`, name: "web", props });
const one = (type: string, props: Json): Doc => doc(of(type, props));
/** The same object alone, in a list, and under an older API version. */
const forms = (type: string, older: string, props: Json): [doc: Doc, base: string][] => [
  [one(type, props), ""],
  [one(`${type}List`, { items: [props] }), "items[0]."],
  [one(older, props), ""],
];

const config = (data: unknown, more: Json = {}) =>
  one("core/v1:ConfigMap", { metadata: { name: "settings", namespace: "serving" }, data, ...more });

const RBAC = "rbac.authorization.k8s.io/v1";
const role = (...rules: unknown[]): Json => ({ metadata: { namespace: "serving" }, rules });
const PODS = { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] };
const binding = (roleRef: unknown): Json => ({
  metadata: { namespace: "serving" },
  roleRef,
  subjects: [{ kind: "ServiceAccount", name: "web" }],
});

const ingress = (annotations: unknown, spec: unknown = {}) =>
  one("networking.k8s.io/v1:Ingress", { metadata: { namespace: "serving", annotations }, spec });
const TLS = [{ hosts: ["llm.example"], secretName: "llm-tls" }];
const HTTP_OFF = { "kubernetes.io/ingress.allow-http": "false" };
const note = (key: string) => `metadata.annotations["${key}"]`;
const ALB = "alb.ingress.kubernetes.io";
const alb = (annotations: Json, spec: Json = {}) =>
  ingress(Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${ALB}/${key}`, value])), {
    ingressClassName: "alb",
    ...spec,
  });
const CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
const BOTH = '[{"HTTP": 80}, {"HTTPS":443}]';

const AWS = "service.beta.kubernetes.io/aws-load-balancer";
const service = (type: unknown, annotations?: unknown): Json => ({
  metadata: { namespace: "serving", annotations },
  spec: { type, ports: [{ port: 443 }] },
});
const SERVICE = "core/v1:Service";
const balancer = (annotations: Json) =>
  one(
    SERVICE,
    service(
      "LoadBalancer",
      Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${AWS}-${key}`, value])),
    ),
  );
const POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";
const SECURED = { "ssl-cert": CERTIFICATE, "ssl-negotiation-policy": POLICY };
const certified = (reference: Entry): Doc => ({
  resources: [
    reference,
    {
      ...of(
        SERVICE,
        service("LoadBalancer", { [`${AWS}-ssl-cert`]: UNKNOWN, [`${AWS}-ssl-negotiation-policy`]: POLICY }),
      ),
      refs: { metadata: reference.name },
    },
  ],
});
const unreadService = [
  one(SERVICE, service(UNKNOWN)),
  one(SERVICE, service(SECRET)),
  one(SERVICE, { spec: UNKNOWN }),
  one(`${SERVICE}List`, { items: UNKNOWN }),
  one(`${SERVICE}List`, { items: [UNKNOWN] }),
];
/** Services that are no load balancer and no node port. */
const plain = [
  one(SERVICE, service("ClusterIP")),
  one(SERVICE, service(undefined)),
  one(SERVICE, { metadata: { namespace: "serving" } }),
  one(`${SERVICE}Patch`, { spec: { ports: [] } }),
];

export const objectCases: Case[] = [
  {
    id: "K8S-23",
    pass: [
      config({ "color.good": "blue", MAX_TOKENS: "4096", TOKENIZERS_PARALLELISM: "false" }),
      config({ "app.yaml": "max_tokens: 4096\ntokenizer: auto\npassword_file: /run/secrets/db\n" }),
      // References are not the secret.
      config({ PASSWORD: "$(DB_PASSWORD)", TOKEN: "{{ .Values.token }}", API_KEY: "" }),
      config({ "app.ini": ["password=$", "{DB_PASSWORD}\ntoken: /var/run/secrets/token"].join("") }),
      config({ "dashboard.json": '{"expr":"sum(vllm:prompt_tokens_total{model=\\"chat\\"})"}' }),
      config(undefined),
      config({}, { binaryData: { blob: "AAECAw==" } }),
    ],
    fail: [
      ...forms("core/v1:ConfigMap", "v1:ConfigMap", { data: { DB_PASSWORD: "hunter2" } }).map(
        ([graph, base]): [Doc, string, string] => [graph, "web", `${base}data.DB_PASSWORD`],
      ),
      [config({ "hf-token": "x" }), "web", "data.hf-token"],
      [config({ clientSecret: "x" }), "web", "data.clientSecret"],
      [config({ "app.ini": "[db]\nuser = app\npassword = hunter2\n" }), "web", 'data["app.ini"]'],
      [config({ "app.json": '{"apiKey": "x1y2"}' }), "web", 'data["app.json"]'],
      [config({ env: "AWS_ACCESS_KEY_ID=x" }), "web", "data.env"],
      [config({ note: `key ${"AKIA"}IOSFODNN7EXAMPLE` }), "web", "data.note"],
      [config({ pem: "-----BEGIN RSA PRIVATE KEY-----\nMIIB" }), "web", "data.pem"],
      [config({}, { binaryData: { "app.ini": btoa("password=hunter2") } }), "web", 'binaryData["app.ini"]'],
      // The program itself calls it a secret.
      [config({ any: SECRET }), "web", "data.any"],
      [config(SECRET), "web", "data"],
    ],
    unknown: [
      config(UNKNOWN),
      config({ any: UNKNOWN }),
      config({}, { binaryData: UNKNOWN }),
      one("core/v1:ConfigMapList", { items: UNKNOWN }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-26",
    pass: [
      ...forms(`${RBAC}:Role`, "rbac.authorization.k8s.io/v1beta1:Role", role(PODS)).map(([graph]) => graph),
      one(`${RBAC}:ClusterRole`, role({ nonResourceURLs: ["/metrics", "/healthz/*"], verbs: ["get"] })),
      one(`${RBAC}:ClusterRole`, { aggregationRule: { clusterRoleSelectors: [] } }),
      one(`${RBAC}:ClusterRoleBinding`, binding({ kind: "ClusterRole", name: "view" })),
      one(`${RBAC}:RoleBinding`, binding({ kind: "Role", name: "cluster-admin" })),
    ],
    fail: [
      ...forms(
        `${RBAC}:Role`,
        "rbac.authorization.k8s.io/v1beta1:Role",
        role(PODS, { ...PODS, verbs: ["get", "*"] }),
      ).map(([graph, base]): [Doc, string, string] => [graph, "web", `${base}rules[1].verbs[1]`]),
      [one(`${RBAC}:ClusterRole`, role({ ...PODS, apiGroups: ["*"] })), "web", "rules[0].apiGroups[0]"],
      [one(`${RBAC}:ClusterRole`, role({ ...PODS, resources: ["*"] })), "web", "rules[0].resources[0]"],
      [one(`${RBAC}:ClusterRole`, role({ ...PODS, resources: ["*/scale"] })), "web", "rules[0].resources[0]"],
      [
        one(`${RBAC}:ClusterRole`, role({ nonResourceURLs: ["/*"], verbs: ["get"] })),
        "web",
        "rules[0].nonResourceURLs[0]",
      ],
      [one(`${RBAC}:RolePatch`, role({ ...PODS, verbs: ["*"] })), "web", "rules[0].verbs[0]"],
      [
        one(`${RBAC}:ClusterRoleBinding`, binding({ kind: "ClusterRole", name: "cluster-admin" })),
        "web",
        "roleRef.name",
      ],
      [
        one(`${RBAC}:RoleBinding`, binding({ kind: "ClusterRole", name: "cluster-admin" })),
        "web",
        "roleRef.name",
      ],
    ],
    unknown: [
      one(`${RBAC}:Role`, { rules: UNKNOWN }),
      one(`${RBAC}:Role`, role(UNKNOWN)),
      one(`${RBAC}:Role`, role({ ...PODS, verbs: UNKNOWN })),
      one(`${RBAC}:Role`, role({ ...PODS, verbs: ["get", UNKNOWN] })),
      one(`${RBAC}:ClusterRoleBinding`, binding({ kind: "ClusterRole", name: UNKNOWN })),
      one(`${RBAC}:RoleList`, { items: UNKNOWN }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-30",
    pass: [
      ...forms("networking.k8s.io/v1:Ingress", "extensions/v1beta1:Ingress", {
        metadata: { annotations: HTTP_OFF },
        spec: { tls: TLS },
      }).map(([graph]) => graph),
      ingress({ "nginx.ingress.kubernetes.io/force-ssl-redirect": "true" }, { tls: TLS }),
      ingress({ "nginx.ingress.kubernetes.io/ssl-redirect": true }, { tls: TLS }),
      alb({ "certificate-arn": CERTIFICATE }),
      alb({ "certificate-arn": CERTIFICATE, "listen-ports": '[{"HTTPS":443}]' }),
      alb({ "certificate-arn": CERTIFICATE, "listen-ports": BOTH, "ssl-redirect": "443" }),
      // A certificate of the graph, whose ARN comes with it, is one.
      alb({ "certificate-arn": UNKNOWN, "listen-ports": '[{"HTTPS":443}]' }),
      ingress({ [`${ALB}/certificate-arn`]: CERTIFICATE, "kubernetes.io/ingress.class": "alb" }),
      one("networking.k8s.io/v1:IngressPatch", { spec: { rules: [] } }),
    ],
    fail: [
      ...forms("networking.k8s.io/v1:Ingress", "extensions/v1beta1:Ingress", {
        metadata: { annotations: HTTP_OFF },
        spec: { rules: [] },
      }).map(([graph, base]): [Doc, string, string] => [graph, "web", `${base}spec.tls`]),
      [ingress(HTTP_OFF, { tls: [] }), "web", "spec.tls"],
      [ingress({}, { tls: TLS }), "web", note("kubernetes.io/ingress.allow-http")],
      [
        ingress({ "kubernetes.io/ingress.allow-http": "true" }, { tls: TLS }),
        "web",
        note("kubernetes.io/ingress.allow-http"),
      ],
      [
        ingress({ "nginx.ingress.kubernetes.io/ssl-redirect": "false" }, { tls: TLS }),
        "web",
        note("nginx.ingress.kubernetes.io/ssl-redirect"),
      ],
      [alb({}), "web", note(`${ALB}/certificate-arn`)],
      // The controller looks for a certificate of the hosts of tls, but listens on HTTP alone.
      [alb({}, { tls: TLS }), "web", note(`${ALB}/certificate-arn`)],
      [alb({ "certificate-arn": CERTIFICATE, "listen-ports": BOTH }), "web", note(`${ALB}/listen-ports`)],
      [
        alb({ "certificate-arn": CERTIFICATE, "listen-ports": '[{"HTTP":80}]', "ssl-redirect": "443" }),
        "web",
        note(`${ALB}/listen-ports`),
      ],
      [
        alb({ "certificate-arn": CERTIFICATE, "listen-ports": '[{"HTTP":80,"HTTPS":443}]' }),
        "web",
        note(`${ALB}/listen-ports`),
      ],
      [ingress({ [`${ALB}/scheme`]: "internal" }, { tls: TLS }), "web", note(`${ALB}/certificate-arn`)],
    ],
    unknown: [
      ingress(UNKNOWN, { tls: TLS }),
      ingress(HTTP_OFF, UNKNOWN),
      ingress(HTTP_OFF, { tls: UNKNOWN }),
      ingress({ "kubernetes.io/ingress.allow-http": UNKNOWN }, { tls: TLS }),
      alb({ "certificate-arn": CERTIFICATE, "listen-ports": UNKNOWN }),
      alb({ "certificate-arn": CERTIFICATE, "listen-ports": "443" }),
      alb({ "certificate-arn": CERTIFICATE, "listen-ports": BOTH, "ssl-redirect": UNKNOWN }),
      one("networking.k8s.io/v1:IngressList", { items: [UNKNOWN] }),
      one("networking.k8s.io/v1:IngressPatch", { spec: { tls: UNKNOWN } }),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-31",
    pass: [...plain, one(SERVICE, service("NodePort")), one(SERVICE, service("ExternalName"))],
    fail: [
      ...forms(SERVICE, "v1:Service", service("LoadBalancer")).map(([graph, base]): [Doc, string, string] => [
        graph,
        "web",
        `${base}spec.type`,
      ]),
      [balancer({ scheme: "internal" }), "web", "spec.type"],
      [one(`${SERVICE}Patch`, service("LoadBalancer")), "web", "spec.type"],
    ],
    unknown: unreadService,
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-32",
    pass: [
      ...plain,
      one(SERVICE, service("NodePort")),
      balancer({ scheme: "internal" }),
      balancer({ internal: "true" }),
      balancer({ scheme: "internal", internal: "false" }),
    ],
    fail: [
      ...forms(SERVICE, "v1:Service", service("LoadBalancer")).map(([graph, base]): [Doc, string, string] => [
        graph,
        "web",
        `${base}${note(`${AWS}-scheme`)}`,
      ]),
      [balancer({ scheme: "internet-facing" }), "web", note(`${AWS}-scheme`)],
      [balancer({ internal: "false" }), "web", note(`${AWS}-scheme`)],
      // The scheme goes before the older switch.
      [balancer({ scheme: "internet-facing", internal: "true" }), "web", note(`${AWS}-scheme`)],
    ],
    unknown: [
      ...unreadService,
      balancer({ scheme: UNKNOWN }),
      balancer({ internal: UNKNOWN }),
      one(SERVICE, service("LoadBalancer", UNKNOWN)),
    ],
    notApplicable: [noWorkload],
  },
  {
    id: "K8S-33",
    pass: [
      balancer(SECURED),
      balancer({ ...SECURED, "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-3-2021-06" }),
      {
        ...balancer({ ...SECURED, "ssl-negotiation-policy": "ELBSecurityPolicy-2016-08" }),
        config: { tlsPolicies: ["ELBSecurityPolicy-2016-08"] },
      },
      certified({ type: "aws:acm/certificate:Certificate", name: "certificate", props: {} }),
    ],
    fail: [
      ...forms(SERVICE, "v1:Service", service("LoadBalancer")).map(([graph, base]): [Doc, string, string] => [
        graph,
        "web",
        `${base}${note(`${AWS}-ssl-cert`)}`,
      ]),
      [balancer({ ...SECURED, "ssl-cert": "" }), "web", note(`${AWS}-ssl-cert`)],
      // Without a policy the controller takes one that offers TLS 1.0.
      [balancer({ "ssl-cert": CERTIFICATE }), "web", note(`${AWS}-ssl-negotiation-policy`)],
      [
        balancer({ ...SECURED, "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-0-2021-06" }),
        "web",
        note(`${AWS}-ssl-negotiation-policy`),
      ],
      [
        balancer({ ...SECURED, "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06" }),
        "web",
        note(`${AWS}-ssl-negotiation-policy`),
      ],
      [
        { ...balancer(SECURED), config: { tlsPolicies: ["ELBSecurityPolicy-TLS13-1-3-2021-06"] } },
        "web",
        note(`${AWS}-ssl-negotiation-policy`),
      ],
    ],
    unknown: [
      ...unreadService,
      balancer({ ...SECURED, "ssl-cert": UNKNOWN }),
      balancer({ ...SECURED, "ssl-negotiation-policy": UNKNOWN }),
      certified({ type: "aws:s3/bucket:Bucket", name: "bucket", props: {} }),
    ],
    notApplicable: [noWorkload, ...plain, one(SERVICE, service("NodePort"))],
  },
  {
    id: "K8S-34",
    pass: [...plain, balancer({}), one(SERVICE, service("ExternalName"))],
    fail: [
      ...forms(SERVICE, "v1:Service", service("NodePort")).map(([graph, base]): [Doc, string, string] => [
        graph,
        "web",
        `${base}spec.type`,
      ]),
      [one(`${SERVICE}Patch`, service("NodePort")), "web", "spec.type"],
    ],
    unknown: unreadService,
    notApplicable: [noWorkload],
  },
];
