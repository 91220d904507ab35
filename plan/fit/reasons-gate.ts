import type { FitReason } from "./types.ts";

/** A reason that something stands against the start of an engine. */
export function gateReason(
  code: string,
  message: string,
  need: number | null = null,
  have: number | null = null,
  unit: string | null = null,
): FitReason {
  return { code, message, need, have, unit };
}
