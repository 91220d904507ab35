import { type Case, type Doc, type Entry, type Json, SECRET, UNKNOWN } from "../graphs.ts";
import { DIGEST, doc, KINDS, noWorkload, workload } from "./workloads.ts";

const IMAGE = `registry.example/vllm-openai:v0.11.0@${DIGEST}`;
const KEY = { name: "VLLM_API_KEY", valueFrom: { secretKeyRef: { name: "key", key: "key" } } };
const ENV: Json[] = [
  { name: "VLLM_NO_USAGE_STATS", value: "1" },
  { name: "HF_HUB_OFFLINE", value: "1" },
  { name: "TRANSFORMERS_OFFLINE", value: "1" },
  KEY,
];
const ARGS = ["--model", "/models/llama", "--max-model-len=8192"];
const MODULE = "vllm.entrypoints.openai.api_server";

/** A container that meets every control of the engine. */
const engine = (parts: Json = {}): Json => ({ name: "engine", image: IMAGE, args: ARGS, env: ENV, ...parts });
const pod = (...containers: unknown[]) => ({ containers });
const one = (parts: Json = {}, ...others: Entry[]): Doc =>
  doc(workload("Deployment", pod(engine(parts))), ...others);
const args = (...more: unknown[]) => one({ args: [...ARGS, ...more] });
const env = (...entries: unknown[]) => one({ env: entries });
/** The engine's variables with one changed: undefined removes it. */
const variable = (name: string, value?: unknown, rest: Json = {}) =>
  env(
    ...ENV.filter((entry) => entry["name"] !== name),
    ...(value === undefined ? [] : [{ name, value, ...rest }]),
  );
const shell = (command: unknown, parts: Json = {}) =>
  one({ image: "registry.example/base:1", command: ["/bin/sh", "-c"], args: [command], ...parts });

/** Ways of starting the engine; `flags` are theirs, too. */
function starts(...flags: string[]): [doc: Doc, path: string][] {
  const text = flags.join(" ");
  const base = { image: "registry.example/base:1" };
  const all: [Json, string][] = [
    [{ args: [...ARGS, ...flags] }, "args[3]"],
    [{ args: ["/models/llama", ...flags] }, "args[1]"],
    [{ ...base, command: ["vllm", "serve", "/models/llama", ...flags], args: [] }, "command[3]"],
    [{ ...base, command: ["vllm"], args: ["serve", "/models/llama", ...flags] }, "args[2]"],
    [{ ...base, command: ["python3", "-m", MODULE], args: [...ARGS, ...flags] }, "args[3]"],
    [{ ...base, command: ["sh", "-c", `vllm serve /models/llama ${text}`], args: [] }, "command[2]"],
    [{ ...base, command: ["/bin/bash", "-lc"], args: [`exec vllm serve /models/llama ${text}`] }, "args[0]"],
    [
      {
        ...base,
        command: ["bash", "-e", "-c"],
        args: [`cd /app;vllm serve /models/llama \\\n  ${text} | tee log`],
      },
      "args[0]",
    ],
    [
      { ...base, command: ["sh", "-c"], args: [`python -m ${MODULE} --model "/models/llama" ${text}`] },
      "args[0]",
    ],
  ];
  return all.map(([parts, path]) => [one(parts), `spec.template.spec.containers[0].${path}`]);
}

/** Every kind of workload, and a native sidecar. */
function everywhere(parts: Json): [doc: Doc, base: string][] {
  return [
    ...KINDS.map(([kind, , template]): [Doc, string] => [
      doc(workload(kind, pod(engine(parts)))),
      `${template}spec.containers[0]`,
    ]),
    [
      doc(
        workload("Deployment", {
          containers: [{ name: "proxy", image: "registry.example/proxy:1", command: ["proxy"] }],
          initContainers: [engine({ ...parts, restartPolicy: "Always", command: ["vllm", "serve"] })],
        }),
      ),
      "spec.template.spec.initContainers[0]",
    ],
    [
      doc(workload("Pod", pod({ name: "proxy", image: "registry.example/proxy:1" }, engine(parts)))),
      "spec.containers[1]",
    ],
  ];
}

