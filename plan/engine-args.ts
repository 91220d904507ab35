import type { EngineVersion, ModelShape } from "../catalog/index.ts";
import type { ModelSpec, StackSpec } from "../config/index.ts";

export interface EngineArguments {
  args: string[];
  /** Path or address that the engine loads the weights from. */
  modelPath: string;
}

/**
 * The arguments of `vllm serve`, in a stable order. Only what departs from the engine's own default is given;
 * flags that the version removed are left out by refusing to emit them.
 *
 * `--quantization` is never given: vLLM reads the method from the checkpoint, and the spelling of the names
 * changed between releases.
 *
 * @throws Error when a flag was removed in that version (a defect of this table, not of the user's input).
 */
export function engineArguments(
  model: ModelSpec,
  spec: StackSpec,
  context: {
    engine: EngineVersion;
    shape: ModelShape;
    tensorParallel: number;
    computeCapability: number;
    bucket: string | null;
    weightsGib: number;
    /** What the plan decided where the stack file says nothing; null = the engine's own default. */
    maxNumSeqs: number | null;
  },
): EngineArguments {
  const source = spec.weights.from;
  const id = model.model.replace(/^[./]+/, "");
  const modelPath =
    source === "s3" ? `s3://${context.bucket}/${id}` : source === "pvc" ? `/models/${id}` : model.model;
  const args = [modelPath, `--served-model-name=${model.name}`, "--host=0.0.0.0", "--port=8000"];
  if (source === "hub" && (model.revision ?? context.shape.revision)) {
    args.push(`--revision=${model.revision ?? context.shape.revision}`);
  }
  if (source === "s3") {
    args.push("--load-format=runai_streamer");
    // One reader for every 4 GB of weights; `distributed` shares the reading between tensor-parallel ranks.
    const concurrency = Math.max(4, Math.ceil((context.weightsGib * 1.0737) / 4));
    const extra = context.tensorParallel > 1 ? { concurrency, distributed: true } : { concurrency };
    args.push(`--model-loader-extra-config=${JSON.stringify(extra)}`);
  }
  args.push(`--max-model-len=${model.context}`);
  if (context.tensorParallel > 1) args.push(`--tensor-parallel-size=${context.tensorParallel}`);
  if (model.gpuMemoryUtilization !== undefined) {
    args.push(`--gpu-memory-utilization=${model.gpuMemoryUtilization}`);
  }
  if (model.kvCacheDtype === "fp8") args.push("--kv-cache-dtype=fp8");
  const maxNumSeqs = context.maxNumSeqs ?? model.maxNumSeqs;
  if (maxNumSeqs !== undefined) args.push(`--max-num-seqs=${maxNumSeqs}`);
  if (model.maxNumBatchedTokens !== undefined)
    args.push(`--max-num-batched-tokens=${model.maxNumBatchedTokens}`);
  // Turing has no bfloat16.
  if (context.computeCapability < 8) args.push("--dtype=half");
  args.push(
    "--disable-fastapi-docs",
    "--disable-access-log-for-endpoints=/health,/metrics,/ping",
    `--shutdown-timeout=${SHUTDOWN_SECONDS}`,
  );
  const removed = args.filter((arg) => context.engine.removedFlags.includes(arg.split("=")[0]!));
  if (removed.length > 0) {
    throw new Error(
      `vLLM ${context.engine.version} removed ${removed.join(", ")}; the flag table is out of date`,
    );
  }
  return { args, modelPath };
}

/** Seconds the engine lets running requests finish after SIGTERM. */
export const SHUTDOWN_SECONDS = 60;
/** Seconds between leaving the endpoints and SIGTERM, so that no new request arrives. */
export const PRE_STOP_SECONDS = 15;
