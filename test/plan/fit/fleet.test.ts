import { describe, expect, it } from "vitest";
import * as catalog from "../../../catalog/index.ts";
import { type FitInput, fitReplica, fleet, operatingPoint } from "../../../plan/fit/index.ts";
import { at, concurrencies, mostAtOnce } from "../../../plan/fit/operating-point.ts";
import { fleetText } from "../../../report/text/fleet.ts";
import { styleOf } from "../../../report/text/style.ts";

const GIB = 2 ** 30;
const LOAD = { inputTokens: 1024, outputTokens: 256 };

function on(model: string, gpu: string, gpus: number, more: Partial<FitInput> = {}): FitInput {
  return {
    shape: catalog.model(model)!,
    gpu: catalog.gpu(gpu)!,
    gpusPerNode: gpus,
    engine: catalog.engine()!,
    maxModelLen: 8192,
    load: LOAD,
    ...more,
  };
}
const SMALL = on("Qwen/Qwen3-8B-AWQ", "L4-24G", 1);
const NODE = on("Qwen/Qwen3-32B-FP8", "L40S-48G", 4);

describe("users at given lengths", () => {
  it("are the cache over the cache of prompt and answer", () => {
    // Qwen3-8B: 36 layers, 8 KV heads of 128, keys and values of 2 bytes.
    const each = 36 * 8 * 128 * 2 * 2 * 1280;
    const { usersAtLoad, perGpu } = fitReplica(SMALL);
    const { low, expected, high } = perGpu.kvCacheGiB!;
    expect(usersAtLoad).toMatchObject({ ...LOAD, limitedBy: "cache" });
    expect(usersAtLoad!.requestsAtOnce).toEqual({
      low: Math.floor((low * GIB) / each),
      expected: Math.floor((expected * GIB) / each),
      high: Math.floor((high * GIB) / each),
    });
  });

  it("are no more than max_num_seqs, of every copy", () => {
    const few = fitReplica({ ...SMALL, maxNumSeqs: 5 }).usersAtLoad!;
    expect(few.requestsAtOnce).toEqual({ low: 5, expected: 5, high: 5 });
    expect(few.limitedBy).toBe("max-num-seqs");
    const copies = fitReplica({ ...NODE, tensorParallel: 1, dataParallel: 4, maxNumSeqs: 2 }).usersAtLoad!;
    expect(copies.requestsAtOnce.expected).toBe(8);
  });

  it("are unknown without a load and where nothing starts", () => {
    expect(fitReplica({ ...SMALL, load: undefined }).usersAtLoad).toBeNull();
    expect(fitReplica(on("openai/gpt-oss-120b", "L4-24G", 1)).usersAtLoad).toBeNull();
  });
});

describe("the concurrency that keeps latencies", () => {
  it.each([{}, { maxItlMs: 60 }, { maxTtftMs: 900 }, { maxItlMs: 80, maxTtftMs: 900 }])(
    "is within a step of the best of all concurrencies under %j",
    (limits) => {
      const { work, most } = mostAtOnce(SMALL, 1)!;
      const all = Array.from({ length: most }, (_, i) => at(work, i + 1)).filter(
        ({ interTokenLatencyMs: itl, timeToFirstTokenMs: ttft }) =>
          itl.expected <= (limits.maxItlMs ?? Infinity) && ttft.expected <= (limits.maxTtftMs ?? Infinity),
      );
      const best = Math.max(...all.map(({ requestsPerSecond }) => requestsPerSecond.expected));
      const point = operatingPoint(SMALL, 1, limits)!;
      if ("breaks" in point) throw new Error("a single request breaks the limit");
      const { requestsPerSecond, interTokenLatencyMs } = point.estimate;
      expect(requestsPerSecond.expected).toBeLessThanOrEqual(best);
      expect(requestsPerSecond.expected).toBeGreaterThan(best * 0.75);
      expect(interTokenLatencyMs.expected).toBeLessThanOrEqual(limits.maxItlMs ?? Infinity);
    },
  );

  it("names the limit that a single request breaks", () => {
    expect(operatingPoint(SMALL, 1, { maxItlMs: 5 })).toMatchObject({ breaks: "itl" });
    expect(operatingPoint(SMALL, 1, { maxTtftMs: 1 })).toMatchObject({ breaks: "ttft" });
  });

  it("tries every small number, and the last", () => {
    expect(concurrencies(1)).toEqual([1]);
    expect(concurrencies(10)).toEqual([1, 2, 3, 4, 5, 6, 8, 10]);
  });
});