const C = "spec.template.spec.containers[0]";
const map = (data: unknown, namespace: unknown = "serving"): Entry => ({
  type: "kubernetes:core/v1:ConfigMap",
  name: "settings",
  props: { metadata: { name: "settings", namespace }, data },
});
const secret = (data: unknown): Entry => ({
  type: "kubernetes:core/v1:Secret",
  name: "key",
  props: { metadata: { name: "key", namespace: "serving" }, stringData: data },
});
const fromMap = { envFrom: [{ configMapRef: { name: "settings" } }] };
const fromSecret = { envFrom: [{ secretRef: { name: "key" } }] };
const without = (name: string) => ENV.filter((entry) => entry["name"] !== name);

const passing = [...starts(), ...everywhere({})].map(([graph]) => graph);
const notApplicable = [
  noWorkload,
  doc(
    workload(
      "Deployment",
      pod({ name: "web", image: "registry.example/web:1", args: ["--trust-remote-code"] }),
    ),
  ),
  doc(
    workload(
      "Deployment",
      pod({ name: "web", image: "registry.example/vllm-router:1", command: ["router"] }),
    ),
  ),
  doc(
    workload("Deployment", pod({ name: "web", image: "registry.example/web:1", command: ["web", UNKNOWN] })),
  ),
  doc(workload("Deployment", pod({ name: "web", image: "registry.example/web:1", args: UNKNOWN }))),
  doc(workload("Deployment", pod({ name: "web", image: UNKNOWN, command: ["web"] }))),
  // Fetching weights with the engine's image serves nothing.
  doc(
    workload("Job", {
      containers: [{ name: "done", image: "registry.example/web:1" }],
      initContainers: [{ name: "fetch", image: IMAGE, command: ["hf", "download"] }],
    }),
  ),
];
/** What may be an engine and cannot be read. */
const unreadable = [
  doc(workload("Deployment", UNKNOWN)),
  doc(workload("Deployment", pod(UNKNOWN))),
  doc(workload("Deployment", pod({ name: "engine", image: UNKNOWN, args: ARGS }))),
  shell(UNKNOWN),
  one({ image: "registry.example/base:1", command: UNKNOWN }),
  one({ image: "registry.example/base:1", command: [UNKNOWN, "serve"] }),
];
/** Flags may hide in these. */
const hidden = [
  one({ args: UNKNOWN }),
  one({ args: [...ARGS, UNKNOWN] }),
  one({ args: [...ARGS, SECRET] }),
  one({ command: UNKNOWN }),
  args("--config", "/etc/vllm/config.yaml"),
  shell("vllm serve /models/llama $EXTRA_ARGS"),
];

