import { type ModelSpec, parseStack, type StackSpec } from "../../../config/index.ts";
import { type LoadSubject, planLoad } from "../../../plan/load/index.ts";
import { STACK } from "../../config/stack.ts";

/** A replica that answers 360 requests an hour of 1,000 tokens: 100 tokens a second. */
export const SUBJECT: LoadSubject = {
  outputTokensPerSecond: { low: 80, expected: 100, high: 120 },
  replicasPerNode: 1,
  floorNodes: 1,
  startupSeconds: 210,
  waitingPerReplica: 8,
  owned: false,
  interruption: null,
};

/** A stack with a load, as a stack file would have it. */
export function stackWith(
  load: Record<string, unknown>,
  replicas: { min: number; max: number },
  schedule?: Record<string, unknown>,
): { spec: StackSpec; model: ModelSpec } {
  const section = (name: string, value: unknown) => `  freehold:${name}: ${JSON.stringify(value)}\n`;
  const text = `${STACK.replace("min: 1", `min: ${replicas.min}`).replace("max: 2", `max: ${replicas.max}`)}${section(
    "load",
    { inputTokens: 1000, outputTokens: 1000, ...load },
  )}${schedule ? section("schedule", schedule) : ""}`;
  const read = parseStack(text, "s.yaml");
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return { spec: read.spec, model: read.spec.models[0]! };
}

/** The plan of such a load. */
export function planned(
  load: Record<string, unknown>,
  replicas: { min: number; max: number },
  more: { schedule?: Record<string, unknown>; subject?: Partial<LoadSubject> } = {},
) {
  const { spec, model } = stackWith(load, replicas, more.schedule);
  return planLoad(model, spec, { ...SUBJECT, ...more.subject }, null)!;
}
