/** The rules about language model servers in catalogue order. */
import type { Rule } from "../../types.ts";

export const llmRules: Rule[] = [];