export const llmCases: Case[] = [
  {
    id: "LLM-01",
    pass: [
      ...passing,
      env({ name: "VLLM_DO_NOT_TRACK", value: "1" }),
      env({ name: "DO_NOT_TRACK", value: "1" }),
      one({ env: [], ...fromMap }, map({ VLLM_NO_USAGE_STATS: "1" })),
      shell("export VLLM_NO_USAGE_STATS=1 && vllm serve /models/llama", { env: [] }),
      shell("DO_NOT_TRACK=1 vllm serve /models/llama", { env: [] }),
    ],
    fail: [
      ...everywhere({ env: [] }).map(([graph, base]): [Doc, string, string] => [graph, "web", `${base}.env`]),
      [env(), "web", `${C}.env`],
      [env({ name: "VLLM_NO_USAGE_STATS", value: "0" }), "web", `${C}.env[0]`],
      // vLLM compares with "1", so "true" sends statistics.
      [env({ name: "VLLM_NO_USAGE_STATS", value: "true" }), "web", `${C}.env[0]`],
      // The last entry of a name counts.
      [env({ name: "DO_NOT_TRACK", value: "1" }, { name: "DO_NOT_TRACK", value: "0" }), "web", `${C}.env[1]`],
      [one({ env: [], ...fromMap }, map({ OTHER: "1" })), "web", `${C}.env`],
    ],
    unknown: [
      ...unreadable,
      env({ name: "VLLM_NO_USAGE_STATS", value: UNKNOWN }),
      env({ name: "VLLM_NO_USAGE_STATS", value: SECRET }),
      one({ env: UNKNOWN }),
      one({ env: [], ...fromMap }),
      one({ env: [], ...fromMap }, map(UNKNOWN)),
      one({ env: [], ...fromMap }, map({ VLLM_NO_USAGE_STATS: "1" }, "other")),
    ],
    notApplicable,
  },
  {
    id: "LLM-02",
    pass: [
      ...passing.filter((graph) => JSON.stringify(graph).includes("vllm-openai")),
      one({ image: "vllm/vllm-openai:v0.10.0", args: [...ARGS, "--disable-log-requests"] }),
      args("--no-enable-log-requests"),
      args("--enable-log-requests", "--no-enable-log-requests"),
    ],
    fail: [
      ...starts("--enable-log-requests").map(([graph, path]): [Doc, string, string] => [graph, "web", path]),
      ...starts("--enable-log-outputs").map(([graph, path]): [Doc, string, string] => [graph, "web", path]),
      [args("--enable_log_requests"), "web", `${C}.args[3]`],
      [one({ image: "vllm/vllm-openai:v0.10.0" }), "web", `${C}.args`],
      [one({ image: "vllm/vllm-openai:v0.8.5.post1" }), "web", `${C}.args`],
      [one({ args: [UNKNOWN, "--enable-log-requests"] }), "web", `${C}.args[1]`],
    ],
    unknown: [
      ...unreadable,
      ...hidden,
      one({ image: "vllm/vllm-openai:latest" }),
      one({ image: `vllm/vllm-openai@${DIGEST}` }),
      // The tag of another image says nothing of the engine's version.
      one({ image: "registry.example/base:0.9.0", command: ["vllm", "serve"] }),
      one({ image: UNKNOWN, command: ["vllm", "serve"] }),
    ],
    notApplicable,
  },
  {
    id: "LLM-03",
    pass: [
      ...passing,
      args("--api-key", "$(VLLM_API_KEY)"),
      args("--api-key=$(VLLM_API_KEY)"),
      shell('vllm serve /models/llama --api-key "$VLLM_API_KEY"'),
      one({ env: [], ...fromSecret }, secret({ VLLM_API_KEY: SECRET })),
    ],
    fail: [
      ...everywhere({ env: without("VLLM_API_KEY") }).map(([graph, base]): [Doc, string, string] => [
        graph,
        "web",
        `${base}.env`,
      ]),
      ...starts("--api-key", "sk-example").map(([graph, path]): [Doc, string, string] => [
        graph,
        "web",
        path,
      ]),
      ...starts("--api-key=sk-example").map(([graph, path]): [Doc, string, string] => [graph, "web", path]),
      [env({ name: "VLLM_API_KEY", value: "sk-example" }), "web", `${C}.env[0]`],
      [env({ name: "VLLM_API_KEY", value: "" }), "web", `${C}.env`],
      [
        one({ env: [{ name: "VLLM_API_KEY", valueFrom: { configMapKeyRef: { name: "x", key: "y" } } }] }),
        "web",
        `${C}.env[0]`,
      ],
      [one({ env: [], ...fromMap }, map({ VLLM_API_KEY: "sk-example" })), "web", `${C}.envFrom[0]`],
      [shell("VLLM_API_KEY=sk-example vllm serve /models/llama"), "web", `${C}.args[0]`],
    ],
    unknown: [
      ...unreadable,
      ...hidden,
      one({ args: UNKNOWN, env: [] }),
      env({ name: "VLLM_API_KEY", value: UNKNOWN }),
      env({ name: "VLLM_API_KEY", value: SECRET }),
      env({ name: "VLLM_API_KEY", valueFrom: UNKNOWN }),
      args("--api-key", UNKNOWN),
      one({ env: [], ...fromSecret }),
      one({ env: [], ...fromSecret }, secret(SECRET)),
      shell("vllm serve /models/llama --api-key $(cat /run/key)"),
    ],
    notApplicable,
  },
  {
    id: "LLM-04",
    pass: [
      ...passing,
      one({ args: ["--model=s3://weights/llama"] }),
      {
        ...one({
          args: ["--model", "org/model"],
          env: [{ name: "HF_ENDPOINT", value: "https://hub.example" }],
        }),
        config: { allowedEgressHosts: ["hub.example"] },
      },
      one({ env: without("HF_HUB_OFFLINE"), ...fromMap }, map({ HF_HUB_OFFLINE: "1" })),
      one({ args: ["--model", "$(MODEL)"], env: [...ENV, { name: "MODEL", value: "/models/llama" }] }),
    ],
    fail: [
      [variable("HF_HUB_OFFLINE"), "web", `${C}.args`],
      [variable("HF_HUB_OFFLINE", "0"), "web", `${C}.args`],
      [variable("TRANSFORMERS_OFFLINE"), "web", `${C}.args`],
      [one({ args: ["--model", "org/model"] }), "web", `${C}.args`],
      [one({ args: ["org/model"] }), "web", `${C}.args`],
      // Without a model vLLM fetches its default.
      [one({ args: [] }), "web", `${C}.args`],
      [shell("vllm serve org/model --max-model-len 8192"), "web", `${C}.args`],
      [
        {
          ...one({
            args: ["--model", "org/model"],
            env: [{ name: "HF_ENDPOINT", value: "https://huggingface.co" }],
          }),
          config: { allowedEgressHosts: ["hub.example"] },
        },
        "web",
        `${C}.args`,
      ],
      // The host is what follows the @.
      [
        {
          ...one({
            args: ["--model", "org/model"],
            env: [{ name: "HF_ENDPOINT", value: "https://hub.example:x@evil.example/" }],
          }),
          config: { allowedEgressHosts: ["hub.example"] },
        },
        "web",
        `${C}.args`,
      ],
    ],
    unknown: [
      ...unreadable,
      one({ args: UNKNOWN }),
      one({ args: ["--model", UNKNOWN] }),
      variable("HF_HUB_OFFLINE", UNKNOWN),
      one({ env: without("HF_HUB_OFFLINE"), envFrom: [{ configMapRef: { name: "elsewhere" } }] }),
      one({ args: ["--model", "org/model"], env: [{ name: "HF_ENDPOINT", value: UNKNOWN }] }),
      one({ args: ["--config", "/etc/vllm/config.yaml"] }),
    ],
    notApplicable,
  },
  {
    id: "LLM-05",
    pass: [...passing, variable("VLLM_SERVER_DEV_MODE", "0"), variable("VLLM_SERVER_DEV_MODE", "")],
    fail: [
      ...everywhere({ env: [...ENV, { name: "VLLM_SERVER_DEV_MODE", value: "1" }] }).map(
        ([graph, base]): [Doc, string, string] => [graph, "web", `${base}.env[4]`],
      ),
      [variable("VLLM_SERVER_DEV_MODE", 1), "web", `${C}.env[4]`],
      [variable("VLLM_SERVER_DEV_MODE", "true"), "web", `${C}.env[4]`],
      [shell("VLLM_SERVER_DEV_MODE=1 vllm serve /models/llama"), "web", `${C}.args[0]`],
      [shell("export VLLM_SERVER_DEV_MODE=1; vllm serve /models/llama"), "web", `${C}.args[0]`],
      [one(fromMap, map({ VLLM_SERVER_DEV_MODE: "1" })), "web", `${C}.envFrom[0]`],
    ],
    unknown: [
      ...unreadable,
      variable("VLLM_SERVER_DEV_MODE", UNKNOWN),
      variable("VLLM_SERVER_DEV_MODE", SECRET),
      one({ env: UNKNOWN }),
      one(fromMap),
    ],
    notApplicable,
  },
  {
    id: "LLM-06",
    pass: [...passing, args("--trust-remote-code=false"), args("--no-trust-remote-code")],
    fail: [
      ...starts("--trust-remote-code").map(([graph, path]): [Doc, string, string] => [graph, "web", path]),
      ...everywhere({ args: [...ARGS, "--trust-remote-code"] }).map(
        ([graph, base]): [Doc, string, string] => [graph, "web", `${base}.args[3]`],
      ),
      [args("--trust_remote_code"), "web", `${C}.args[3]`],
      // The switch takes no value: what follows it does not turn it off.
      [args("--trust-remote-code", "false"), "web", `${C}.args[3]`],
      [
        one({ args: [...ARGS, "$(EXTRA)"], env: [...ENV, { name: "EXTRA", value: "--trust-remote-code" }] }),
        "web",
        `${C}.args[3]`,
      ],
      [
        shell("vllm serve /models/llama $EXTRA", {
          env: [...ENV, { name: "EXTRA", value: "--port 8000 --trust-remote-code" }],
        }),
        "web",
        `${C}.args[0]`,
      ],
    ],
    unknown: [...unreadable, ...hidden],
    notApplicable,
  },
  {
    id: "LLM-07",
    pass: [...passing, args("--tool-server", "tools.serving.svc:8080"), args("--tool-server=tools:80")],
    fail: [
      ...starts("--tool-server", "demo").map(([graph, path]): [Doc, string, string] => [graph, "web", path]),
      ...starts("--tool-server=demo").map(([graph, path]): [Doc, string, string] => [graph, "web", path]),
      ...everywhere({ args: [...ARGS, "--tool_server=demo"] }).map(([graph, base]): [Doc, string, string] => [
        graph,
        "web",
        `${base}.args[3]`,
      ]),
    ],
    unknown: [
      ...unreadable,
      ...hidden,
      args("--tool-server", UNKNOWN),
      shell("vllm serve /models/llama --tool-server $TOOLS"),
    ],
    notApplicable,
  },
  {
    id: "LLM-09",
    pass: [
      ...passing,
      variable("OPENAI_BASE_URL", "http://chat.llm-serving.svc:8000/v1"),
      variable("UPSTREAM_URL", "https://api.openai.com.example/v1"),
      variable("NOTE", "myapi.openai.community"),
      {
        ...variable("API_BASE", "https://eu.api.openai.com/v1"),
        config: { allowedLlmHosts: ["*.api.openai.com"] },
      },
      {
        ...variable("BEDROCK", "https://bedrock-runtime.eu-central-1.amazonaws.com"),
        config: { allowedRegions: ["eu-central-1"] },
      },
      // What comes from a Secret and is no address.
      env(...ENV, { name: "TOKEN", valueFrom: { secretKeyRef: { name: "key", key: "token" } } }),
      doc(map({ "app.yaml": "model: http://chat:8000" })),
      {
        resources: [
          { type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "s3", props: {} },
          {
            ...workload(
              "Deployment",
              pod(engine({ env: [...ENV, { name: "AWS_ENDPOINT_URL", value: UNKNOWN }] })),
            ),
            refs: { spec: "s3" },
          },
        ],
      },
    ],
    fail: [
      ...everywhere({ env: [...ENV, { name: "OPENAI_BASE_URL", value: "https://api.openai.com/v1" }] }).map(
        ([graph, base]): [Doc, string, string] => [graph, "web", `${base}.env[4].value`],
      ),
      [variable("AZURE", "https://mine.openai.azure.com/"), "web", `${C}.env[4].value`],
      [variable("ANY", "API.Anthropic.com:443"), "web", `${C}.env[4].value`],
      [args("--upstream=https://openrouter.ai/api/v1"), "web", `${C}.args[3]`],
      [shell("curl https://api.groq.com/openai/v1/models"), "web", `${C}.args[0]`],
      [
        {
          ...variable("BEDROCK", "https://bedrock-runtime.us-east-1.amazonaws.com"),
          config: { allowedRegions: ["eu-central-1"] },
        },
        "web",
        `${C}.env[4].value`,
      ],
      [
        doc(map({ "litellm.yaml": "model_list:\n- api_base: https://api.mistral.ai/v1\n" })),
        "settings",
        'data["litellm.yaml"]',
      ],
      // Any workload may pass prompts on, not only an engine.
      [
        doc(
          workload("Deployment", {
            containers: [{ name: "router", image: "registry.example/router:1", args: ["api.cohere.com"] }],
          }),
        ),
        "web",
        `${C}.args[0]`,
      ],
      [
        {
          ...variable("API_BASE", "https://api.openai.com/v1"),
          config: { allowedLlmHosts: ["api.mistral.ai"] },
        },
        "web",
        `${C}.env[4].value`,
      ],
    ],
    unknown: [
      doc(workload("Deployment", UNKNOWN)),
      doc(workload("Deployment", pod(UNKNOWN))),
      one({ env: UNKNOWN }),
      one({ env: [UNKNOWN] }),
      one({ args: UNKNOWN }),
      args(UNKNOWN),
      variable("OPENAI_BASE_URL", UNKNOWN),
      variable("LABEL", UNKNOWN),
      variable("OPENAI_API_BASE", SECRET),
      env(...ENV, { name: "API_URL", valueFrom: { secretKeyRef: { name: "key", key: "url" } } }),
      variable("BEDROCK", "https://bedrock-runtime.us-east-1.amazonaws.com"),
      doc(map(UNKNOWN)),
      doc(map({ url: UNKNOWN })),
    ],
    notApplicable: [noWorkload],
  },
];
