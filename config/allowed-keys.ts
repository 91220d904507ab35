import { z } from "zod";
import { type Path, valueAt } from "./path.ts";
import { stackSchema } from "./schema.ts";

let root: z.core.JSONSchema.BaseSchema | undefined;

/** Keys that the schema allows at a path of the given data; empty where it allows any. */
export function allowedKeys(path: Path, data: unknown): string[] {
  root ??= z.toJSONSchema(stackSchema, { io: "input" });
  let here: z.core.JSONSchema.BaseSchema[] = [root];
  for (const [index, step] of path.entries()) {
    here = here
      .flatMap((schema) => alternatives(schema, valueAt(data, path.slice(0, index))))
      .flatMap((schema) => {
        const next = typeof step === "number" ? schema.items : schema.properties?.[step];
        return next && typeof next === "object" && !Array.isArray(next)
          ? [next as z.core.JSONSchema.BaseSchema]
          : [];
      });
  }
  return [
    ...new Set(
      here
        .flatMap((schema) => alternatives(schema, valueAt(data, path)))
        .flatMap((schema) => Object.keys(schema.properties ?? {})),
    ),
  ];
}

/** The branch that a discriminator picks, or every branch. */
function alternatives(schema: z.core.JSONSchema.BaseSchema, value: unknown): z.core.JSONSchema.BaseSchema[] {
  const branches = (schema.oneOf ?? schema.anyOf ?? []) as z.core.JSONSchema.BaseSchema[];
  if (branches.length === 0) return [schema];
  const kind = typeof value === "object" && value !== null ? (value as { kind?: unknown }).kind : undefined;
  const picked = branches.filter(
    (branch) => (branch.properties?.["kind"] as { const?: unknown } | undefined)?.const === kind,
  );
  return picked.length > 0 ? picked : branches;
}
