import { hasVision } from "../../plan/fit/activation.ts";
import type { Judged } from "./judged.ts";

/** What a rule of another tool says about one start-up: room for the cache on one GPU, and whether it starts. */
export interface RuleAnswer {
  kvGib: number;
  fits: boolean;
}

export interface SimpleRule {
  name: string;
  answer(row: Judged): RuleAnswer | null;
}

/**
 * Memory rules that other tools use, on the same weights, cards and needs as ours, so that only the rule differs:
 * GPUStack (gpustack/policies/utils.py), KAITO (estimates of its presets), llm-d-planner (docs and constants).
 */
export const SIMPLE_RULES: readonly SimpleRule[] = [
  { name: "always fits", answer: () => ({ kvGib: Number.NaN, fits: true }) },
  {
    name: "GPUStack: weights × 1.2 + 2 GiB",
    answer: (row) =>
      from(row, ({ requested, weights, total }) => ({
        kvGib: requested - (1.2 * weights + 2),
        fits: 1.2 * weights + 2 <= total,
      })),
  },
  {
    name: "KAITO: 84 % − 2.3 GiB − 5 % · weights, weights × 1.02",
    answer: (row) =>
      from(row, ({ total, weights, need }) => {
        const kvGib = 0.84 * total - 2.3 - 0.05 * weights - 1.02 * weights;
        return { kvGib, fits: kvGib >= need };
      }),
  },
  {
    name: "llm-d-planner: 5.5, MoE 8, multimodal 2.5 GiB",
    answer: (row) =>
      from(row, ({ requested, weights, need, shape, gpus }) => {
        const activation = shape.moeExperts !== null ? 8 : hasVision(shape) ? 2.5 : 5.5;
        const kvGib = requested - weights - activation - (gpus === 1 ? 0.15 : 0.6);
        return { kvGib, fits: kvGib >= need };
      }),
  },
];

interface Given {
  total: number;
  requested: number;
  weights: number;
  need: number;
  shape: NonNullable<Judged["start"]["input"]>["shape"];
  gpus: number;
}

function from(row: Judged, rule: (given: Given) => RuleAnswer): RuleAnswer | null {
  const { input } = row.start;
  if (row.memory === null || row.needGib === null || input === null) return null;
  const { budget } = row.memory;
  return rule({
    total: budget.totalGiB,
    requested: budget.requestedGiB,
    weights: budget.weightsGiB.expected,
    need: row.needGib,
    shape: input.shape,
    gpus: (input.tensorParallel ?? 1) * (input.pipelineParallel ?? 1),
  });
}
