import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startUp } from "../../plan/startup.ts";

describe("how long a replica takes to start", () => {
  it("allows the slowest of its parts, half as long again, in whole minutes", () => {
    // 40 GiB at 0.65 GiB/s, 538.8 s of engine, 94 s of process.
    const slowest = Math.round(40 / 0.65 + 538.8 + 94);
    const { seconds, probeSeconds, why } = startUp({ weightsGib: 40 }, "s3");
    expect(seconds.high).toBe(slowest);
    expect(probeSeconds).toBe(Math.ceil((slowest * 1.5) / 60) * 60);
    expect(why).toMatch(/^40\.0 GiB of weights at 0\.65 to 3\.51 GiB\/s from s3: 11 to 62 s; /);
    expect(why).toContain(`${slowest} s`);
  });

  it("holds a start that was logged and is none of its rows", () => {
    // 352 GB downloaded beforehand took 13 min 40 s from container start to ready (github-file-index:71603828674).
    const { seconds, probeSeconds } = startUp({ weightsGib: 352e9 / 2 ** 30 }, "hub");
    expect(seconds.low).toBeLessThan(820);
    expect(probeSeconds).toBeGreaterThan(820);
    // Llama-3.1-8B on an L40S, 16 GB from the hub: 294 s (tensorfuse.io/docs/blogs/reducing_gpu_cold_start).
    const small = startUp({ weightsGib: 14.96 }, "hub");
    expect(small.seconds.low).toBeLessThan(294);
    expect(small.seconds.high).toBeGreaterThan(294);
  });

  it("grows with the weights and shrinks with the speed of where they are", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 900, noNaN: true }), (weightsGib) => {
        const [s3, hub] = [startUp({ weightsGib }, "s3"), startUp({ weightsGib }, "hub")];
        expect(hub.seconds.high).toBeGreaterThan(s3.seconds.high);
        expect(startUp({ weightsGib: weightsGib * 2 }, "s3").seconds.high).toBeGreaterThan(s3.seconds.high);
        expect(s3.seconds.low).toBeLessThan(s3.seconds.expected);
        expect(s3.seconds.expected).toBeLessThan(s3.seconds.high);
      }),
    );
  });

  it("is the user's own where one is given", () => {
    expect(startUp({ weightsGib: 40 }, "s3", 25)).toMatchObject({
      probeSeconds: 1500,
      why: expect.stringMatching(/^named in the stack file \(25 min\)/),
    });
  });
});
