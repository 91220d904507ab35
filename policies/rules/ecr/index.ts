import type { Rule } from "../../types.ts";
import { kmsRule, ownKeyRule, privateRule } from "./access.ts";
import { immutableTagsRule, scanRule } from "./images.ts";

export const registryRules: Rule[] = [immutableTagsRule, scanRule, kmsRule, ownKeyRule, privateRule];
