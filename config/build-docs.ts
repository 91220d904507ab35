/** `npm run docs:build`: writes schemas/stack.schema.json and docs/stack.md from the schema; `--check` compares. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFields, stackJsonSchema } from "./json-schema.ts";

const root = join(import.meta.dirname, "..");

/** The generated files by path, relative to the checkout. */
export function generated(): Record<string, string> {
  const cell = (text: string) => text.replace(/\|/g, "\\|");
  const rows = stackFields().map(
    (field) =>
      `| \`${field.path}\` | ${field.type} | ${field.default === "required" ? "required" : field.default ? `\`${cell(field.default)}\`` : ""} | ${cell(field.allowed)} | ${cell(field.description)} |`,
  );
  const text = `# The stack file\n\nEvery key of \`stacks/Pulumi.<stack>.yaml\`, generated from the schema (\`npm run docs:build\`). Unknown keys are errors.\n\n| key | type | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  return {
    "schemas/stack.schema.json": `${JSON.stringify(stackJsonSchema(), null, 2)}\n`,
    "docs/stack.md": text,
  };
}

if (process.argv[1] === import.meta.filename) {
  const check = process.argv.includes("--check");
  for (const [path, text] of Object.entries(generated())) {
    if (!check) {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), text);
    } else if (readFileSync(join(root, path), "utf8") !== text) {
      console.error(`${path} is stale; run npm run docs:build`);
      process.exitCode = 1;
    }
  }
}
