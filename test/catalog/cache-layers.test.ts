import { describe, expect, it } from "vitest";
import { cacheLayers } from "../../catalog/build/cache-layers.ts";
import type { SourceRow } from "../../catalog/build/read.ts";
import { models } from "../../catalog/index.ts";

const read = (cell: string | null) =>
  cacheLayers({
    optional: () => cell,
    fail: (message: string): never => {
      throw new Error(message);
    },
  } as unknown as SourceRow);

describe("the column cache_layers", () => {
  it("tells each kind of layer", () => {
    expect(read(null)).toBeNull();
    expect(read("10 full 4x512 | 50 window 1024 16x256")).toEqual([
      { layers: 10, kind: "full", kvHeads: 4, headDim: 512 },
      { layers: 50, kind: "window", window: 1024, kvHeads: 16, headDim: 256 },
    ]);
    expect(read("36 chunk 8192 8x128")).toEqual([
      { layers: 36, kind: "chunk", window: 8192, kvHeads: 8, headDim: 128 },
    ]);
    expect(read("7 latent 576 | 11 latent 512+33")).toEqual([
      { layers: 7, kind: "latent", width: 576, indexBytes: 0 },
      { layers: 11, kind: "latent", width: 512, indexBytes: 33 },
    ]);
    const state = { convChannels: 10240, convTokens: 3, heads: 48, headDim: 128, stateDim: 128 };
    expect(read("48 state 10240x3 48x128x128 fp32")).toEqual([
      { layers: 48, kind: "state", state: { ...state, stateBytes: 4 } },
    ]);
  });

  it.each([
    "full 4x512",
    "10 full 4",
    "10 window 16x256",
    "48 state 10240x3 48x128x128",
    "10 full 4x512 |",
    "",
  ])("refuses %j", (cell) => expect(() => read(cell)).toThrow("cache_layers cannot be read"));

  it("never holds more layers than the model has", () => {
    for (const { repo, layers, cacheLayers: kinds } of models())
      if (kinds)
        expect(
          kinds.reduce((sum, kind) => sum + kind.layers, 0),
          repo,
        ).toBeLessThanOrEqual(layers);
  });
});
