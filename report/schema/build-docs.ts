/** Part of `npm run docs:build`: writes the JSON Schema of every document to schemas/. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentJsonSchema, documentSchemas } from "./index.ts";

/** The generated files by path, relative to the checkout. */
export function generatedSchemas(): Record<string, string> {
  const kinds = Object.keys(documentSchemas) as (keyof typeof documentSchemas)[];
  return Object.fromEntries(
    kinds.map((kind) => [
      `schemas/${kind}.schema.json`,
      `${JSON.stringify(documentJsonSchema(kind), null, 2)}\n`,
    ]),
  );
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, "../..");
  for (const [path, text] of Object.entries(generatedSchemas())) writeFileSync(join(root, path), text);
}
