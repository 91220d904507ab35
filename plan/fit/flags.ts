import { QUANTIZATIONS, quantizationNamed } from "./quantization.ts";
import type { FitReason, Load, LoadTarget } from "./types.ts";

/** Flags of `freehold fit` as they come from the command line or a row of a batch; empty text = not given. */
export type FitFlags = Record<string, string | number | boolean | null | undefined>;

/** Flags after reading; undefined = not given. */
export interface FitRequest {
  model: string;
  instance?: string;
  gpu?: string;
  gpus?: number;
  quantization?: string;
  tensorParallel?: number;
  pipelineParallel?: number;
  dataParallel?: number;
  expertParallel?: boolean;
  maxModelLen?: number;
  kvCacheDtype?: "auto" | "fp8";
  gpuMemoryUtilization?: number;
  maxNumSeqs?: number;
  maxNumBatchedTokens?: number;
  enforceEager?: boolean;
  engineVersion?: string;
  load?: Partial<Load>;
  target?: LoadTarget;
}

/** Columns of the measured tables that mean a flag. */
const SYNONYMS: Record<string, string> = {
  "max-model-len": "context",
  "kv-cache-dtype": "kv-dtype",
  "vllm-version": "engine-version",
  "gpu-count": "gpus",
  "tensor-parallel": "tp",
  "pipeline-parallel": "pp",
  "data-parallel": "dp",
  "expert-parallel": "ep",
  "input-len": "input-tokens",
  "output-len": "output-tokens",
};

const KV_DTYPES: Record<string, "auto" | "fp8"> = {
  auto: "auto",
  bf16: "auto",
  bfloat16: "auto",
  fp16: "auto",
  float16: "auto",
  fp8: "fp8",
  "fp8-e4m3": "fp8",
  "fp8-e5m2": "fp8",
};

/**
 * Reads flags. Names may be written `max-num-seqs`, `maxNumSeqs` or `max_num_seqs`.
 *
 * @returns the request, and a reason for every value that cannot be read.
 */
export function readFlags(flags: FitFlags): { request: FitRequest; problems: FitReason[] } {
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined || value === null || value === "" || value === false) continue;
    const plain = name
      .replace(/[A-Z]/g, (letter) => `-${letter}`)
      .replaceAll("_", "-")
      .toLowerCase();
    given.set(SYNONYMS[plain] ?? plain, String(value).trim());
  }
  const problems: FitReason[] = [];
  const wrong = (name: string, value: string, allowed: string) => {
    const message = `--${name} ${value}: ${allowed}`;
    problems.push({ code: "flag-value", message, need: null, have: null, unit: null });
    return undefined;
  };
  const number = (name: string, isFine: (value: number) => boolean, allowed: string): number | undefined => {
    const text = given.get(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    return text !== "" && Number.isFinite(value) && isFine(value) ? value : wrong(name, text, allowed);
  };
  const count = (name: string) =>
    number(name, (value) => Number.isInteger(value) && value > 0, "a whole number above 0");
  const amount = (name: string) => number(name, (value) => value > 0, "a number above 0");
  const flag = (name: string): boolean | undefined => {
    const text = given.get(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (["true", "yes", "1", "on"].includes(text)) return true;
    if (["false", "no", "0", "off"].includes(text)) return false;
    return wrong(name, text, "true or false");
  };
  const kv = given.get("kv-dtype");
  const kvCacheDtype = kv === undefined ? undefined : KV_DTYPES[kv.toLowerCase().replaceAll("_", "-")];
  if (kv !== undefined && kvCacheDtype === undefined) wrong("kv-dtype", kv, "auto or fp8");
  const quantization = given.get("quantization");
  if (quantization !== undefined && quantization !== "auto" && quantizationNamed(quantization) === undefined)
    wrong("quantization", quantization, `one of ${QUANTIZATIONS.join(", ")}`);

  const load: Partial<Load> = {
    inputTokens: amount("input-tokens"),
    outputTokens: amount("output-tokens"),
    concurrency: amount("concurrency"),
  };
  const perHour = amount("requests-per-hour");
  const perSecond = amount("requests-per-second");
  if (perHour !== undefined && perSecond !== undefined)
    wrong("requests-per-second", given.get("requests-per-second")!, "not beside --requests-per-hour");
  const requestsPerSecond = perSecond ?? (perHour === undefined ? undefined : perHour / 3600);
  const limits = { maxTtftMs: amount("max-ttft-ms"), maxItlMs: amount("max-itl-ms") };
  if (requestsPerSecond === undefined)
    for (const name of ["max-ttft-ms", "max-itl-ms"])
      if (given.has(name)) wrong(name, given.get(name)!, "needs --requests-per-hour");
  const request: FitRequest = {
    model: given.get("model") ?? "",
    instance: given.get("instance"),
    gpu: given.get("gpu"),
    gpus: count("gpus"),
    quantization: quantization === "auto" ? undefined : quantization,
    tensorParallel: count("tp"),
    pipelineParallel: count("pp"),
    dataParallel: count("dp"),
    expertParallel: expertParallel(given.get("ep"), flag),
    maxModelLen: count("context"),
    kvCacheDtype,
    gpuMemoryUtilization: number(
      "gpu-memory-utilization",
      (value) => value > 0 && value <= 1,
      "above 0, at most 1",
    ),
    maxNumSeqs: count("max-num-seqs"),
    maxNumBatchedTokens: count("max-num-batched-tokens"),
    enforceEager: flag("enforce-eager"),
    engineVersion: given.get("engine-version"),
    load:
      requestsPerSecond !== undefined || Object.values(load).some((value) => value !== undefined)
        ? load
        : undefined,
    target: requestsPerSecond === undefined ? undefined : { requestsPerSecond, ...limits },
  };
  return { request, problems };
}

/** A size like those of `--tp` and `--dp` (1 = off), or yes and no. */
function expertParallel(
  text: string | undefined,
  flag: (name: string) => boolean | undefined,
): boolean | undefined {
  if (text !== undefined && /^\d+$/.test(text)) return Number(text) > 1;
  return flag("ep");
}
