import { type Case, type Doc, type Entry, type Json, SECRET, UNKNOWN } from "../graphs.ts";
import { DIGEST, doc, noWorkload, workload } from "./workloads.ts";

const ENV: Json[] = [
  { name: "HF_HUB_DISABLE_TELEMETRY", value: "1" },
  { name: "VLLM_MEDIA_URL_ALLOW_REDIRECTS", value: "0" },
];
const ARGS = ["/models/llama", "--max-model-len=8192"];
const TLS = ["--ssl-keyfile=/tls/tls.key", "--ssl-certfile=/tls/tls.crt"];
const C = "spec.template.spec.containers[0]";
const LABELS = "spec.template.metadata.labels";

const deployment = (parts: Json = {}, metadata: Json = {}): Entry => {
  const container = {
    name: "engine",
    image: `registry.example/vllm-openai:v0.11.0@${DIGEST}`,
    args: ARGS,
    env: ENV,
    ...parts,
  };
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    props: {
      metadata: { namespace: "serving" },
      spec: {
        template: { metadata: { labels: { app: "web" }, ...metadata }, spec: { containers: [container] } },
      },
    },
  };
};
const one = (parts: Json = {}, ...others: Entry[]): Doc => doc(deployment(parts), ...others);
const args = (...more: unknown[]) => one({ args: [...ARGS, ...more] });
const env = (...more: unknown[]) => one({ env: [...ENV, ...more] });
const variable = (name: string, value: unknown) => env({ name, value });
const allowing = (graph: Doc, ...hosts: string[]): Doc => ({
  ...graph,
  config: { allowedEgressHosts: hosts },
});
const media = (graph: Doc, multimodal: boolean): Doc => ({ ...graph, config: { multimodal } });
const shell = (text: string) =>
  one({ image: "registry.example/base:1", command: ["sh", "-c"], args: [text] });

const notEngine = doc(
  workload("Deployment", {
    containers: [{ name: "web", image: "registry.example/web:1", command: ["web"] }],
  }),
);
const unreadable = [doc(workload("Deployment", UNKNOWN)), one({ args: UNKNOWN }), args(UNKNOWN)];

const DOMAINS = ["--allowed-media-domains", "media.example"];
const NODES = ["--nnodes=2", "--node-rank=0"];
const policy = (spec: unknown, namespace = "serving"): Entry => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "policy",
  props: { metadata: { namespace }, spec },
});
const PEERS = { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }] }] };
const nodes = (...policies: Entry[]) => one({ args: [...ARGS, ...NODES] }, ...policies);

const istio = { labels: { app: "web", "sidecar.istio.io/inject": "true" } };
const strict = (mode: unknown, namespace: string): Entry => ({
  type: "kubernetes:security.istio.io/v1:PeerAuthentication",
  name: "mtls",
  props: { metadata: { namespace }, spec: { mtls: { mode } } },
});

