/** Times of fits in this process: one alone, and every model on every instance with GPUs. */
import {
  engine,
  gpu as gpuNamed,
  type Instance,
  instances,
  type ModelShape,
  model,
  models,
} from "../catalog/index.ts";
import { type FitInput, fitReplica } from "../plan/fit/index.ts";

export interface Times {
  first: number;
  min: number;
}

export interface FitTimes {
  /** Milliseconds of one fit with throughput: the first, with nothing compiled or solved yet, and the best of many. */
  one: Times;
  /** Milliseconds of all of them: memory alone, and with throughput. */
  all: { models: number; instances: number; memory: Times; speed: Times };
}

const RUNS = 3;

export function timeFits(): FitTimes {
  const machines = instances().filter((row) => row.gpus > 0 && row.gpu !== null);
  const shapes = models();
  const single = inputOf(model("Qwen/Qwen3-8B-AWQ")!, machines.find(({ type }) => type === "g6.xlarge")!);
  const load = { inputTokens: 1500, outputTokens: 300, concurrency: 16 };
  const every = (more: Partial<FitInput>) => () => {
    for (const shape of shapes)
      for (const machine of machines) fitReplica({ ...inputOf(shape, machine), ...more });
  };
  const one = times(20, () => fitReplica({ ...single, maxModelLen: 16_384, load }));
  const all = { memory: times(RUNS, every({})), speed: times(RUNS, every({ load })) };
  return { one, all: { models: shapes.length, instances: machines.length, ...all } };
}

function inputOf(shape: ModelShape, machine: Instance): FitInput {
  return {
    shape,
    gpu: gpuNamed(machine.gpu!)!,
    gpusPerNode: machine.gpus,
    instance: machine.type,
    allocatableMib: machine.allocatableMib,
    engine: engine()!,
  };
}

function times(runs: number, work: () => unknown): Times {
  const found = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return { first: found[0]!, min: Math.min(...found) };
}
