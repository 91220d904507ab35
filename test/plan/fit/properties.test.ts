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

  it("holds no more weights and cache together on a GPU the more GPUs there are", () => {
    fc.assert(
      fc.property(shape, card, ranks, context, (model, on, size, maxModelLen) => {
        const at = (tensorParallel: number) => {
          const { perGpu, kvBytesPerToken } = fitted({ shape: model, gpu: on, tensorParallel, maxModelLen });
          return perGpu.weightsGiB === null || kvBytesPerToken === null
            ? null
            : perGpu.weightsGiB.expected * 2 ** 30 + kvBytesPerToken * maxModelLen;
        };
        const [few, more] = [at(size), at(size * 2)];
        if (few === null || more === null) return;
        expect(more).toBeLessThanOrEqual(few);
      }),
    );
  });

  it("does not get worse with more utilization up to what the card can give, and is refused above it", () => {
    const share = fc.double({ min: 0.1, max: 1, noNaN: true });
    fc.assert(
      fc.property(shape, card, ranks, context, share, share, (model, on, size, maxModelLen, a, b) => {
        const at = (gpuMemoryUtilization: number) =>
          fitted({ shape: model, gpu: on, tensorParallel: size, maxModelLen, gpuMemoryUtilization });
        const [low, high] = [at(Math.min(a, b)), at(Math.max(a, b))];
        const isRefused = (document: typeof low) =>
          document.reasons.some(({ code }) => code === "utilization");
        if (isRefused(high)) expect(high.verdict).toBe("no");
        else if (low.verdict !== "unknown" && high.verdict !== "unknown")
          expect(rank(high.verdict)).toBeGreaterThanOrEqual(rank(low.verdict));
        if (isRefused(low)) expect(isRefused(high)).toBe(true);
      }),
    );
  });

  it("keeps experts whole on their ranks: expert parallelism never holds more on a GPU than cutting them", () => {
    const experts = fc.constantFrom(...models().filter((row) => row.moeExperts !== null));
    fc.assert(
      fc.property(experts, card, ranks, fc.constantFrom(1, 2), (model, on, size, dataParallel) => {
        const at = (expertParallel: boolean) =>
          fitted({ shape: model, gpu: on, tensorParallel: size, dataParallel, expertParallel }).perGpu
            .weightsGiB;
        const [spread, cut] = [at(true), at(false)];
        if (spread === null || cut === null) return;
        expect(spread.expected).toBeLessThanOrEqual(cut.expected * (1 + 1e-9));
      }),
    );
  });

  it("gives a pipeline stage no more than the whole model, and every data-parallel rank all of it", () => {
    fc.assert(
      fc.property(shape, card, ranks, (model, on, size) => {
        const at = (more: Partial<FitInput>) =>
          fitted({ shape: model, gpu: on, tensorParallel: size, ...more }).perGpu.weightsGiB?.expected;
        const [whole, stage, rankOfTwo] = [at({}), at({ pipelineParallel: 2 }), at({ dataParallel: 2 })];
        if (whole === undefined || stage === undefined) return;
        expect(stage).toBeLessThanOrEqual(whole);
        expect(rankOfTwo).toBe(whole);
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
