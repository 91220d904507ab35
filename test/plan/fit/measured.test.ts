import { describe, expect, it } from "vitest";
import { fitMemory } from "../../../bench/accuracy/fit-memory.ts";
import { dataFaults } from "../../../bench/accuracy/judged.ts";
import { memoryAccuracy } from "../../../bench/accuracy/memory.ts";
import { models } from "../../../catalog/index.ts";
import { kvCost } from "../../../plan/fit/index.ts";
import { FITTED_MEMORY } from "../../../plan/fit/memory-factors.ts";

const { rows, judged, bars } = memoryAccuracy();
const reached = (measure: string) => bars.find((bar) => bar.measure.startsWith(measure))!;

describe("logged start-ups, each judged without its own source", () => {
  it("are all counted", () => {
    expect(judged.length).toBe(67);
    // Rows that cannot be judged: three do not name the model, one does not name the card.
    expect(judged.filter(({ verdict }) => verdict === "unknown").map(({ start }) => start.missing)).toEqual([
      "model",
      "model",
      "gpu",
      "model",
    ]);
  });

  it("are never called fitting where the log shows a refusal", () => {
    expect(judged.filter(({ verdict, start }) => verdict === "fits" && start.refused)).toEqual([]);
    expect(judged.filter(({ start }) => start.refused).length).toBe(16);
  });

  it.each([
    "verdict right",
    "`tight`",
    "weights, median, outside MXFP4",
    "weights, largest, outside MXFP4",
    "weights, largest, MXFP4",
    "KV bytes per token, full attention, median",
    "available KV, unnamed cards by their logged memory",
    "low–high band",
  ])("keep the bar: %s", (measure) => {
    expect(reached(measure).isMet, JSON.stringify(reached(measure))).toBe(true);
  });

  it("miss the bar for the cache only where a row names a class of cards, or says less than it ran with", () => {
    const far = judged.filter((row) => row.kv !== null && !row.kv.isNear);
    expect(far.map(({ start }) => start.line).sort((a, b) => a - b)).toEqual([
      7, 29, 36, 42, 43, 45, 50, 57, 58,
    ]);
  });

  it("give the shipped numbers, all together", () => expect(fitMemory(rows)).toEqual(FITTED_MEMORY));

  it("show which rows no such machine can hold", () => {
    expect(dataFaults(judged).map(({ row }) => row.start.line)).toEqual([21, 38]);
  });
});

describe("KV cache bytes per token", () => {
  it("equals the stated figure of every catalogue row that has one", () => {
    const stated = models().filter((row) => row.kvBytesPerTokenBf16Tp1 !== null);
    expect(stated.length).toBeGreaterThan(80);
    const wrong = stated.filter((row) => {
      const cost = kvCost(row, { tensor: 1, pipeline: 1, dtype: "auto", inFlightTokens: 2048 });
      return "unknown" in cost || cost.bytesPerToken !== row.kvBytesPerTokenBf16Tp1;
    });
    expect(wrong.map((row) => row.repo)).toEqual([]);
  });
});
