import type { Gpu, Instance } from "../../catalog/index.ts";
import { type FitDocument, fitReplica } from "../../plan/fit/index.ts";
import { type ReplicaLoad, replicaLoad } from "./capacity.ts";
import type { Market, OffersRequest, Workload } from "./types.ts";

/** GPUs that one replica may be spread over. */
const TENSOR_SIZES = [1, 2, 4, 8] as const;

/** One replica on some of the GPUs of a node, where it starts. */
export interface Placement {
  instance: Instance;
  gpu: Gpu;
  tensorParallel: number;
  fit: "fits" | "tight";
  quantization: string;
  /** What it does at the load that serves the workload best. */
  load: ReplicaLoad;
  /** What it does under any other number of requests at the same time. */
  at(concurrency: number): ReplicaLoad;
}

/** A card and a tensor-parallel size on which the model does not serve the workload. */
export interface NoPlacement {
  gpu: string;
  tensorParallel: number;
  because: string;
}

/**
 * Every instance size and tensor-parallel size on which a replica starts and meets the latency targets. Speed depends
 * on card, tensor-parallel size and load alone, so each of these is judged once, however many sizes have the card;
 * whether the engine starts also depends on the memory of the host, which is looked at for each size.
 */
export function placements(
  market: Pick<Market, "instances" | "gpu">,
  request: OffersRequest,
): { found: Placement[]; none: NoPlacement[] } {
  const found: Placement[] = [];
  const none: NoPlacement[] = [];
  for (const [gpu, hosts] of byCard(market)) {
    for (const tensorParallel of TENSOR_SIZES) {
      const able = hosts.filter(({ gpus }) => gpus >= tensorParallel && gpus % tensorParallel === 0);
      if (able.length === 0) continue;
      const roomiest = able.reduce((best, host) => (memory(host) > memory(best) ? host : best));
      const fitAt = remembered((concurrency) => fitOn(roomiest, gpu, tensorParallel, request, concurrency));
      const load = replicaLoad(fitAt, request.workload);
      if ("because" in load) {
        none.push({ gpu: gpu.name, tensorParallel, because: load.because });
        continue;
      }
      const at = (concurrency: number): ReplicaLoad => ({
        concurrency,
        speed: fitAt(concurrency).throughput!,
      });
      for (const instance of able) {
        const fit =
          instance === roomiest ? fitAt(load.concurrency) : fitOn(instance, gpu, tensorParallel, request);
        const { verdict } = fit;
        if (verdict === "fits" || verdict === "tight")
          found.push({
            instance,
            gpu,
            tensorParallel,
            fit: verdict,
            quantization: fit.quantization,
            load,
            at,
          });
        else
          none.push({
            gpu: `${gpu.name} in ${instance.type}`,
            tensorParallel,
            because: fit.reasons[0]?.message ?? `the fit is ${verdict}`,
          });
      }
    }
  }
  return { found, none };
}

/** The images of the engine are built for x86_64. */
function byCard(market: Pick<Market, "instances" | "gpu">): Map<Gpu, Instance[]> {
  const cards = new Map<Gpu, Instance[]>();
  for (const instance of market.instances()) {
    if (instance.gpu === null || instance.gpus < 1 || instance.arch !== "x86_64") continue;
    const gpu = market.gpu(instance.gpu);
    if (gpu) cards.set(gpu, [...(cards.get(gpu) ?? []), instance]);
  }
  return cards;
}

function memory({ allocatableMib, gpus }: Instance): number {
  return (allocatableMib ?? 0) + gpus;
}

function fitOn(
  instance: Instance,
  gpu: Gpu,
  tensorParallel: number,
  { shape, engine, driver, quantization, workload }: OffersRequest,
  concurrency?: number,
): FitDocument {
  return fitReplica({
    shape,
    quantization,
    gpu,
    gpusPerNode: instance.gpus,
    instance: instance.type,
    allocatableMib: instance.allocatableMib,
    tensorParallel,
    maxModelLen: workload.context,
    engine,
    driver,
    load: concurrency === undefined ? undefined : meanLoad(workload, concurrency),
  });
}

function meanLoad({ inputTokens, outputTokens }: Workload, concurrency: number) {
  return { inputTokens, outputTokens, concurrency };
}

function remembered<T>(make: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}
