import type { Gpu, ModelShape } from "../../catalog/index.ts";
import type { Quantization } from "./quantization.ts";
import type { EngineFacts } from "./types.ts";
import type { Parallel } from "./weights.ts";

/** What decides whether an engine starts with a model at all, before any byte is counted. */
export interface GateInput {
  shape: ModelShape;
  format: Quantization;
  gpu: Gpu;
  parallel: Parallel;
  engine: EngineFacts;
  driver: string | null;
  /** Worker processes on one node. */
  workers: number;
  /** Memory that a pod may request on the node, GiB; null = not known, not judged. */
  hostMemoryGib: number | null;
  /** Instance type, whose catalogue row tells architecture and network; null = a machine of one's own. */
  instance?: string | null;
  /** Nodes that one replica stands on. Default 1. */
  nodes?: number;
}
