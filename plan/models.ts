import {
  type EngineVersion,
  type ModelShape,
  modelFolder,
  model as modelNamed,
  similarModels,
} from "../catalog/index.ts";
import type { ModelSpec, StackSpec } from "../config/index.ts";
import { awsCandidates, type Candidate, ownedCandidates, type Rejection } from "./candidates.ts";
import { engineArguments } from "./engine-args.ts";
import { shapeFromConfig } from "./fit/index.ts";
import { requestsOf } from "./load/file.ts";
import { planLoad } from "./load/index.ts";
import { subjectOf } from "./pools.ts";
import { limitsOf, servingPoint, waitingPerReplica, withBusyHour } from "./serving-point.ts";
import { startUp } from "./startup.ts";
import { slowWords, tooSlow } from "./too-slow.ts";
import type { Decision, ModelPlan, Refusal } from "./types.ts";

export interface PlannedModel {
  plan: ModelPlan;
  shape: ModelShape;
  candidate: Candidate;
}

/** Catalogue row, or the shapes of a folder that holds a config.json; or why there is none, with the nearest names. */
export function shapeOf(model: ModelSpec): ModelShape | { code: string; message: string; allowed: string[] } {
  if (/^[./]/.test(model.model)) {
    const folder = modelFolder(model.model);
    if ("error" in folder) return { code: "model-folder", message: folder.error, allowed: [] };
    const shape = shapeFromConfig(folder.config, { repo: model.model, totalBytes: folder.totalBytes });
    if (!("unknown" in shape)) return shape;
    const message = `${model.model}/config.json: cannot read ${shape.unknown}`;
    return { code: "model-shape-unknown", message, allowed: [] };
  }
  return (
    modelNamed(model.model) ?? {
      code: "model-unknown",
      message: `${model.model} is not in the catalogue; give a folder that holds its config.json (model: ./path/to/folder)`,
      allowed: similarModels(model.model, 3),
    }
  );
}

/** Plans one model: where it runs, with how many GPUs, and why; or refuses it with the arithmetic. */
export function planModel(
  model: ModelSpec,
  spec: StackSpec,
  engine: EngineVersion,
  bucket: string | null,
): PlannedModel | Refusal[] {
  const shape = shapeOf(model);
  // planStack has refused such a model already.
  if ("code" in shape) throw new Error(shape.message);
  const early = check(model, shape);
  if (early.length > 0) return early;

  const region = spec.aws?.region ?? null;
  const { candidates, rejected } =
    spec.cluster.kind === "existing"
      ? { candidates: ownedCandidates(model, spec, shape, engine), rejected: [] as Rejection[] }
      : awsCandidates(model, spec, region!, shape, engine);
  // A machine that the user named may be tight; one that Freehold chooses must fit in the low case.
  const named = model.instance !== undefined || spec.cluster.kind === "existing";
  const quick = candidates.filter((c) => c.tooSlow === null);
  const chosen =
    quick.find((c) => c.fit.verdict === "fits") ??
    (named ? quick.find((c) => c.fit.verdict === "tight") : undefined);
  if (!chosen) return [tooSlow(model, spec, candidates) ?? noFit(model, spec, candidates)];

  const cheaper = candidates.slice(0, candidates.indexOf(chosen)).map((other) => ({
    value: other.instance?.type ?? other.gpu.name,
    because: other.tooSlow
      ? `${price(other)} but ${slowWords(other.tooSlow)}`
      : `${price(other)} but ${other.fit.verdict}: ${other.fit.reasons[0]?.message ?? "see the fit"}`,
  }));
  return {
    plan: describe(model, spec, engine, bucket, shape, chosen, [...cheaper, ...rejected]),
    shape,
    candidate: chosen,
  };
}

/** Refusals that need no arithmetic. */
function check(model: ModelSpec, shape: ModelShape): Refusal[] {
  const refusals: Refusal[] = [];
  const limit = shape.maxPositionEmbeddings;
  if (limit !== null && model.context > limit) {
    refusals.push({
      code: "context-too-long",
      model: model.name,
      message: `context ${model.context} is longer than the ${limit} positions of ${shape.repo}`,
      need: model.context,
      have: limit,
      unit: "tokens",
      nearest: `context: ${limit}`,
    });
  }
  return refusals;
}

function noFit(model: ModelSpec, spec: StackSpec, candidates: Candidate[]): Refusal {
  const where =
    spec.cluster.kind === "existing"
      ? `${spec.cluster.nodes.gpusPerNode} × ${spec.cluster.nodes.gpu}`
      : spec.aws!.region;
  // The try that came closest: the largest expected room for the KV cache.
  const closest = [...candidates].sort((a, b) => room(b) - room(a))[0];
  const reason = closest?.fit.reasons[0];
  const near = closest?.fit.nearestThatFits;
  const longest = closest?.fit.maxModelLenThatFits ?? 0;
  return {
    code: "does-not-fit",
    model: model.name,
    message: closest
      ? `${model.model} with ${model.context} tokens does not fit on ${where}; closest ${closest.instance?.type ?? closest.gpu.name} with tensor parallel ${closest.tensorParallel}: ${reason?.message ?? closest.fit.verdict}`
      : `no GPU machine${model.gpu ? ` with ${model.gpu}` : ""} has a known ${model.capacity} price in ${where}`,
    need: reason?.need ?? null,
    have: reason?.have ?? null,
    unit: reason?.unit ?? null,
    nearest: near ? near.change : longest >= 128 ? `context: ${longest}` : null,
  };
}

