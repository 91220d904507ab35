import type { z } from "zod";
import { type Path, startsWith, valueAt } from "./path.ts";
import { type ModelSpec, type StackSpec, stackSchema } from "./schema.ts";
import { modelSchema } from "./schema-models.ts";

type Sections = Omit<StackSpec, "models">;

/** The parts of a stack that are valid by themselves; null for those that are not. */
export type Checkable = { [Key in keyof Sections]: Sections[Key] | null } & {
  models: (ModelSpec | { name: string | null })[];
};

/**
 * What rules across fields may judge when the schema has refused something: unknown keys are left out, a section
 * with any other finding is null, and of such a model only the name is kept. So one finding never hides another.
 */
export function checkable(data: Record<string, unknown>, issues: readonly z.core.$ZodIssue[]): Checkable {
  const copy = structuredClone(data);
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const holder = asMap(valueAt(copy, issue.path as Path));
    for (const key of issue.keys) delete holder?.[key];
  }
  const bad = (path: Path) =>
    issues.some((issue) => issue.code !== "unrecognized_keys" && startsWith(issue.path as Path, path));
  const sections: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(stackSchema.shape)) {
    if (key === "models") continue;
    const result = (schema as z.ZodType).safeParse(copy[key]);
    sections[key] = result.success && !bad([key]) ? result.data : null;
  }
  const list = Array.isArray(copy["models"]) ? (copy["models"] as unknown[]) : [];
  const models = list.map((entry, index) => {
    const result = bad(["models", index]) ? null : modelSchema.safeParse(entry);
    if (result?.success) return result.data;
    const name = asMap(entry)?.["name"];
    return { name: typeof name === "string" ? name : null };
  });
  return { ...sections, models } as Checkable;
}

function asMap(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}
