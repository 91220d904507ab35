import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engine, gpu, gpus, models } from "../../../catalog/index.ts";
import { type FitInput, fitReplica, smallestTensorParallel } from "../../../plan/fit/index.ts";

const shape = fc.constantFrom(...models());
const card = fc.constantFrom(...gpus().filter((row) => row.computeCapability >= 8));
const ranks = fc.constantFrom(1, 2, 4, 8);
const context = fc.integer({ min: 1024, max: 131072 });
const ORDER = { no: 0, tight: 1, fits: 2 } as const;
const base = { gpusPerNode: 16, engine: engine("0.30.0")! };
const fitted = (input: Omit<FitInput, "gpusPerNode" | "engine">) => fitReplica({ ...base, ...input });
const rank = (verdict: string) => ORDER[verdict as keyof typeof ORDER];

describe("a fit", () => {
  it("holds less of the weights on a GPU the more GPUs there are", () => {
    fc.assert(
      fc.property(shape, card, ranks, (model, on, size) => {
        const few = fitted({ shape: model, gpu: on, tensorParallel: size }).perGpu.weightsGiB;
        const more = fitted({ shape: model, gpu: on, tensorParallel: size * 2 }).perGpu.weightsGiB;
        if (few === null || more === null) return;
        for (const key of ["low", "expected", "high"] as const)
          expect(more[key]).toBeLessThanOrEqual(few[key]);
      }),
    );
  });

  it("does not get better with a longer context", () => {
    fc.assert(
      fc.property(shape, card, ranks, context, context, (model, on, size, a, b) => {
        const at = (maxModelLen: number) =>
          fitted({ shape: model, gpu: on, tensorParallel: size, maxModelLen }).verdict;
        const [short, long] = [at(Math.min(a, b)), at(Math.max(a, b))];
        if (short === "unknown" || long === "unknown") return;
        expect(rank(long)).toBeLessThanOrEqual(rank(short));
      }),
    );
  });

  it("holds no fewer tokens with an fp8 cache", () => {
    fc.assert(
      fc.property(shape, card, ranks, context, (model, on, size, maxModelLen) => {
        const with_ = (kvCacheDtype: "auto" | "fp8") =>
          fitted({ shape: model, gpu: on, tensorParallel: size, maxModelLen, kvCacheDtype }).kvCacheTokens;
        const [half, full] = [with_("fp8"), with_("auto")];
        if (half === null || full === null) return;
        for (const key of ["low", "expected", "high"] as const)
          expect(half[key]).toBeGreaterThanOrEqual(full[key]);
      }),
    );
  });

  it("is never worse on the same card with more memory", () => {
    fc.assert(
      fc.property(
        shape,
        card,
        ranks,
        context,
        fc.double({ min: 0, max: 60, noNaN: true }),
        (model, on, size, maxModelLen, extra) => {
          const settings = {
            shape: model,
            tensorParallel: size,
            maxModelLen,
            maxNumSeqs: 256,
            maxNumBatchedTokens: 2048,
          };
          const bigger = { ...on, visibleGib: on.visibleGib.map((gib) => gib + extra) as [number, number] };
          const [small, large] = [
            fitted({ ...settings, gpu: on }).verdict,
            fitted({ ...settings, gpu: bigger }).verdict,
          ];
          if (small === "unknown" || large === "unknown") return;
          expect(rank(large)).toBeGreaterThanOrEqual(rank(small));
        },
      ),
    );
  });

  it("answers no slower with more memory bandwidth", () => {
    const load = { inputTokens: 1000, outputTokens: 300, concurrency: 16 };
    fc.assert(
      fc.property(
        shape,
        card,
        ranks,
        fc.double({ min: 1, max: 4, noNaN: true }),
        (model, on, size, factor) => {
          const rate = (bandwidthGBps: number) =>
            fitted({
              shape: model,
              gpu: { ...on, bandwidthGBps },
              tensorParallel: size,
              maxModelLen: 4096,
              load,
            }).throughput?.outputTokensPerSecond.expected;
          const [slow, fast] = [rate(on.bandwidthGBps), rate(on.bandwidthGBps * factor)];
          if (slow === undefined || fast === undefined) return;
          expect(fast).toBeGreaterThanOrEqual(slow);
        },
      ),
    );
  });

  it("keeps low ≤ expected ≤ high, and proposes only what fits", () => {
    fc.assert(
      fc.property(shape, card, ranks, context, (model, on, size, maxModelLen) => {
        const document = fitted({ shape: model, gpu: on, tensorParallel: size, maxModelLen });
        for (const range of Object.values(document.perGpu)) {
          if (range === null || typeof range === "number") continue;
          expect(range.low).toBeLessThanOrEqual(range.expected);
          expect(range.expected).toBeLessThanOrEqual(range.high);
        }
        const near = document.nearestThatFits;
        if (near === null) return;
        const again = fitted({
          shape: model,
          gpu: gpu(near.gpu)!,
          quantization: near.quantization,
          tensorParallel: near.tensorParallel,
          maxModelLen: near.maxModelLen,
          kvCacheDtype: near.kvDtype,
        });
        expect(again.verdict).toBe("fits");
      }),
    );
  });

  it("takes the fewest GPUs that fit", () => {
    fc.assert(
      fc.property(shape, card, (model, on) => {
        const best = smallestTensorParallel({
          ...base,
          gpusPerNode: 8,
          shape: model,
          gpu: on,
          maxModelLen: 4096,
        });
        if (best.verdict !== "fits") return;
        for (const size of [1, 2, 4, 8].filter((smaller) => smaller < best.tensorParallel!))
          expect(fitted({ shape: model, gpu: on, tensorParallel: size, maxModelLen: 4096 }).verdict).not.toBe(
            "fits",
          );
      }),
    );
  });
});
