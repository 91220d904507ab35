import type { RecurrentState } from "../../catalog/index.ts";

/** Heads of one attention layer; keys and values may differ in size. */
export interface Heads {
  heads: number;
  kvHeads: number;
  keyDim: number;
  valueDim: number;
}

/** What a layer mixes tokens with. A layer may hold two side by side. */
export type Mixer =
  | ({ kind: "full"; oneMatrix?: boolean } & Heads)
  | ({ kind: "window" | "chunk"; window: number } & Heads)
  | { kind: "latent" }
  | { kind: "state"; state: RecurrentState; weights: number };

export interface Layer {
  mixers: Mixer[];
  /** Whether it reads the cache of an earlier layer instead of keeping its own. */
  shared: boolean;
  mlp: "dense" | "experts" | "both" | "none";
}
