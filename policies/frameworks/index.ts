import type { Framework } from "../types.ts";
import { gdpr } from "./gdpr.ts";
import { hipaa } from "./hipaa.ts";

/** The profiles by name. A table claims only what the text says; rules know nothing of it. */
export const frameworks: Record<string, Framework> = { gdpr, hipaa };
