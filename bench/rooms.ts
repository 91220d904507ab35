/** Times of the rules and the bill in this process, over graphs of many resources. */
import { catalogAsOf } from "../catalog/index.ts";
import { billOf } from "../cost/index.ts";
import { parseGraph, type ResourceGraph } from "../graph/index.ts";
import { evaluate } from "../policies/evaluate.ts";

export interface RoomTimes {
  resources: number;
  rules: CallTimes;
  bill: CallTimes;
}

/** Milliseconds of the first call, with nothing compiled yet, and of the best of three. */
export interface CallTimes {
  first: number;
  min: number;
  /** Processor time of the first call, collection of garbage on other threads included. */
  processor: number;
}

/** The graph of one stack (its export as text), again and again under other names, up to `count` resources. */
export function fleetOf(exported: string, stack: string, count: number): ResourceGraph {
  const resources: unknown[] = [];
  for (let copy = 0; resources.length < count; copy++) {
    const text = exported.replaceAll(stack, `${stack}-${copy}`);
    resources.push(...(JSON.parse(text) as { deployment: { resources: unknown[] } }).deployment.resources);
  }
  return parseGraph(
    JSON.stringify({ version: 3, deployment: { resources: resources.slice(0, count) } }),
    "fleet",
  );
}

export function timeRooms(graph: ResourceGraph): RoomTimes {
  const date = catalogAsOf();
  const region = "eu-central-1";
  const params = { date, allowedRegions: [region], allowedRegistries: ["docker.io/vllm/"] };
  const thrice = (work: () => unknown): CallTimes => {
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return { wall: performance.now() - start, processor: (user + system) / 1_000 };
    });
    const [first] = times;
    return {
      first: first!.wall,
      min: Math.min(...times.map(({ wall }) => wall)),
      processor: first!.processor,
    };
  };
  // Indexes of a graph are kept with it: each run gets a graph of its own, as a command does.
  const fresh = () => ({ ...graph });
  return {
    resources: graph.resources.length,
    rules: thrice(() =>
      evaluate([{ graph: fresh() }], { profiles: ["gdpr", "hipaa"], params, catalogAsOf: date }),
    ),
    bill: thrice(() => billOf(fresh(), { plan: null, date, catalogAsOf: date, region })),
  };
}
