/** The rules about language model servers in catalogue order. */
import type { Rule } from "../../types.ts";
import type { Found } from "../helpers.ts";
import { isAllowedHost } from "../k8s/hosts.ts";
import { parseImage } from "../k8s/images.ts";
import { type Engine, enabled, engineRule, flag, hiddenFlags, isEngineImage } from "./engine.ts";
import type { EnvValue } from "./environment.ts";
import { hostedModels } from "./hosted-apis.ts";
import { mediaHosts } from "./media.ts";
import { isolatedNodes } from "./nodes.ts";
import { variablesIn } from "./shell.ts";
import { telemetry } from "./telemetry.ts";
import { engineTls } from "./tls.ts";
import { demoTools } from "./tool-server.ts";

const resourceOf = (engine: Engine) => engine.container.pod.resource;
const pathOf = (engine: Engine, key: string) => `${engine.container.path}.${key}`;

/** vLLM compares its own switches with "1" and nothing else (vllm/envs.py): "true" does not switch them on. */
const isOne = (entry: EnvValue | null) => entry?.state === "known" && entry.value === "1";
/** huggingface_hub takes more spellings (constants.py, ENV_VARS_TRUE_VALUES). */
const isHubTrue = (entry: EnvValue | null) =>
  entry?.state === "known" && /^(1|on|yes|true)$/i.test(entry.value!);
const isOpen = (entry: EnvValue | null) => entry !== null && entry.state !== "known";

/** Reports flags that may hide where none was found. */
function unlessHidden(engine: Engine, found: Found): boolean {
  const hidden = hiddenFlags(engine);
  if (hidden) found.unknown(resourceOf(engine), hidden.path, hidden.why);
  return hidden === null;
}

const usageStatistics = engineRule(
  "LLM-01",
  "The engine sends no usage statistics",
  'VLLM_NO_USAGE_STATS, VLLM_DO_NOT_TRACK or DO_NOT_TRACK is "1"; statistics are on by default and posted every ten minutes.',
  (engine, found) => {
    const switches = ["VLLM_NO_USAGE_STATS", "VLLM_DO_NOT_TRACK", "DO_NOT_TRACK"].map((name) =>
      engine.env(name),
    );
    if (switches.some(isOne)) return;
    const open = switches.find(isOpen);
    const wrong = switches.find((entry) => entry?.state === "known");
    if (open) found.unknown(resourceOf(engine), open.path, "the value of the switch is not known");
    else
      found.fail(
        resourceOf(engine),
        wrong?.path ?? pathOf(engine, "env"),
        wrong?.value ?? null,
        "the engine posts usage statistics to a third party; only the value 1 stops that",
        'set env VLLM_NO_USAGE_STATS to "1"',
      );
  },
);

/** Since this version requests are logged only when asked for (vllm-project/vllm#21739). */
const LOGS_OFF_SINCE = [0, 10, 1] as const;

const promptLogs = engineRule(
  "LLM-02",
  "Prompts are not logged",
  "No --enable-log-requests and no --enable-log-outputs; images before v0.10.1 need --disable-log-requests.",
  (engine, found) => {
    const given = ["--enable-log-requests", "--enable-log-outputs"].flatMap((name) => {
      const at = enabled(engine, name);
      return at ? [{ name, path: at.path }] : [];
    });
    for (const { name, path } of given)
      found.fail(
        resourceOf(engine),
        path,
        name,
        `${name} writes prompts or answers to the log`,
        `remove ${name}`,
      );
    if (given.length > 0 || !unlessHidden(engine, found)) return;
    const old = logsByDefault(engine.image);
    if (old === false || enabled(engine, "--disable-log-requests")) return;
    if (old === "unknown")
      found.unknown(
        resourceOf(engine),
        pathOf(engine, "image"),
        "before v0.10.1 vLLM logs every request by default, and the image does not say its version",
      );
    else
      found.fail(
        resourceOf(engine),
        pathOf(engine, "args"),
        engine.image,
        "before v0.10.1 vLLM logs every request unless told not to",
        "add --disable-log-requests, or use a newer image",
      );
  },
);

/** Whether the image's version logs requests by default. */
function logsByDefault(image: string | null): boolean | "unknown" {
  const tag = isEngineImage(image) ? parseImage(image!)?.tag : null;
  const version = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(tag ?? "");
  if (!version) return "unknown";
  const parts = version.slice(1).map((part) => Number(part ?? 0));
  const index = parts.findIndex((part, place) => part !== LOGS_OFF_SINCE[place]);
  return index >= 0 && parts[index]! < LOGS_OFF_SINCE[index]!;
}

