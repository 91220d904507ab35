/** Traces, errors and usage that the engine and its libraries send away. */
import type { Rule } from "../../types.ts";
import { hostOf, isAllowedHost } from "../k8s/hosts.ts";
import { type Engine, engineRule, flag, hiddenFlags } from "./engine.ts";

/** Addresses that a library sends to, and what makes it send to its maker where none is given. */
const SENDERS: readonly { endpoints: string[]; on?: [name: string, is: RegExp, host: string] }[] = [
  { endpoints: ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] },
  {
    endpoints: ["LANGCHAIN_ENDPOINT", "LANGSMITH_ENDPOINT"],
    on: ["LANGCHAIN_TRACING_V2", /^true$/i, "api.smith.langchain.com"],
  },
  { endpoints: ["WANDB_BASE_URL"], on: ["WANDB_API_KEY", /./, "api.wandb.ai"] },
  { endpoints: ["SENTRY_DSN"] },
];

/** Names of the cluster and addresses of its network. */
function isInside(host: string): boolean {
  return (
    !host.includes(".") ||
    /\.svc(\.|$)|\.local$/.test(host) ||
    /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(host)
  );
}

export const telemetry: Rule = engineRule(
  "LLM-11",
  "Telemetry stays inside or goes to allowed hosts",
  "--otlp-traces-endpoint and the OTEL_EXPORTER_OTLP_*, LANGCHAIN_*, WANDB_* and SENTRY_DSN variables name hosts of the cluster or of allowedEgressHosts, and HF_HUB_DISABLE_TELEMETRY is 1.",
  (engine, found, params) => {
    const { resource } = engine.container.pod;
    const allowed = params.allowedEgressHosts ?? [];
    const judge = (path: string, address: string) => {
      const host = hostOf(address).toLowerCase();
      if (host === "" || isInside(host) || isAllowedHost(host, allowed)) return;
      found.fail(
        resource,
        path,
        host,
        `telemetry goes to ${host}; allowed: the cluster${allowed.length > 0 ? `, ${allowed.join(", ")}` : ""}`,
        `remove the address, or add ${host} to allowedEgressHosts after review`,
      );
    };
    const given = flag(engine, "--otlp-traces-endpoint");
    const hidden = given === null ? hiddenFlags(engine) : null;
    if (hidden) found.unknown(resource, hidden.path, hidden.why);
    if (given !== null) {
      if (typeof given.value === "string" && !/[$`]/.test(given.value)) judge(given.path, given.value);
      else found.unknown(resource, given.path, "where traces go is not known");
    }
    for (const { endpoints, on } of SENDERS) {
      const stated = endpoints.flatMap((name) => engine.env(name) ?? []);
      for (const { state, path, value } of stated)
        if (state === "known") judge(path, value!);
        else found.unknown(resource, path, "where telemetry goes is not known");
      const trigger = on && stated.length === 0 ? engine.env(on[0]) : null;
      if (on && trigger && (trigger.state !== "known" || on[1].test(trigger.value!)))
        judge(trigger.path, on[2]);
    }
    judgeHub(
      engine,
      (path, value) =>
        found.fail(
          resource,
          path,
          value,
          "the hub's library reports its use to a third party; needed: HF_HUB_DISABLE_TELEMETRY 1",
          'set env HF_HUB_DISABLE_TELEMETRY to "1"',
        ),
      (path) => found.unknown(resource, path, "whether the hub's telemetry is off is not known"),
    );
  },
);

/** huggingface_hub takes 1, on, yes and true (constants.py, ENV_VARS_TRUE_VALUES). */
function judgeHub(
  engine: Engine,
  fail: (path: string, value: string | null) => void,
  unknown: (path: string) => void,
): void {
  const entry = engine.env("HF_HUB_DISABLE_TELEMETRY");
  if (entry === null) fail(`${engine.container.path}.env`, null);
  else if (entry.state !== "known") unknown(entry.path);
  else if (!/^(1|on|yes|true)$/i.test(entry.value!)) fail(entry.path, entry.value);
}
