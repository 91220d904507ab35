import { tensorParallelSizes } from "./fit.ts";
import { operatingPoint, underLoad } from "./operating-point.ts";
import { replicaMemory } from "./replica.ts";
import { loadOf } from "./throughput/input.ts";
import type { FitInput, FleetAnswer, FleetOption, LoadTarget } from "./types.ts";

/** One way to lay the model on GPUs. */
interface Layout {
  tensor: number;
  data: number;
  expert: boolean;
}

/**
 * How to carry a load on machines of one type: the fewest GPUs a replica that fit and more replicas, more tensor
 * parallelism and fewer replicas, or one engine that spreads copies over the node (data parallel; experts spread too).
 *
 * A replica carries what it answers at the concurrency of `operatingPoint`; `replicas = ceil(load / that)`. Replicas of
 * one kind share nodes. The cheapest is chosen: fewest dollars an hour, else fewest nodes, then GPUs, then the shortest
 * time between tokens.
 *
 * @param usdPerHour of one node; null = not known, and nodes are compared instead
 */
export function fleet(input: FitInput, target: LoadTarget, usdPerHour: number | null): FleetAnswer {
  const { inputTokens, outputTokens } = loadOf(input.load ?? {});
  const options = layouts(input).flatMap((layout) => optionOf(input, layout, target, usdPerHour) ?? []);
  const carrying = options.filter((option) => option.replicas !== null);
  const best = carrying.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      a.nodes! - b.nodes! ||
      a.gpus! - b.gpus! ||
      a.interTokenLatencyMs!.expected - b.interTokenLatencyMs!.expected,
  )[0];
  return {
    requestsPerSecond: target.requestsPerSecond,
    inputTokens,
    outputTokens,
    maxTtftMs: target.maxTtftMs ?? null,
    maxItlMs: target.maxItlMs ?? null,
    options,
    chosen: best === undefined ? null : options.indexOf(best),
    because: best === undefined ? noneBecause(options) : because(best, carrying),
    atLowEnd: best === undefined ? null : atLowEnd(best),
  };
}

/** `tight` comes after everything that fits. */
function rank({ verdict }: FleetOption): number {
  return verdict === "fits" ? 0 : 1;
}

/** Tensor-parallel sizes with one copy, and with as many copies as the node has room for. */
function layouts(input: FitInput): Layout[] {
  const sizes =
    input.tensorParallel === undefined ? tensorParallelSizes(input.gpusPerNode) : [input.tensorParallel];
  const expert = input.shape.moeExperts !== null;
  const fixed = { data: input.dataParallel ?? 1, expert: input.expertParallel ?? false };
  const single = sizes.map((tensor) => ({ tensor, ...fixed }));
  if (input.dataParallel !== undefined || (input.pipelineParallel ?? 1) > 1) return single;
  const spread = sizes
    .map((tensor) => ({ tensor, data: Math.floor(input.gpusPerNode / tensor), expert }))
    .filter(({ data }) => data > 1);
  return [...single, ...spread];
}

