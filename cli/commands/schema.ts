import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nearest } from "../../config/nearest.ts";
import { EXIT, type Io, usageError } from "../io.ts";

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

/** `freehold schema KIND`: prints one of the shipped JSON Schemas. */
export function schema(kind: string, io: Io): number {
  const folder = schemaFolder();
  const kinds = readdirSync(folder)
    .filter((name) => name.endsWith(".schema.json"))
    .map((name) => name.replace(".schema.json", ""))
    .sort();
  if (!kinds.includes(kind)) {
    const close = nearest(kind, kinds, 1);
    throw usageError("unknown-schema", `there is no schema ${kind}`, {
      value: kind,
      allowed: kinds,
      fix: close[0] ? `freehold schema ${close[0]}` : "freehold schema stack",
    });
  }
  io.out(readFileSync(join(folder, `${kind}.schema.json`), "utf8"));
  return EXIT.ok;
}