describe("a fleet for a load", () => {
  const target = { requestsPerSecond: 3, maxItlMs: 60 };
  const answer = fleet(NODE, target, 10);
  const carrying = answer.options.filter(({ replicas }) => replicas !== null);

  it("compares more replicas, more tensor parallelism and copies on the node", () => {
    const layouts = answer.options.map(({ tensorParallel, dataParallel }) => [tensorParallel, dataParallel]);
    expect(layouts).toEqual([
      [1, 1],
      [2, 1],
      [4, 1],
      [1, 4],
      [2, 2],
    ]);
  });

  it("has just enough replicas, counts shared nodes, and prices them", () => {
    for (const option of carrying) {
      const { replicas, nodes, gpus, outputTokensPerSecond, usdPerHour, perMillionTokensUsd } = option;
      const asked = target.requestsPerSecond * LOAD.outputTokens;
      const each = outputTokensPerSecond!.expected / replicas!;
      expect(replicas! * each).toBeGreaterThanOrEqual(asked);
      expect((replicas! - 1) * each).toBeLessThan(asked);
      expect(nodes).toBe(Math.ceil(gpus! / 4));
      expect(Number(usdPerHour)).toBe(10 * nodes!);
      const millions = (3 * 3600 * (1024 + 256)) / 1e6;
      expect(Number(perMillionTokensUsd)).toBeCloseTo((10 * nodes!) / millions, 5);
      expect(option.interTokenLatencyMs!.expected).toBeLessThanOrEqual(60);
      expect(option.replicasAtLowEnd).toBeGreaterThanOrEqual(replicas!);
    }
  });

  it("chooses the fewest nodes, then the fewest GPUs, and says why and what the low end needs", () => {
    const best = answer.options[answer.chosen!]!;
    expect(best.nodes).toBe(Math.min(...carrying.map(({ nodes }) => nodes!)));
    const cheapest = carrying.filter(({ nodes }) => nodes === best.nodes);
    expect(best.gpus).toBe(Math.min(...cheapest.map(({ gpus }) => gpus!)));
    expect(answer.because).toContain(`${best.replicas} × tensor parallel ${best.tensorParallel}`);
    expect(answer.atLowEnd).toMatch(
      best.replicasAtLowEnd! > best.replicas!
        ? new RegExp(`plan for ${best.replicasAtLowEnd} replicas`)
        : /enough/,
    );
  });

  it("never takes fewer nodes for more load", () => {
    const nodes = [0.5, 1, 2, 4, 8, 16].map((requestsPerSecond) => {
      const { options, chosen } = fleet(NODE, { requestsPerSecond }, 10);
      return options[chosen!]!.nodes!;
    });
    expect(nodes).toEqual(nodes.toSorted((a, b) => a - b));
    expect(nodes.at(-1)).toBeGreaterThan(nodes[0]!);
  });

  it("says so where no layout keeps the latency, and has no price where none is known", () => {
    const none = fleet(NODE, { requestsPerSecond: 1, maxItlMs: 1 }, null);
    expect(none.chosen).toBeNull();
    expect(none.because).toMatch(/a single request takes \d+ ms between tokens, more than 1$/);
    const free = fleet(NODE, { requestsPerSecond: 1 }, null);
    expect(free.options[free.chosen!]).toMatchObject({ usdPerHour: null, perMillionTokensUsd: null });
  });

  it("prints within a terminal's width", () => {
    const large = on("openai/gpt-oss-120b", "H100-80G", 8);
    const lines = fleetText(fleet(large, { requestsPerSecond: 900 }, 55.04), styleOf(false));
    for (const line of lines.flatMap((text) => text.split("\n")))
      expect(line.length).toBeLessThanOrEqual(110);
    expect(lines.join("\n")).not.toMatch(/undefined|null|NaN/);
  });
});