function optionOf(
  input: FitInput,
  { tensor, data, expert }: Layout,
  target: LoadTarget,
  price: number | null,
): FleetOption | null {
  const laid: FitInput = { ...input, tensorParallel: tensor, dataParallel: data, expertParallel: expert };
  const memory = replicaMemory(laid, tensor);
  if ("code" in memory || (memory.verdict !== "fits" && memory.verdict !== "tight")) return null;
  const option = {
    tensorParallel: tensor,
    dataParallel: data,
    expertParallel: expert,
    verdict: memory.verdict,
  };
  const point = operatingPoint(laid, tensor, target);
  if (point === null) return null;
  if ("breaks" in point) {
    const [name, flag] =
      point.breaks === "itl" ? ["between tokens", target.maxItlMs] : ["to the first token", target.maxTtftMs];
    const reason = `a single request takes ${point.ms.toFixed(0)} ms ${name}, more than ${flag}`;
    return { ...option, ...NOTHING, limitedBy: point.breaks, reason };
  }
  const { requestsPerSecond, outputTokensPerSecond } = point.estimate;
  const replicas = Math.ceil(target.requestsPerSecond / requestsPerSecond.expected);
  const gpusOfReplica = tensor * data * (input.pipelineParallel ?? 1);
  const perNode = Math.max(1, Math.floor(input.gpusPerNode / gpusOfReplica));
  const nodes = Math.ceil(replicas / perNode) * Math.max(1, Math.ceil(gpusOfReplica / input.gpusPerNode));
  const loaded = underLoad(point, target.requestsPerSecond / replicas);
  const { inputTokens, outputTokens } = loadOf(input.load ?? {});
  const tokensPerHour = target.requestsPerSecond * 3600 * (inputTokens + outputTokens);
  const hourly = price === null ? null : nodes * price;
  return {
    ...option,
    replicas,
    replicasAtLowEnd: Math.ceil(target.requestsPerSecond / requestsPerSecond.low),
    gpus: replicas * gpusOfReplica,
    nodes,
    concurrency: point.concurrency,
    limitedBy: point.limitedBy,
    outputTokensPerSecond: {
      low: replicas * outputTokensPerSecond.low,
      expected: replicas * outputTokensPerSecond.expected,
      high: replicas * outputTokensPerSecond.high,
    },
    requestsAtOnce: replicas * point.concurrency,
    timeToFirstTokenMs: loaded.timeToFirstTokenMs,
    interTokenLatencyMs: loaded.interTokenLatencyMs,
    usdPerHour: hourly?.toFixed(6) ?? null,
    perMillionTokensUsd: hourly === null ? null : ((hourly / tokensPerHour) * 1e6).toFixed(6),
    reason: null,
  };
}

const NOTHING = {
  replicas: null,
  replicasAtLowEnd: null,
  gpus: null,
  nodes: null,
  concurrency: null,
  outputTokensPerSecond: null,
  requestsAtOnce: null,
  timeToFirstTokenMs: null,
  interTokenLatencyMs: null,
  usdPerHour: null,
  perMillionTokensUsd: null,
} satisfies Partial<FleetOption>;

/** `tensor parallel 2` or `tensor parallel 2 × data parallel 4`. */
function laidOut({ tensorParallel, dataParallel }: FleetOption): string {
  return `tensor parallel ${tensorParallel}${dataParallel > 1 ? ` × data parallel ${dataParallel}` : ""}`;
}

function noneBecause(options: readonly FleetOption[]): string {
  return options[0]?.reason ?? "the model fits no layout of this machine, or its speed is not known";
}

function because(best: FleetOption, carrying: readonly FleetOption[]): string {
  const head = `${best.replicas} × ${laidOut(best)} on ${best.nodes} node(s)`;
  const others = carrying.filter((option) => option !== best && rank(option) === rank(best));
  const [second] = others.toSorted((a, b) => a.nodes! - b.nodes! || a.gpus! - b.gpus!);
  if (second === undefined) return `${head}: the only layout that carries the load`;
  if (best.nodes! < second.nodes!)
    return `${head}: ${laidOut(second)} would take ${second.nodes} nodes for ${second.replicas} replicas`;
  if (best.gpus! < second.gpus!)
    return `${head}: as many nodes as ${laidOut(second)}, but ${best.gpus} GPUs instead of ${second.gpus}`;
  const ms = (option: FleetOption) => option.interTokenLatencyMs!.expected.toFixed(0);
  return `${head}: as many nodes and GPUs as ${laidOut(second)}, and ${ms(best)} ms between tokens instead of ${ms(second)}`;
}

function atLowEnd({ replicas, replicasAtLowEnd, outputTokensPerSecond }: FleetOption): string {
  const low = `at the low end of the band ${replicas} replica(s) produce ${outputTokensPerSecond!.low.toFixed(0)} tokens/s`;
  return replicasAtLowEnd! > replicas!
    ? `${low}, less than the load asks for: plan for ${replicasAtLowEnd} replicas`
    : `${low}, still enough`;
}