export const llmAdvisoryCases: Case[] = [
  {
    id: "LLM-08",
    pass: [
      one(),
      args(...DOMAINS),
      media(args(...DOMAINS), true),
      media(one({ args: UNKNOWN }), false),
      one({ args: ["Qwen/Qwen2.5-VL-7B-Instruct", ...DOMAINS] }),
    ],
    fail: [
      [media(one(), true), "web", `${C}.args`],
      [one({ args: ["Qwen/Qwen2.5-VL-7B-Instruct"] }), "web", `${C}.args`],
      [args("--limit-mm-per-prompt=image=2"), "web", `${C}.args`],
      [args("--allowed-media-domains"), "web", `${C}.args[2]`],
      [one({ args: [...ARGS, ...DOMAINS], env: [] }), "web", `${C}.env`],
      [
        one({ args: [...ARGS, ...DOMAINS], env: [{ name: "VLLM_MEDIA_URL_ALLOW_REDIRECTS", value: "1" }] }),
        "web",
        `${C}.env[0]`,
      ],
    ],
    unknown: [
      ...unreadable,
      args("--allowed-media-domains", UNKNOWN),
      one({
        args: [...ARGS, ...DOMAINS],
        env: [{ name: "VLLM_MEDIA_URL_ALLOW_REDIRECTS", value: UNKNOWN }],
      }),
    ],
    notApplicable: [noWorkload, notEngine],
  },
  {
    id: "LLM-10",
    pass: [
      one(),
      nodes(policy(PEERS)),
      nodes(policy({ podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"] })),
      one({ args: [...ARGS, "--nnodes=1"] }),
    ],
    fail: [
      [nodes(), "web", LABELS],
      [args("--distributed-executor-backend", "ray"), "web", LABELS],
      [args("--data-parallel-address=10.0.0.1"), "web", LABELS],
      [nodes(policy({ podSelector: {}, policyTypes: ["Egress"] })), "web", LABELS],
      [nodes(policy({ ...PEERS, podSelector: { matchLabels: { app: "other" } } })), "web", LABELS],
      [nodes(policy(PEERS, "other")), "web", LABELS],
      // One policy that lets everyone in is enough.
      [nodes(policy({ podSelector: {}, ingress: [{}] })), "web", LABELS],
      [nodes(policy({ podSelector: {}, ingress: [{ ports: [{ port: 8000 }] }] })), "web", LABELS],
    ],
    unknown: [
      ...unreadable,
      args("--nnodes", UNKNOWN),
      nodes(policy(UNKNOWN)),
      nodes(policy({ ...PEERS, podSelector: UNKNOWN })),
      nodes(policy({ podSelector: {}, ingress: UNKNOWN })),
      nodes(policy({ podSelector: {}, ingress: [{ from: UNKNOWN }] })),
    ],
    notApplicable: [noWorkload, notEngine],
  },
  {
    id: "LLM-11",
    pass: [
      one(),
      args("--otlp-traces-endpoint=http://otel.monitoring.svc:4317"),
      variable("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),
      variable("OTEL_EXPORTER_OTLP_ENDPOINT", "http://10.0.3.4:4317"),
      allowing(variable("SENTRY_DSN", "https://key@errors.example/1"), "errors.example"),
      variable("LANGCHAIN_TRACING_V2", "false"),
      env({ name: "WANDB_API_KEY", value: "x" }, { name: "WANDB_BASE_URL", value: "http://wandb:8080" }),
    ],
    fail: [
      [args("--otlp-traces-endpoint", "https://otlp.example:4317"), "web", `${C}.args[2]`],
      [variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://otlp.example"), "web", `${C}.env[2]`],
      [variable("SENTRY_DSN", "https://key@o1.ingest.sentry.io/1"), "web", `${C}.env[2]`],
      [variable("LANGCHAIN_TRACING_V2", "true"), "web", `${C}.env[2]`],
      [variable("WANDB_API_KEY", "x"), "web", `${C}.env[2]`],
      [allowing(variable("WANDB_BASE_URL", "https://w.example"), "x.example"), "web", `${C}.env[2]`],
      [one({ env: [] }), "web", `${C}.env`],
      [one({ env: [{ name: "HF_HUB_DISABLE_TELEMETRY", value: "0" }] }), "web", `${C}.env[0]`],
      [
        shell("OTEL_EXPORTER_OTLP_ENDPOINT=https://otlp.example vllm serve /models/llama"),
        "web",
        `${C}.args[0]`,
      ],
    ],
    unknown: [
      ...unreadable,
      variable("OTEL_EXPORTER_OTLP_ENDPOINT", UNKNOWN),
      variable("SENTRY_DSN", SECRET),
      one({ env: [{ name: "HF_HUB_DISABLE_TELEMETRY", value: UNKNOWN }] }),
      args("--otlp-traces-endpoint", UNKNOWN),
    ],
    notApplicable: [noWorkload, notEngine],
  },
  {
    id: "LLM-12",
    pass: [
      args(...TLS),
      args("--ssl-keyfile", "/tls/tls.key", "--ssl_certfile", "/tls/tls.crt"),
      shell(`vllm serve /models/llama ${TLS.join(" ")}`),
      doc(deployment({}, { annotations: { "linkerd.io/inject": "enabled" } })),
      doc(deployment({}, istio), strict("STRICT", "serving")),
      doc(deployment({}, istio), strict("STRICT", "istio-system")),
    ],
    fail: [
      [one(), "web", `${C}.args`],
      [args(TLS[0]), "web", `${C}.args`],
      [doc(deployment({}, istio)), "web", `${C}.args`],
      [doc(deployment({}, istio), strict("PERMISSIVE", "serving")), "web", `${C}.args`],
      [doc(deployment({}, istio), strict("STRICT", "other")), "web", `${C}.args`],
    ],
    unknown: [...unreadable, shell("vllm serve /models/llama $EXTRA")],
    notApplicable: [noWorkload, notEngine],
  },
];