function room(candidate: Candidate): number {
  return candidate.fit.perGpu.kvCacheGiB?.expected ?? Number.NEGATIVE_INFINITY;
}

function range(estimate: { low: number; high: number } | null): string {
  return estimate ? `${estimate.low.toFixed(1)} to ${estimate.high.toFixed(1)}` : "an unknown amount of";
}

function price(candidate: Candidate): string {
  return candidate.usdPerHour === null ? "no price" : `$${candidate.usdPerHour}/h`;
}

function describe(
  model: ModelSpec,
  spec: StackSpec,
  engine: EngineVersion,
  bucket: string | null,
  shape: ModelShape,
  chosen: Candidate,
  rejected: Rejection[],
): ModelPlan {
  const { gpu, tensorParallel, gpusPerNode } = chosen;
  const limits = limitsOf(model, spec);
  const point = servingPoint(chosen.input, tensorParallel, chosen.fit, limits);
  const { fit } = point;
  const replicasPerNode = Math.max(1, Math.floor(gpusPerNode / tensorParallel));
  const nodes = {
    min: Math.ceil(model.replicas.min / replicasPerNode),
    max: Math.ceil(model.replicas.max / replicasPerNode),
  };
  const image =
    spec.engine.image ??
    (engine.digest ? `docker.io/${engine.image}@${engine.digest}` : `docker.io/${engine.image}`);
  const weightsGib = (fit.perGpu.weightsGiB?.expected ?? 0) * tensorParallel;
  const { args } = engineArguments(model, spec, {
    engine,
    shape,
    tensorParallel,
    computeCapability: gpu.computeCapability,
    bucket,
    weightsGib,
    maxNumSeqs: point.maxNumSeqs,
  });
  const startup = startUp({ weightsGib }, spec.weights.from, model.startupMinutes);
  const waiting = waitingPerReplica(model, point, limits.maxTtftMs);
  const revision = model.revision ?? shape.revision;
  const output = fit.throughput?.outputTokensPerSecond ?? null;
  const decision = <T>(value: T, given: boolean, why: string, passed: Rejection[] = []): Decision<T> => ({
    value,
    from: given ? "user" : "derived",
    why,
    rejected: passed,
  });
  const plan: ModelPlan = {
    name: model.name,
    model: model.model,
    revision,
    quantization: fit.quantization,
    instance: chosen.instance?.type ?? null,
    gpu: gpu.name,
    gpusPerNode,
    tensorParallel,
    pipelineParallel: 1,
    replicas: { ...model.replicas },
    replicasPerNode,
    nodes,
    capacity: spec.cluster.kind === "existing" ? "owned" : model.capacity,
    contextTokens: model.context,
    image,
    engineVersion: engine.version,
    engineArgs: args,
    weightsGib,
    verdict: fit.verdict,
    targetWaitingRequests: waiting.value,
    outputTokensPerSecond: output,
    load: null,
    decisions: {
      instance: decision(
        chosen.instance?.type ?? gpu.name,
        model.instance !== undefined || spec.cluster.kind === "existing",
        spec.cluster.kind === "existing"
          ? `the nodes of the cluster: ${gpusPerNode} × ${gpu.name}`
          : model.instance !== undefined
            ? `named in the stack file; ${price(chosen)} ${model.capacity}`
            : `cheapest ${model.capacity} nodes in ${spec.aws!.region}${model.gpu ? ` with ${model.gpu}` : ""} whose low case holds one full-length request: ${price(chosen)} a node`,
        rejected,
      ),
      tensorParallel: decision(
        tensorParallel,
        model.tensorParallel !== undefined,
        model.tensorParallel !== undefined
          ? "named in the stack file"
          : `fewest GPUs that fit${(limits.maxItlMs ?? limits.maxTtftMs) ? " and keep the latencies of the load" : ""}: ${weightsGib.toFixed(1)} GiB of weights, and ${range(fit.perGpu.kvCacheGiB)} GiB of KV cache a GPU`,
      ),
      revision: decision(
        revision,
        model.revision !== undefined,
        model.revision !== undefined
          ? "named in the stack file"
          : revision
            ? "the commit whose tensor shapes are in the catalogue"
            : "no commit of this model is in the catalogue",
      ),
      replicas: decision(
        { ...model.replicas },
        true,
        `${nodes.min} to ${nodes.max} nodes, ${replicasPerNode} replica(s) a node`,
      ),
      image: decision(
        image,
        spec.engine.image !== undefined,
        spec.engine.image
          ? "named in the stack file"
          : `vLLM ${engine.version}, ${engine.digest ? "pinned by digest" : "no digest is known"}`,
      ),
      engineArgs: decision(
        args,
        false,
        point.maxNumSeqs === null
          ? "only what departs from the engine's own defaults; no flag that this version removed"
          : `only what departs from the engine's own defaults; --max-num-seqs=${point.maxNumSeqs}: ${point.why}`,
      ),
      concurrency: decision(point.concurrency, false, point.why),
      startupProbe: decision(startup.probeSeconds, model.startupMinutes !== undefined, startup.why),
      targetWaitingRequests: decision(waiting.value, model.targetWaitingRequests !== undefined, waiting.why),
    },
  };
  return withBusyHour({
    ...plan,
    load: planLoad(model, spec, subjectOf(plan, spec), requestsOf(model, spec)),
  });
}
