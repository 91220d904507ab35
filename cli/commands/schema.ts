import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nearest } from "../../config/nearest.ts";
import { EXIT, type Io, usageError } from "../io.ts";
import { emit, format } from "../output.ts";

/** Folder of the shipped JSON Schemas, from sources, bundle or package. */
export function schemaFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(join(folder, "schemas/stack.schema.json"))) return join(folder, "schemas");
    const parent = dirname(folder);
    if (parent === folder) throw new Error("the JSON Schemas are missing from this installation");
    folder = parent;
  }
}

/** Kinds that have a schema. */
export function schemaKinds(): string[] {
  return readdirSync(schemaFolder())
    .flatMap((name) => /^(.+)\.schema\.json$/.exec(name)?.[1] ?? [])
    .sort();
}

/** `freehold schema KIND`: prints one of the shipped JSON Schemas. */
export function schema(kind: string, flags: { output?: string; out?: string }, io: Io): number {
  format(flags.output ?? "json", ["json"]);
  const kinds = schemaKinds();
  if (!kinds.includes(kind)) {
    const close = nearest(kind, kinds, 1);
    throw usageError("unknown-schema", `there is no schema ${kind}`, {
      value: kind,
      allowed: kinds,
      fix: close[0] ? `freehold schema ${close[0]}` : "freehold schema stack",
    });
  }
  emit(io, readFileSync(join(schemaFolder(), `${kind}.schema.json`), "utf8"), flags.out);
  return EXIT.ok;
}