const apiKey = engineRule(
  "LLM-03",
  "The API key comes from a secret",
  "VLLM_API_KEY is read from a Kubernetes Secret; no key stands in an argument or a plain value.",
  (engine, found) => {
    const literal = (path: string) =>
      found.fail(
        resourceOf(engine),
        path,
        "[key]",
        "the API key stands in the manifest",
        "read env VLLM_API_KEY from a valueFrom.secretKeyRef",
      );
    const argument = flag(engine, "--api-key");
    const source = argument && sourceOfArgument(engine, argument.value);
    if (source === "literal") literal(argument!.path);
    else if (source === "unknown")
      found.unknown(resourceOf(engine), argument!.path, "it is not known where the key comes from");
    const key = engine.env("VLLM_API_KEY");
    if (key?.state === "known" && key.value !== "") literal(key.path);
    else if (key?.state === "other-ref")
      found.fail(
        resourceOf(engine),
        key.path,
        null,
        "the API key comes from something that is not a Secret",
        "read env VLLM_API_KEY from a valueFrom.secretKeyRef",
      );
    else if (key?.state === "unknown")
      found.unknown(resourceOf(engine), key.path, "it is not known where the key comes from");
    else if (!argument && unlessHidden(engine, found) && key?.state !== "secret-ref")
      found.fail(
        resourceOf(engine),
        pathOf(engine, "env"),
        null,
        "the API asks for no key",
        "read env VLLM_API_KEY from a valueFrom.secretKeyRef",
      );
  },
);

/** Where the value of --api-key comes from: `--api-key $(VLLM_API_KEY)` names no key. */
function sourceOfArgument(engine: Engine, value: string | null | true): "literal" | "secret" | "unknown" {
  if (value === null || value === true) return "unknown";
  const names = variablesIn(value);
  if (names.length === 0) return /[$`]/.test(value) ? "unknown" : "literal";
  return names.every((name) => engine.env(name)?.state === "secret-ref") ? "secret" : "unknown";
}

const ownWeights = engineRule(
  "LLM-04",
  "Weights come from own storage",
  "HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE are 1 and the model is a path or s3://; else HF_ENDPOINT is an allowed host.",
  (engine, found, params) => {
    const model = modelOf(engine);
    const local = typeof model === "string" && /^(\/|\.|s3:\/\/)/.test(model);
    const offline = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].map((name) => engine.env(name));
    if (local && offline.every(isHubTrue)) return;
    const endpoint = engine.env("HF_ENDPOINT");
    if (endpoint?.state === "known" && isAllowedHost(endpoint.value!, params.allowedEgressHosts ?? []))
      return;
    const mayBeLocal = local || typeof model === "object";
    const mayBeOffline = offline.every((entry) => isHubTrue(entry) || isOpen(entry));
    const open = isOpen(endpoint) ? endpoint : mayBeLocal && mayBeOffline ? offline.find(isOpen) : undefined;
    if (open) found.unknown(resourceOf(engine), open.path, "the value is not known");
    else if (mayBeOffline && typeof model === "object" && model)
      found.unknown(resourceOf(engine), model.path, model.why);
    else
      found.fail(
        resourceOf(engine),
        pathOf(engine, "args"),
        typeof model === "string" ? model : null,
        "the engine may fetch the model from a hub at start-up; allowed: a path or s3://, offline",
        'stage the weights; set env HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE to "1"',
      );
  },
);

/** The model as the command names it; a place where it may hide; null where the engine's default applies. */
function modelOf(engine: Engine): string | { path: string; why: string } | null {
  const { words } = engine;
  const named = flag(engine, "--model");
  const served = words.findIndex((word) => word.text === "serve");
  // Images of the engine start the server themselves, so their first argument may be the model.
  const bare = served < 0 && !words.some((word) => word.text?.includes("vllm.entrypoints"));
  const first = served >= 0 ? words[served + 1] : bare ? words[0] : undefined;
  const positional = first && !first.text?.startsWith("-") ? first : undefined;
  if (named === null && !positional) return hiddenFlags(engine);
  const value = named ? named.value : positional!.text;
  if (typeof value === "string" && !/[$`]/.test(value)) return value;
  return { path: named?.path ?? positional!.path, why: "the model is not known yet" };
}

const developmentMode = engineRule(
  "LLM-05",
  "Development endpoints are off",
  "VLLM_SERVER_DEV_MODE is not 1.",
  (engine, found) => {
    const mode = engine.env("VLLM_SERVER_DEV_MODE");
    if (mode === null) return;
    // vLLM reads a number: any but 0 switches the mode on.
    if (mode.state === "known" && (Number(mode.value) || /^(true|yes|on)$/i.test(mode.value!)))
      found.fail(
        resourceOf(engine),
        mode.path,
        mode.value,
        "development endpoints let a caller run code and reset state",
        "remove VLLM_SERVER_DEV_MODE",
      );
    else if (isOpen(mode)) found.unknown(resourceOf(engine), mode.path, "the value is not known");
  },
);

const remoteCode = engineRule(
  "LLM-06",
  "Model repositories run no code",
  "--trust-remote-code is not given.",
  (engine, found) => {
    const given = enabled(engine, "--trust-remote-code");
    if (!given) unlessHidden(engine, found);
    else
      found.fail(
        resourceOf(engine),
        given.path,
        "--trust-remote-code",
        "code of the model repository runs inside the engine",
        "remove --trust-remote-code",
      );
  },
);

export const llmRules: Rule[] = [
  usageStatistics,
  promptLogs,
  apiKey,
  ownWeights,
  developmentMode,
  remoteCode,
  demoTools,
  mediaHosts,
  hostedModels,
  isolatedNodes,
  telemetry,
  engineTls,
];
