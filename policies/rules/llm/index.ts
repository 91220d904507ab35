/** The rules about language model servers in catalogue order. */
import type { Rule } from "../../types.ts";
import { isAllowedHost } from "../k8s/hosts.ts";
import { parseImage } from "../k8s/images.ts";
import { type Engine, engineRule, flag } from "./engine.ts";

const on = (value: string | null) => value === "1" || value?.toLowerCase() === "true";

/** Whether a flag is switched on: --x, --x=true; not --no-x, --x=false. */
function enabled(engine: Engine, name: string): { path: string } | null {
  const found = flag(engine, name);
  if (!found || (typeof found.value === "string" && found.value.toLowerCase() === "false")) return null;
  return found;
}

export const llmRules: Rule[] = [
  engineRule(
    "LLM-01",
    "The engine sends no usage statistics",
    "VLLM_NO_USAGE_STATS, VLLM_DO_NOT_TRACK or DO_NOT_TRACK is 1; statistics are on by default and posted every ten minutes.",
    false,
    (engine, found) => {
      const { resource } = engine.container.pod;
      const switches = ["VLLM_NO_USAGE_STATS", "VLLM_DO_NOT_TRACK", "DO_NOT_TRACK"].map((name) =>
        engine.env(name),
      );
      if (switches.some((entry) => entry?.state === "known" && on(entry.value))) return;
      const unsure = switches.find((entry) => entry && entry.state !== "known");
      if (unsure) found.unknown(resource, unsure.path, "the value of the switch is not known");
      else if (engine.envFrom)
        found.unknown(
          resource,
          `${engine.container.path}.envFrom`,
          "the switch may come from envFrom, which the graph does not show",
        );
      else
        found.fail(
          resource,
          `${engine.container.path}.env`,
          null,
          "the engine posts usage statistics to a third party",
          'env VLLM_NO_USAGE_STATS: "1"',
        );
    },
  ),
  engineRule(
    "LLM-02",
    "Prompts are not logged",
    "No --enable-log-requests and no --enable-log-outputs; images before v0.10.1 need --disable-log-requests.",
    true,
    (engine, found) => {
      const { resource } = engine.container.pod;
      for (const name of ["--enable-log-requests", "--enable-log-outputs"]) {
        const given = enabled(engine, name);
        if (given)
          found.fail(
            resource,
            given.path,
            name,
            `${name} writes prompts or answers to the log`,
            `remove ${name}`,
          );
      }
      const version = /v?(\d+)\.(\d+)\.(\d+)/.exec(engine.image ? (parseImage(engine.image)?.tag ?? "") : "");
      if (!version) return;
      const [major, minor, patch] = version.slice(1).map(Number) as [number, number, number];
      const old = major === 0 && (minor < 10 || (minor === 10 && patch < 1));
      if (old && !enabled(engine, "--disable-log-requests")) {
        found.fail(
          resource,
          `${engine.container.path}.args`,
          engine.image,
          "before v0.10.1 vLLM logs every request unless told not to",
          "--disable-log-requests, or a newer image",
        );
      }
    },
  ),
  engineRule(
    "LLM-03",
    "The API key comes from a secret",
    "VLLM_API_KEY is read from a Kubernetes Secret; no key stands in an argument or a plain value.",
    true,
    (engine, found) => {
      const { resource } = engine.container.pod;
      const argument = flag(engine, "--api-key");
      if (argument)
        found.fail(
          resource,
          argument.path,
          "[key]",
          "the API key stands in the manifest",
          "env VLLM_API_KEY from secretKeyRef",
        );
      const key = engine.env("VLLM_API_KEY");
      if (key?.state === "known")
        found.fail(
          resource,
          key.path,
          "[key]",
          "the API key stands in the manifest",
          "valueFrom.secretKeyRef",
        );
      else if (key?.state === "unknown")
        found.unknown(resource, key.path, "it is not known where the key comes from");
      else if (key === null && !argument) {
        if (engine.envFrom)
          found.unknown(
            resource,
            `${engine.container.path}.envFrom`,
            "the key may come from envFrom, which the graph does not show",
          );
        else
          found.fail(
            resource,
            `${engine.container.path}.env`,
            null,
            "the API asks for no key",
            "env VLLM_API_KEY from secretKeyRef",
          );
      }
    },
  ),
  engineRule(
    "LLM-04",
    "Weights come from own storage",
    "HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE are 1 and the model is a path or s3://; else HF_ENDPOINT is an allowed host.",
    true,
    (engine, found, params) => {
      const { resource } = engine.container.pod;
      const words = engine.words!.map((word) => word.text);
      const served = words.indexOf("serve");
      const positional =
        served >= 0 && words[served + 1] && !words[served + 1]!.startsWith("-") ? words[served + 1]! : null;
      const named = flag(engine, "--model")?.value;
      const model = typeof named === "string" ? named : positional;
      const local = model !== null && /^(\/|\.|s3:\/\/)/.test(model);
      const offline = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].map((name) => engine.env(name));
      if (local && offline.every((entry) => entry?.state === "known" && on(entry.value))) return;
      const endpoint = engine.env("HF_ENDPOINT");
      if (
        endpoint?.state === "known" &&
        isAllowedHost(
          endpoint.value!.replace(/^https?:\/\//, "").replace(/[/:].*$/, ""),
          params.allowedEgressHosts ?? [],
        )
      )
        return;
      const unsure = [...offline, endpoint].find((entry) => entry && entry.state !== "known");
      if (unsure) found.unknown(resource, unsure.path, "the value is not known");
      else
        found.fail(
          resource,
          `${engine.container.path}.args`,
          model,
          "the engine may fetch the model from a hub at start-up",
          'stage the weights; env HF_HUB_OFFLINE: "1" and TRANSFORMERS_OFFLINE: "1"',
        );
    },
  ),
  engineRule(
    "LLM-05",
    "Development endpoints are off",
    "VLLM_SERVER_DEV_MODE is not 1.",
    false,
    (engine, found) => {
      const mode = engine.env("VLLM_SERVER_DEV_MODE");
      const { resource } = engine.container.pod;
      if (mode?.state === "known" && on(mode.value))
        found.fail(
          resource,
          mode.path,
          mode.value,
          "development endpoints let a caller run code and reset state",
          "remove VLLM_SERVER_DEV_MODE",
        );
      else if (mode && mode.state !== "known") found.unknown(resource, mode.path, "the value is not known");
    },
  ),
  engineRule(
    "LLM-06",
    "Model repositories run no code",
    "--trust-remote-code is not given.",
    true,
    (engine, found) => {
      const given = enabled(engine, "--trust-remote-code");
      if (given)
        found.fail(
          engine.container.pod.resource,
          given.path,
          "--trust-remote-code",
          "code of the model repository runs inside the engine",
          "remove --trust-remote-code",
        );
    },
  ),
];
